//! Files that everybody may see for what they are, which their names say: the pictures of profiles, and emojis.

use crate::context::App;
use alongside_store::{error, sanctions};

/// The pictures of profiles; their names begin so.
pub(crate) const PROFILE_PREFIX: &str = "profile-";

/// Emojis; theirs do so.
pub(crate) const EMOJI_PREFIX: &str = "emoji-";

/// Whether a name is that of a profile's picture or an emoji, and could not lead out of the folder.
pub(super) fn is_one(name: &str) -> bool {
    let rest = name.strip_prefix(PROFILE_PREFIX).or_else(|| name.strip_prefix(EMOJI_PREFIX));
    let rest = rest.and_then(|rest| rest.split_once('.'));
    rest.is_some_and(|(random, ending)| {
        random.bytes().all(|b| b.is_ascii_hexdigit()) && ending.bytes().all(|b| b.is_ascii_alphabetic())
    })
}

/// Whether everybody may see it now: not while it shows somebody who is suspended.
pub(super) async fn is_seen(app: &App, name: &str) -> Result<bool, error::Error> {
    Ok(!name.starts_with(PROFILE_PREFIX) || !sanctions::hides_picture(&mut app.reader(), name).await?)
}
