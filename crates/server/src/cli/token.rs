//! What may be typed about access tokens.

use alongside_domain::actor::Handle;
use alongside_domain::scope::Scopes;
use clap::{Args, Subcommand};

/// What can be done with access tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make an access token and print it, and nothing else.
    Create(NewToken),
}

/// An access token to make.
#[derive(Debug, Args)]
pub struct NewToken {
    /// The member it acts as.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// What it may be used for, such as "read write follow push".
    #[arg(long, value_parser = Scopes::parse)]
    pub scopes: Scopes,
}
