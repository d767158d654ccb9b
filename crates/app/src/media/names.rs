//! What uploaded files are called where they lie.

use crate::context::App;
use alongside_domain::id::MediaId;
use data_encoding::HEXLOWER;

/// Names nobody can guess, which begin with the id.
pub(crate) struct Names(String);

impl Names {
    /// For the file with this id.
    pub(crate) fn new(app: &App, id: MediaId) -> Self {
        Self(format!("{id}-{}", HEXLOWER.encode(&app.random::<16>())))
    }

    /// The name of the file itself.
    pub(crate) fn file(&self, ending: &str) -> String {
        format!("{}.{ending}", self.0)
    }

    /// The name of its small version.
    pub(crate) fn preview(&self, ending: &str) -> String {
        format!("{}-small.{ending}", self.0)
    }
}
