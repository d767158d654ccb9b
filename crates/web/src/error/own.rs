//! What a member is told when lists, filters, polls, scheduling, push subscriptions, reports, moderation, profiles or
//! announcements say no.

use crate::error::Error;
use alongside_app::own::TagError;
use alongside_app::{
    announcements, communities, endorsements, featured_tags, filters, lists, moderation, polls, pushing,
    reports, scheduled,
};

impl From<lists::Error> for Error {
    fn from(error: lists::Error) -> Self {
        match error {
            lists::Error::NotFound => Self::NotFound,
            lists::Error::Community | lists::Error::Title | lists::Error::TooMany | lists::Error::Listed => {
                Self::Unfit(error.to_string())
            }
            lists::Error::Store(error) => error.into(),
        }
    }
}

impl From<scheduled::Error> for Error {
    fn from(error: scheduled::Error) -> Self {
        match error {
            scheduled::Error::NotFound => Self::NotFound,
            scheduled::Error::TooSoon | scheduled::Error::TooMany | scheduled::Error::TooManyThatDay => {
                Self::Unfit(error.to_string())
            }
            scheduled::Error::Post(error) => error.into(),
            scheduled::Error::Store(error) => error.into(),
        }
    }
}

impl From<communities::Error> for Error {
    fn from(error: communities::Error) -> Self {
        match error {
            communities::Error::Refused(refusal) => refusal.into(),
            communities::Error::Taken(_)
            | communities::Error::Title
            | communities::Error::Summary
            | communities::Error::Guidance(_)
            | communities::Error::NoSafeguardingContact => Self::Unfit(format!("Validation failed: {error}")),
            communities::Error::Picture(error) => error.into(),
            communities::Error::Store(error) => error.into(),
        }
    }
}

impl From<filters::Error> for Error {
    fn from(error: filters::Error) -> Self {
        match error {
            filters::Error::NotFound => Self::NotFound,
            filters::Error::Title
            | filters::Error::Context
            | filters::Error::Keyword
            | filters::Error::Shared
            | filters::Error::TooMany
            | filters::Error::TooManyPosts => Self::Unfit(error.to_string()),
            filters::Error::Store(error) => error.into(),
        }
    }
}

impl From<pushing::Error> for Error {
    fn from(error: pushing::Error) -> Self {
        match error {
            pushing::Error::NotFound => Self::NotFound,
            pushing::Error::Endpoint | pushing::Error::PublicKey | pushing::Error::Secret => {
                Self::Unfit(error.to_string())
            }
            pushing::Error::Store(error) => error.into(),
        }
    }
}

impl From<pushing::KeyError> for Error {
    fn from(error: pushing::KeyError) -> Self {
        match error {
            pushing::KeyError::Unusable => Self::Internal(error.into()),
            pushing::KeyError::Store(error) => error.into(),
        }
    }
}

impl From<polls::Error> for Error {
    fn from(error: polls::Error) -> Self {
        match error {
            polls::Error::Refused(refusal) => refusal.into(),
            polls::Error::NoVote(no_vote) => Self::Unfit(no_vote.to_string()),
            polls::Error::Store(error) => error.into(),
        }
    }
}

impl From<reports::Error> for Error {
    fn from(error: reports::Error) -> Self {
        match error {
            reports::Error::Refused(refusal) => refusal.into(),
            reports::Error::TooLong | reports::Error::Rule(_) => Self::Unfit(error.to_string()),
            reports::Error::Store(error) => error.into(),
        }
    }
}

impl From<moderation::Error> for Error {
    fn from(error: moderation::Error) -> Self {
        match error {
            moderation::Error::Refused(refusal) => refusal.into(),
            moderation::Error::Reason
            | moderation::Error::OutOfReach
            | moderation::Error::NotAPerson
            | moderation::Error::Banned
            | moderation::Error::Until
            | moderation::Error::NotAThread
            | moderation::Error::TooManyFeatured
            | moderation::Error::TooManyStewards => Self::Unfit(error.to_string()),
            moderation::Error::Store(error) => error.into(),
        }
    }
}

impl From<TagError> for Error {
    fn from(error: TagError) -> Self {
        match error {
            // It stands in the address.
            TagError::Tag => Self::NotFound,
            TagError::TooMany => Self::Unfit(error.to_string()),
            TagError::Store(error) => error.into(),
        }
    }
}

impl From<endorsements::Error> for Error {
    fn from(error: endorsements::Error) -> Self {
        match error {
            endorsements::Error::Refused(refusal) => refusal.into(),
            endorsements::Error::NotFollowing
            | endorsements::Error::MembersOnly
            | endorsements::Error::TooMany => Self::Unfit(error.to_string()),
            endorsements::Error::Store(error) => error.into(),
        }
    }
}

impl From<featured_tags::Error> for Error {
    fn from(error: featured_tags::Error) -> Self {
        match error {
            featured_tags::Error::Tag | featured_tags::Error::TooMany => Self::Unfit(error.to_string()),
            featured_tags::Error::NotFound => Self::NotFound,
            featured_tags::Error::Store(error) => error.into(),
        }
    }
}

impl From<announcements::Error> for Error {
    fn from(error: announcements::Error) -> Self {
        match error {
            announcements::Error::NotFound => Self::NotFound,
            announcements::Error::Unfit(_)
            | announcements::Error::TooMany
            | announcements::Error::NoEmoji(_)
            | announcements::Error::TooManyReactions => Self::Unfit(error.to_string()),
            announcements::Error::Store(error) => error.into(),
        }
    }
}
