//! Where the letters of a node arrive that sends them to a test instead of a mail server.

use alongside_app::letters::{Carrier, Carrying, Envelope, NotCarried};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A box for letters. Clones are the same box.
#[derive(Debug, Clone, Default)]
pub struct Mailbox(Arc<Mutex<Inside>>);

#[derive(Debug, Default)]
struct Inside {
    letters: Vec<Letter>,
    refuses: Option<NotCarried>,
}

/// A letter that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whose it is.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
}

impl Mailbox {
    /// What arrived since this was last called.
    pub fn take(&self) -> Vec<Letter> {
        std::mem::take(&mut self.inside().letters)
    }

    /// The only letter that arrived since then.
    pub fn only(&self) -> Letter {
        let letters = self.take();
        assert_eq!(letters.len(), 1, "one letter: {letters:?}");
        letters.into_iter().next().expect("there is one")
    }

    /// Takes no letters from now on, for this reason, or takes them again.
    pub fn refuse(&self, reason: Option<NotCarried>) {
        self.inside().refuses = reason;
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Letter {
    /// The path of the one address in it.
    pub fn path(&self) -> &str {
        path_in(&self.text)
    }

    /// What its path ends with.
    pub fn token(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }
}

/// The path of the one address in a text.
pub fn path_in(text: &str) -> &str {
    let address = text.split_whitespace().find(|word| word.contains("://")).expect("it has an address");
    let (_, rest) = address.split_once("://").expect("it has a scheme");
    rest.find('/').map_or("/", |slash| &rest[slash..])
}

impl Carrier for Mailbox {
    fn carry<'a>(&'a self, letter: &'a Envelope) -> Carrying<'a> {
        Box::pin(async move {
            let mut inside = self.inside();
            if let Some(reason) = &inside.refuses {
                return Err(reason.clone());
            }
            inside.letters.push(Letter {
                to: letter.to.as_str().to_owned(),
                subject: letter.subject.to_owned(),
                text: letter.text.clone(),
            });
            Ok(())
        })
    }
}
