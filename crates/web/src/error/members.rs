//! What a member is told when one of their own verbs says no.

use crate::error::Error;
use alongside_app::films::Unfit;
use alongside_app::pictures::Unusable;
use alongside_app::{blocks, bookmarks, follows, media, pins, posts, profiles};

impl From<posts::Error> for Error {
    fn from(error: posts::Error) -> Self {
        match error {
            posts::Error::Refused(refusal) => refusal.into(),
            posts::Error::NoParent => Self::Missing(error.to_string()),
            posts::Error::Locked
            | posts::Error::Banned { .. }
            | posts::Error::Audience(_)
            | posts::Error::Hashtag(_)
            | posts::Error::Media
            | posts::Error::MediaWaiting => Self::Unfit(error.to_string()),
            posts::Error::Store(error) => error.into(),
        }
    }
}

impl From<pins::Error> for Error {
    fn from(error: pins::Error) -> Self {
        match error {
            pins::Error::Refused(refusal) => refusal.into(),
            pins::Error::NotYours | pins::Error::TooNarrow | pins::Error::TooMany => {
                Self::Unfit(error.to_string())
            }
            pins::Error::Store(error) => error.into(),
        }
    }
}

impl From<blocks::Error> for Error {
    fn from(error: blocks::Error) -> Self {
        match error {
            blocks::Error::Refused(refusal) => refusal.into(),
            blocks::Error::NoteTooLong | blocks::Error::Host => Self::Unfit(error.to_string()),
            blocks::Error::Store(error) => error.into(),
        }
    }
}

impl From<profiles::Error> for Error {
    fn from(error: profiles::Error) -> Self {
        match error {
            profiles::Error::Refused(refusal) => refusal.into(),
            profiles::Error::Name
            | profiles::Error::Note
            | profiles::Error::Fields
            | profiles::Error::Visibility
            | profiles::Error::TooManyBytes { .. }
            | profiles::Error::Picture(_) => Self::Unfit(error.to_string()),
            // A full disk is nobody's mistake, and may be over soon.
            profiles::Error::File(error) => Self::Unavailable(error.into()),
            profiles::Error::Store(error) => error.into(),
        }
    }
}

impl From<media::Error> for Error {
    fn from(error: media::Error) -> Self {
        match error {
            media::Error::Film(Unfit::Stopped) | media::Error::Unusable(Unusable::Stopped) => {
                Self::Unavailable(error.into())
            }
            media::Error::Unusable(_)
            | media::Error::Film(_)
            | media::Error::Used
            | media::Error::TooManyBytes { .. }
            | media::Error::Description => Self::Unfit(error.to_string()),
            media::Error::NotFound => Self::NotFound,
            media::Error::File(error) => Self::Unavailable(error.into()),
            media::Error::Store(error) => error.into(),
        }
    }
}

impl From<follows::Error> for Error {
    fn from(error: follows::Error) -> Self {
        match error {
            follows::Error::Refused(refusal) => refusal.into(),
            follows::Error::NoTalk(reason) => reason.into(),
            follows::Error::Languages => Self::Unfit(error.to_string()),
            follows::Error::Store(error) => error.into(),
        }
    }
}

impl From<bookmarks::Error> for Error {
    fn from(error: bookmarks::Error) -> Self {
        match error {
            bookmarks::Error::Refused(refusal) => refusal.into(),
            bookmarks::Error::Store(error) => error.into(),
        }
    }
}
