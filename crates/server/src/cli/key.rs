//! What may be typed about the keys with which this node signs.

use alongside_domain::actor::Handle;
use clap::{Args, Subcommand};

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make new keys for one who lives here, in place of theirs, and tell their followers.
    Rotate(KeyOwner),
}

/// Whose keys.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct KeyOwner {
    /// The member or community of this name.
    #[arg(value_parser = Handle::new)]
    pub handle: Option<Handle>,
    /// The node itself.
    #[arg(long)]
    pub node: bool,
}
