//! The part of the command line that is about the node's own emojis.

use clap::Subcommand;
use std::path::PathBuf;

/// What can be done with the emojis of this node.
#[derive(Debug, Subcommand)]
pub enum EmojiCommand {
    /// Let a picture stand for a word between colons. One that is there gets the new picture.
    Add {
        /// The word, without colons.
        shortcode: String,
        /// The picture, of a kind that members can upload.
        file: PathBuf,
        /// Under which heading apps show it to choose from.
        #[arg(long)]
        category: Option<String>,
    },
    /// Take one away. The word stays in what was written with it.
    Remove {
        /// The word, without colons.
        shortcode: String,
    },
    /// Show them all.
    List,
}
