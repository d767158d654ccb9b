//! `emoji add`, `remove` and `list`.

use alongside_app::context::App;
use alongside_app::emojis;
use alongside_store::emojis::Emoji;
use std::io;
use std::path::{Path, PathBuf};

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The picture cannot be read.
    #[error("the picture {} cannot be read", file.display())]
    Unreadable {
        /// Its file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The node would not do it.
    #[error(transparent)]
    Emoji(#[from] emojis::Error),
}

/// Lets a picture stand for a word.
pub async fn add(app: &App, shortcode: &str, file: &Path, category: Option<&str>) -> Result<String, Error> {
    let picture =
        std::fs::read(file).map_err(|source| Error::Unreadable { file: file.to_owned(), source })?;
    emojis::add(app, shortcode, picture, category).await?;
    Ok(format!("Whoever writes :{shortcode}: shows this picture."))
}

/// Takes one away.
pub async fn remove(app: &App, shortcode: &str) -> Result<String, Error> {
    emojis::remove(app, shortcode).await?;
    Ok(format!(":{shortcode}: is a word again."))
}

/// Shows all.
pub async fn list(app: &App) -> Result<String, Error> {
    let all = emojis::all(app).await.map_err(emojis::Error::from)?;
    if all.is_empty() {
        return Ok("This node has no emojis of its own.".to_owned());
    }
    let line = |emoji: &Emoji| match &emoji.category {
        Some(category) => format!(":{}:  {category}", emoji.shortcode),
        None => format!(":{}:", emoji.shortcode),
    };
    Ok(all.iter().map(line).collect::<Vec<_>>().join("\n"))
}
