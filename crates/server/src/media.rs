//! From settings to the place where files are kept, and the programs that encode films.

use crate::config::Config;
use alongside_app::context::Keeping;
use alongside_app::copies::Keep;
use alongside_app::files::Files;
use alongside_app::files::bucket::{self, Bucket};
use alongside_app::films::Tools;
use std::io;
use std::path::PathBuf;

/// What the settings say of files.
pub fn keeping(config: &Config) -> io::Result<Keeping> {
    let files = match bucket(config) {
        Some(settings) => Files::Bucket(Bucket::new(&settings)?),
        None => Files::Folder(config.data_dir.join("media")),
    };
    let media = &config.media;
    let keep = Keep { bytes_max: media.copies_bytes, days: media.copies_days.into() };
    let (film_bytes_max, copies) = (config.limits.film_bytes, media.copies.then_some(keep));
    Ok(Keeping { files, films: films(config), film_bytes_max, copies })
}

/// How the bucket is reached, where one is named.
pub fn bucket(config: &Config) -> Option<bucket::Settings> {
    let media = &config.media;
    Some(bucket::Settings {
        bucket: media.bucket.clone()?,
        endpoint: media.endpoint.as_ref().map(ToString::to_string),
        region: media.region.clone()?,
        key_id: media.key_id.clone()?,
        secret: media.secret_key.as_ref()?.reveal().to_owned(),
        presigned: media.presigned,
    })
}

/// The programs, unless films are not wanted: where the settings say, or where programs are.
#[expect(clippy::disallowed_methods, reason = "where programs are is told by the environment alone")]
pub fn films(config: &Config) -> Option<Tools> {
    if !config.media.films {
        return None;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = match &config.media.ffmpeg {
        Some(folder) => vec![folder.clone()],
        // A program of the folder that the node happens to be started in is none we would run.
        None => std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect(),
    };
    Tools::find(folders)
}
