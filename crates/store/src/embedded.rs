//! SQLite, called where the caller stands.
//!
//! A statement on an embedded database takes microseconds: less than it takes to hand it to another thread
//! and to be woken for the answer (decision 7). So there is no thread for a connection: whoever runs a
//! statement runs it. One connection writes, for one transaction at a time; those that read are as many as
//! there were ever threads that read at the same moment.

use crate::error::Error;
use crate::value::Value;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Rows};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex as Turn, OwnedMappedMutexGuard, OwnedMutexGuard};

/// How long anybody waits for another process on the same folder.
pub const BUSY: Duration = Duration::from_secs(10);
/// How long between two looks whether the other process has written.
const LOOK_AGAIN: Duration = Duration::from_millis(5);
/// Prepared statements that a connection keeps.
const STATEMENTS_KEPT: usize = 256;
/// What a connection may keep of the file in memory, in KiB (SQLite wants it negative).
const CACHE_KIB: i64 = -16_000;

/// The connections to one database.
#[derive(Debug, Clone)]
pub struct Embedded {
    file: Arc<PathBuf>,
    writer: Arc<Turn<Option<Connection>>>,
    /// Whoever nobody waits for waits here first.
    unhurried: Arc<Turn<()>>,
    /// Those that nobody reads with just now; none once it is closed.
    readers: Arc<Mutex<Option<Vec<Connection>>>>,
}

/// The writer's connection, inside a transaction. Dropped before `commit`, the transaction never happened.
#[derive(Debug)]
pub struct Writing {
    connection: OwnedMappedMutexGuard<Option<Connection>, Connection>,
    /// Given on to the next who is in no hurry.
    _unhurried: Option<OwnedMutexGuard<()>>,
}

impl Embedded {
    /// Opens (and creates) the database.
    pub fn open(file: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let writer = connect(file, flags)?;
        writer.pragma_update(None, "journal_mode", "wal")?;
        writer.pragma_update(None, "synchronous", "normal")?;
        // From here on `begin` does the waiting, and lets others run meanwhile.
        writer.busy_timeout(Duration::ZERO)?;
        Ok(Self {
            file: Arc::new(file.to_owned()),
            writer: Arc::new(Turn::new(Some(writer))),
            unhurried: Arc::default(),
            readers: Arc::new(Mutex::new(Some(Vec::new()))),
        })
    }

    /// Where it is kept.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Begins a write transaction, as soon as nobody else is in one. It begins `immediate`, because a
    /// deferred one that reads first fails at once when it comes to write.
    pub async fn begin(&self) -> Result<Writing, Error> {
        self.begin_behind(None).await
    }

    /// The same for whoever is in no hurry. However many they are, the others find one of them in the line at most.
    pub async fn begin_unhurried(&self) -> Result<Writing, Error> {
        let unhurried = Arc::clone(&self.unhurried).lock_owned().await;
        self.begin_behind(Some(unhurried)).await
    }

    async fn begin_behind(&self, unhurried: Option<OwnedMutexGuard<()>>) -> Result<Writing, Error> {
        let turn = Arc::clone(&self.writer).lock_owned().await;
        let mut connection = OwnedMutexGuard::try_map(turn, Option::as_mut).map_err(|_| closed())?;
        let waited = tokio::time::timeout(BUSY, begin_immediate(&mut connection)).await;
        waited.map_err(|late| Error::Unavailable(late.into()))??;
        Ok(Writing { connection, _unhurried: unhurried })
    }

    /// Reads, in the newest committed state.
    pub fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let idle = self.idle(Vec::pop)?;
        let connection = match idle {
            Some(connection) => connection,
            None => connect(&self.file, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let outcome = read(&connection);
        // Where it was closed meanwhile, this connection closes too.
        let _ = self.idle(|idle| idle.push(connection));
        outcome
    }

    fn idle<T>(&self, change: impl FnOnce(&mut Vec<Connection>) -> T) -> Result<T, Error> {
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        readers.as_mut().map(change).ok_or_else(closed)
    }

    /// Waits for the transaction that is going on, and closes every connection.
    pub async fn close(&self) {
        drop(self.readers.lock().unwrap_or_else(PoisonError::into_inner).take());
        drop(self.writer.lock().await.take());
    }
}

impl Writing {
    /// Makes it so, for every reader.
    pub fn commit(self) -> Result<(), Error> {
        Ok(control(&self.connection, "commit")?)
    }

    /// The connection that is inside the transaction.
    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // Where the disk is full, SQLite has ended the transaction by itself.
        if !self.connection.is_autocommit()
            && let Err(error) = control(&self.connection, "rollback")
        {
            tracing::error!(%error, "a transaction could not be taken back");
        }
    }
}

/// Runs a statement and hands on its rows. Values stand for `$1`, `$2`, …
pub fn run<T>(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    take: impl FnOnce(&mut Rows<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    for index in 1..=statement.parameter_count() {
        // To SQLite `$2` is a name like any other, and its place that of its first use.
        let number = statement.parameter_name(index).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = value.ok_or(rusqlite::Error::InvalidParameterCount(values.len(), index))?;
        statement.raw_bind_parameter(index, value)?;
    }
    take(&mut statement.raw_query())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Int(Some(number)) => ValueRef::Integer(*number),
            Self::Real(Some(fraction)) => ValueRef::Real(*fraction),
            Self::Text(Some(text)) => ValueRef::Text(text.as_bytes()),
            Self::Bool(Some(yes)) => ValueRef::Integer(i64::from(*yes)),
            Self::Int(None) | Self::Real(None) | Self::Text(None) | Self::Bool(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// Begins or ends a transaction.
fn control(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

fn connect(file: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    // A plan that may change with the values is made anew for each of them.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

#[expect(clippy::disallowed_methods, reason = "another process gives no sign when it has written")]
async fn begin_immediate(connection: &mut Connection) -> Result<(), Error> {
    loop {
        match control(connection, "begin immediate") {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            begun => return Ok(begun?),
        }
    }
}

fn closed() -> Error {
    Error::Unavailable("the database is closed".into())
}
