//! What the errors of the verbs are answered with.

use crate::error::{Error, OAuthError, sentence};
use alongside_app::accounts::{CreateError, SignInError};
use alongside_app::hosts::NoTalk;
use alongside_app::invitations::RedeemError;
use alongside_app::oauth::apps::RegisterError;
use alongside_app::oauth::authorise::{ApproveError, AskError};
use alongside_app::oauth::grant::GrantError;
use alongside_app::passwords::Stopped;
use alongside_app::{boosts, confirmations, new_passwords, reactions};

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        Self::Unavailable(stopped.into())
    }
}

impl From<CreateError> for Error {
    fn from(error: CreateError) -> Self {
        match error {
            CreateError::HandleTaken | CreateError::EmailTaken => Self::Unfit(error.to_string()),
            CreateError::Stopped(stopped) => stopped.into(),
            CreateError::Store(error) => error.into(),
        }
    }
}

impl From<SignInError> for Error {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong | SignInError::Unconfirmed | SignInError::Waiting | SignInError::Kept => {
                Self::Unfit(error.to_string())
            }
            SignInError::Stopped(stopped) => stopped.into(),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl From<RedeemError> for Error {
    fn from(error: RedeemError) -> Self {
        match error {
            RedeemError::Closed => Self::Forbidden("This link was used already, or is too old.".to_owned()),
            RedeemError::Create(error) => error.into(),
        }
    }
}

impl From<confirmations::Error> for Error {
    fn from(error: confirmations::Error) -> Self {
        match error {
            confirmations::Error::Closed | confirmations::Error::NotWaiting => {
                Self::Forbidden(error.to_string())
            }
            confirmations::Error::Taken | confirmations::Error::Barred => Self::Unfit(error.to_string()),
            confirmations::Error::Store(error) => error.into(),
        }
    }
}

impl From<new_passwords::Error> for Error {
    fn from(error: new_passwords::Error) -> Self {
        match error {
            new_passwords::Error::Closed => Self::Forbidden(error.to_string()),
            new_passwords::Error::Nobody | new_passwords::Error::NoMail => Self::NotFound,
            new_passwords::Error::Stopped(stopped) => stopped.into(),
            new_passwords::Error::Store(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Error {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Name
            | RegisterError::RedirectUri
            | RegisterError::Website
            | RegisterError::Scope(_) => Self::Unfit(error.to_string()),
            RegisterError::Store(error) => error.into(),
        }
    }
}

impl From<AskError> for Error {
    fn from(error: AskError) -> Self {
        match error {
            AskError::UnknownClient => Self::OAuth(OAuthError::InvalidClient),
            AskError::RedirectUri => Self::Malformed(
                "The app asks us to send you to an address that it has not registered.".to_owned(),
            ),
            AskError::Scope => Self::OAuth(OAuthError::InvalidScope),
            AskError::Challenge => Self::OAuth(OAuthError::InvalidRequest),
            AskError::Store(error) => error.into(),
        }
    }
}

impl From<ApproveError> for Error {
    fn from(error: ApproveError) -> Self {
        match error {
            ApproveError::SignedOut => Self::Forbidden("Please sign in first.".to_owned()),
            ApproveError::NotYours => Self::Forbidden("This name is not yours.".to_owned()),
            ApproveError::Store(error) => error.into(),
        }
    }
}

impl From<NoTalk> for Error {
    fn from(reason: NoTalk) -> Self {
        match reason {
            NoTalk::Silent(silence) => Self::Unfit(sentence(&silence.to_string())),
            NoTalk::Store(error) => error.into(),
        }
    }
}

impl From<GrantError> for Error {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Client => Self::OAuth(OAuthError::InvalidClient),
            GrantError::Grant => Self::OAuth(OAuthError::InvalidGrant),
            GrantError::Scope => Self::OAuth(OAuthError::InvalidScope),
            GrantError::Stopped(stopped) => stopped.into(),
            GrantError::Store(error) => error.into(),
        }
    }
}

/// Modules whose verbs the policy or the store may refuse, and nothing else.
macro_rules! refused_or_stored {
    ($($module:ident,)+) => {
        $(impl From<$module::Error> for Error {
            fn from(error: $module::Error) -> Self {
                match error {
                    $module::Error::Refused(refusal) => refusal.into(),
                    $module::Error::Store(error) => error.into(),
                }
            }
        })+
    };
}

refused_or_stored! { boosts, reactions, }
