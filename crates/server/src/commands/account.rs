//! `account create` and `account reset-password`.

use crate::cli;
use crate::cli::account::PasswordSource;
use alongside_app::accounts::{self, CreateError, NewAccount};
use alongside_app::context::App;
use alongside_app::new_passwords;
use alongside_domain::account::{Password, Unusable};
use alongside_domain::actor::Handle;
use alongside_domain::limits::PASSWORD_CHARS_MAX;
use std::io::{self, BufRead};

/// Why no account was opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no password to open it with.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The node would not open it.
    #[error(transparent)]
    Create(#[from] CreateError),
}

/// Why there is no password to open an account with.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Standard input could not be read.
    #[error("the password cannot be read from standard input")]
    Unreadable(#[from] io::Error),
    /// It is too short or too long.
    #[error(transparent)]
    Unusable(#[from] Unusable),
}

/// Opens an account, and says so.
pub async fn create(app: &App, new: cli::account::NewAccount, input: impl BufRead) -> Result<String, Error> {
    let cli::account::NewAccount { handle, email, password: source, role } = new;
    let password = password(source, input)?;
    let new = NewAccount { handle, email, password, role };
    accounts::create(app, &new).await?;
    Ok(format!("@{}@{} can sign in as {}.", new.handle, app.places().host(), new.email.as_str()))
}

/// Sends a member a link with which they choose a new password, and says so. The running node sends it.
pub async fn send_link(app: &App, handle: &Handle) -> Result<String, new_passwords::Error> {
    new_passwords::send_link(app, handle.as_str()).await?;
    Ok(format!(
        "A link is on its way to the address that {handle} signs in with. It works once, for an hour."
    ))
}

/// The password as it was typed, or the next line of the input.
fn password(source: PasswordSource, input: impl BufRead) -> Result<Password, PasswordError> {
    const LINE_BYTES_MAX: u64 = 8 * PASSWORD_CHARS_MAX as u64;
    match source {
        PasswordSource::Given(password) => Ok(password?),
        PasswordSource::StandardInput => {
            let mut line = String::new();
            input.take(LINE_BYTES_MAX).read_line(&mut line)?;
            Ok(Password::new(line.trim_end_matches(['\r', '\n']).to_owned())?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_and_its_spaces_count() {
        let read = |input: &str| password(PasswordSource::StandardInput, input.as_bytes());
        assert_eq!(read(" correct horse \r\nmore").unwrap().reveal(), " correct horse ");
        assert!(matches!(read("short\n"), Err(PasswordError::Unusable(Unusable::Password))));
        assert!(matches!(read(""), Err(PasswordError::Unusable(Unusable::Password))));
        assert!(read(&"x".repeat(10_000)).is_err());
    }
}
