//! What can go wrong in the store, in terms of what the caller can do about it.

use rusqlite::{ErrorCode, ffi};

/// What an engine said.
type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A statement did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be reached, is full, or is too busy: later may work.
    #[error("the database cannot be used right now")]
    Unavailable(#[source] Cause),
    /// A row says something that this version does not understand.
    #[error("inconsistent data: column {column} of a row: {reason}")]
    Inconsistent {
        /// Which column.
        column: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A unique index refused the row.
    #[error("already there ({index})")]
    Taken {
        /// The index, or on SQLite the columns, that refused it.
        index: String,
    },
    /// A mistake in a statement, or a constraint that should have held.
    #[error("the statement failed")]
    Failed(#[source] Cause),
    /// The schema could not be brought up to date.
    #[error("the schema could not be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// The address of the database cannot be read.
    #[error("{0}")]
    Address(String),
}

impl Error {
    /// Whether this very unique index refused the row: `error.is_unique("member", "handle")`.
    pub fn is_unique(&self, table: &str, column: &str) -> bool {
        let Self::Taken { index } = self else { return false };
        index.contains(&format!("{table}.{column}")) || index.starts_with(&format!("{table}_{column}"))
    }

    /// Whether the same call may succeed a little later.
    pub const fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Database(database) = &error {
            if database.is_unique_violation() {
                let index = database.constraint().unwrap_or_else(|| database.message());
                return Self::Taken { index: index.to_owned() };
            }
            let later = means_later(&database.code().unwrap_or_default());
            return if later { Self::Unavailable(error.into()) } else { Self::Failed(error.into()) };
        }
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error.into()),
            other => Self::Failed(other.into()),
        }
    }
}

/// Connection, resources, operator intervention, serialisation.
fn means_later(code: &str) -> bool {
    let class = code.get(..2).unwrap_or_default();
    ["08", "53", "57", "58"].contains(&class) || matches!(code, "40001" | "40P01" | "25006")
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match &error {
            rusqlite::Error::SqliteFailure(failure, Some(columns)) if is_taken(failure.extended_code) => {
                Self::Taken { index: columns.clone() }
            }
            rusqlite::Error::SqliteFailure(failure, _) if is_passing(failure.code) => {
                Self::Unavailable(error.into())
            }
            _ => Self::Failed(error.into()),
        }
    }
}

const fn is_taken(code: i32) -> bool {
    matches!(code, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY)
}

const fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::ReadOnly
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull
            | ErrorCode::CannotOpen
    )
}
