//! What may be typed about accounts and their members.

use crate::cli::words;
use alongside_domain::account::{Email, Password, Role, Unusable};
use alongside_domain::actor::{Address, Handle};
use clap::{Args, Subcommand};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountCommand {
    /// Open an account with its member; it is confirmed and no newcomer.
    Create(NewAccount),
    /// Send a member a link by mail, with which they choose a new password within an hour.
    ResetPassword {
        /// The member.
        #[arg(value_parser = Handle::new)]
        handle: Handle,
    },
    /// Delete a member and everything of theirs, here and on every server that has any of it.
    Delete(Departure),
    /// Show what other servers answered when they were told that a member is deleted.
    Erasure {
        /// The name that is gone.
        #[arg(value_parser = Handle::new)]
        handle: Handle,
    },
    /// Say which other address is a member's too, so that they can move from there to here.
    Alias(AliasChange),
    /// Move a member to another account: their followers are told.
    Move(Moving),
}

/// A member to delete.
#[derive(Debug, Args)]
pub struct Departure {
    /// The name that is to go. It is never given to another.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// Confirm it: it cannot be taken back.
    #[arg(long, required = true)]
    pub yes: bool,
}

/// Another address of a member.
#[derive(Debug, Args)]
pub struct AliasChange {
    /// The member.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// The other address, such as "@robin@old.example".
    #[arg(value_parser = whole_address)]
    pub address: Address,
    /// Take it away again.
    #[arg(long)]
    pub remove: bool,
}

/// A member to move.
#[derive(Debug, Args)]
pub struct Moving {
    /// The member.
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// Where to, such as "@robin@new.example". That account must name this one among its other addresses.
    #[arg(long, value_parser = whole_address)]
    pub to: Address,
}

/// An account to open.
#[derive(Debug, Args)]
pub struct NewAccount {
    /// The public name, such as "robin".
    #[arg(value_parser = Handle::new)]
    pub handle: Handle,
    /// The address to sign in with; never shown to others.
    #[arg(long, value_parser = Email::parse)]
    pub email: Email,
    /// The password, or "-" to read it as one line from standard input, where no other user can see it.
    #[arg(long, allow_hyphen_values = true)]
    pub password: PasswordSource,
    /// What the account may do on this node.
    #[arg(long, value_parser = words(Role::ALL, Role::as_str), default_value = Role::Member.as_str())]
    pub role: Role,
}

/// Where a password comes from.
#[derive(Debug, Clone)]
pub enum PasswordSource {
    /// It was typed. Checked by whoever uses it, because clap would repeat it in its error.
    Given(Result<Password, Unusable>),
    /// It is the next line of standard input.
    StandardInput,
}

impl From<&str> for PasswordSource {
    fn from(text: &str) -> Self {
        match text {
            "-" => Self::StandardInput,
            text => Self::Given(Password::new(text.to_owned())),
        }
    }
}

/// A whole address.
fn whole_address(text: &str) -> Result<Address, &'static str> {
    let whole = Address::parse(text).filter(|address| address.host.is_some());
    whole.ok_or("that is not a whole address, such as @robin@community.example.org")
}
