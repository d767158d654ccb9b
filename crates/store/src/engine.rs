//! The two engines: opening them, keeping their schema, and their transactions.
//!
//! SQLite has one writer and several readers; every write transaction begins `immediate`, because a
//! deferred one that reads first fails at once when it comes to write; what commits at the same moment is
//! flushed together ([`crate::durability`]). PostgreSQL has one pool.

use crate::durability::Flusher;
use crate::error::Error;
use crate::session::{Session, Target};
use crate::wake::Wake;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Postgres, Sqlite, Transaction};
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// How long a writer waits for another process on the same folder.
const BUSY: Duration = Duration::from_secs(10);
/// Readers of an embedded database.
const READERS_MAX: u32 = 8;
/// Connections to a PostgreSQL server.
const CONNECTIONS_MAX: u32 = 20;
/// How long a request waits for a connection before it is told to come back.
const ACQUIRE: Duration = Duration::from_secs(8);
/// The channel that a commit on PostgreSQL rings.
const CHANNEL: &str = "alongside";

/// The node's database.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    wake: Arc<Wake>,
    commits: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite { writer: SqlitePool, readers: SqlitePool, flusher: Flusher },
    Postgres { pool: PgPool },
}

/// A session for reading. Each statement sees the newest committed state.
#[derive(Debug, Clone)]
pub struct Reader {
    engine: Engine,
}

/// A write transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    wake: Arc<Wake>,
    commits: Arc<AtomicU64>,
    rings: bool,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>, Flusher),
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Opens (and creates) an embedded database.
    pub async fn sqlite(file: &Path) -> Result<Self, Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("cache_size", "-16000")
            .pragma("temp_store", "memory")
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(ACQUIRE)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_release(|connection, _| Box::pin(is_usable(connection)))
            .connect_with(options.clone())
            .await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS_MAX)
            .acquire_timeout(ACQUIRE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_lazy_with(options.read_only(true).create_if_missing(false));
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let flusher = Flusher::start(log.into());
        Ok(Self {
            engine: Engine::Sqlite { writer, readers, flusher },
            wake: Arc::default(),
            commits: Arc::default(),
        })
    }

    /// Connects to a PostgreSQL server: `postgres://user:password@host/database`.
    pub async fn postgres(address: &str) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(address)
            .map_err(|_| {
                Error::Address("the address of the database is not of the form postgres://…".to_owned())
            })?
            .disable_statement_logging();
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await?;
        Ok(Self { engine: Engine::Postgres { pool }, wake: Arc::default(), commits: Arc::default() })
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite { writer, .. } => SQLITE_MIGRATIONS.run(writer).await,
            Engine::Postgres { pool } => POSTGRES_MIGRATIONS.run(pool).await,
        }
        .map_err(Error::Migration)
    }

    /// Whether the schema is the one this version needs. It changes nothing.
    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let migrations = match &self.engine {
            Engine::Sqlite { .. } => &SQLITE_MIGRATIONS,
            Engine::Postgres { .. } => &POSTGRES_MIGRATIONS,
        };
        let sql = "select version from _sqlx_migrations order by version desc limit 1";
        match self.reader().query(sql).optional::<Applied>().await {
            Ok(newest) => {
                Ok(newest.map(|applied| applied.version) == migrations.iter().last().map(|last| last.version))
            }
            // Nothing was ever applied: there is no such table.
            Err(Error::Failed(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A session for reading.
    pub fn reader(&self) -> Reader {
        Reader { engine: self.engine.clone() }
    }

    /// Begins a write transaction.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let inner = match &self.engine {
            Engine::Sqlite { writer, flusher, .. } => {
                Inner::Sqlite(writer.begin_with("begin immediate").await?, flusher.clone())
            }
            Engine::Postgres { pool } => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx { inner, wake: Arc::clone(&self.wake), commits: Arc::clone(&self.commits), rings: false })
    }

    /// Whether a statement can be run and a transaction begun.
    pub async fn is_ready(&self) -> Result<(), Error> {
        crate::session::Session::query(&mut self.reader(), "select 1 as one").execute().await?;
        Ok(())
    }

    /// How often this process has committed: as long as it stays the same, so does what a reader sees.
    /// None where other servers write to the same database.
    pub fn version(&self) -> Option<u64> {
        match &self.engine {
            Engine::Sqlite { .. } => Some(self.commits.load(Ordering::Acquire)),
            Engine::Postgres { .. } => None,
        }
    }

    /// The bell that commits ring.
    pub fn wake(&self) -> &Wake {
        &self.wake
    }

    /// The name of the engine: `sqlite` or `postgres`.
    pub const fn engine_name(&self) -> &'static str {
        match &self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres { .. } => "postgres",
        }
    }

    /// Rings the bell for what other processes commit on the same PostgreSQL server. Runs until the
    /// connection ends; an embedded database has nothing to listen to and waits for ever.
    pub async fn listen(&self) -> Result<(), Error> {
        let Engine::Postgres { pool } = &self.engine else { return std::future::pending().await };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            listener.recv().await?;
            self.wake.ring();
        }
    }

    /// Waits until every connection is given back, and closes them.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Engine::Postgres { pool } => pool.close().await,
        }
    }
}

/// Whether the writer's connection can begin another transaction. Where the disk is full, SQLite ends a
/// transaction by itself; the driver goes on counting it as begun, and such a connection has to be replaced.
async fn is_usable(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // What was dropped is rolled back before this is answered.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

crate::row! {
    /// A migration that was applied.
    pub struct Applied {
        /// Its number.
        pub version: i64,
    }
}

impl Tx {
    /// The workers will be woken when this is committed.
    pub const fn ring(&mut self) {
        self.rings = true;
    }

    /// Makes it so, for good: when this returns, it survives a power cut.
    pub async fn commit(self) -> Result<(), Error> {
        match self.inner {
            Inner::Sqlite(tx, flusher) => {
                tx.commit().await?;
                self.commits.fetch_add(1, Ordering::Release);
                flusher.flushed().await?;
            }
            Inner::Postgres(mut tx) => {
                if self.rings {
                    sqlx::query("select pg_notify($1, '')").bind(CHANNEL).execute(&mut *tx).await?;
                }
                tx.commit().await?;
            }
        }
        if self.rings {
            self.wake.ring();
        }
        Ok(())
    }
}

impl Session for Reader {
    fn target(&mut self) -> Target<'_> {
        match &self.engine {
            Engine::Sqlite { readers, .. } => Target::SqlitePool(readers),
            Engine::Postgres { pool } => Target::PostgresPool(pool),
        }
    }
}

impl Session for Tx {
    fn target(&mut self) -> Target<'_> {
        match &mut self.inner {
            Inner::Sqlite(tx, _) => Target::Sqlite(tx),
            Inner::Postgres(tx) => Target::Postgres(tx),
        }
    }
}
