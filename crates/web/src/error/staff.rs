//! What staff are told when one of their verbs says no.

use crate::error::Error;
use alongside_app::hosts::deciding;
use alongside_app::reports::handling;
use alongside_app::{addresses, barriers, departures, hashtags, sanctions, sign_ups};

impl From<sanctions::Error> for Error {
    fn from(error: sanctions::Error) -> Self {
        match error {
            sanctions::Error::Refused(refusal) => refusal.into(),
            sanctions::Error::OutOfReach | sanctions::Error::Waiting => Self::Forbidden(error.to_string()),
            sanctions::Error::Message
            | sanctions::Error::Unending(_)
            | sanctions::Error::Elsewhere
            | sanctions::Error::Report => Self::Unfit(error.to_string()),
            sanctions::Error::Store(error) => error.into(),
        }
    }
}

impl From<departures::Error> for Error {
    fn from(error: departures::Error) -> Self {
        match error {
            departures::Error::Refused(refusal) => refusal.into(),
            departures::Error::Nobody => Self::NotFound,
            departures::Error::NotSuspended => Self::Forbidden(error.to_string()),
            departures::Error::Wrong
            | departures::Error::Kept
            | departures::Error::Reported
            | departures::Error::LastAdmin => Self::Unfit(error.to_string()),
            departures::Error::Stopped(stopped) => stopped.into(),
            departures::Error::Store(error) => error.into(),
        }
    }
}

impl From<handling::Error> for Error {
    fn from(error: handling::Error) -> Self {
        match error {
            handling::Error::Refused(refusal) => refusal.into(),
            handling::Error::Rule(_) => Self::Unfit(error.to_string()),
            handling::Error::Store(error) => error.into(),
        }
    }
}

impl From<sign_ups::Error> for Error {
    fn from(error: sign_ups::Error) -> Self {
        match error {
            sign_ups::Error::Reason | sign_ups::Error::Age(_) | sign_ups::Error::Barred => {
                Self::Unfit(error.to_string())
            }
            sign_ups::Error::Create(error) => error.into(),
        }
    }
}

impl From<hashtags::Error> for Error {
    fn from(error: hashtags::Error) -> Self {
        match error {
            hashtags::Error::Refused(refusal) => refusal.into(),
            hashtags::Error::Store(error) => error.into(),
        }
    }
}

impl From<sign_ups::DecideError> for Error {
    fn from(error: sign_ups::DecideError) -> Self {
        match error {
            sign_ups::DecideError::Refused(refusal) => refusal.into(),
            sign_ups::DecideError::Store(error) => error.into(),
        }
    }
}

impl From<addresses::Error> for Error {
    fn from(error: addresses::Error) -> Self {
        match error {
            addresses::Error::Refused(refusal) => refusal.into(),
            addresses::Error::Store(error) => error.into(),
        }
    }
}

impl From<barriers::Error> for Error {
    fn from(error: barriers::Error) -> Self {
        match error {
            barriers::Error::Refused(refusal) => refusal.into(),
            barriers::Error::Host
            | barriers::Error::Network(_)
            | barriers::Error::Until
            | barriers::Error::Oneself
            | barriers::Error::Comment
            | barriers::Error::TooMany
            | barriers::Error::Address
            | barriers::Error::Known => Self::Unfit(error.to_string()),
            barriers::Error::Store(error) => error.into(),
        }
    }
}

impl From<deciding::Error> for Error {
    fn from(error: deciding::Error) -> Self {
        match error {
            deciding::Error::Refused(refusal) => refusal.into(),
            deciding::Error::Host
            | deciding::Error::Ourselves
            | deciding::Error::Comment
            | deciding::Error::Nothing
            | deciding::Error::Known(_)
            | deciding::Error::Agreed
            | deciding::Error::Limited => Self::Unfit(error.to_string()),
            deciding::Error::Store(error) => error.into(),
        }
    }
}
