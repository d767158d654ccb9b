//! The two engines: opening them, keeping their schema, and their transactions.
//!
//! SQLite has one writer and several readers ([`crate::embedded`]); what commits at the same moment is
//! flushed together ([`crate::durability`]). PostgreSQL has one pool.

use crate::durability::Flusher;
use crate::embedded::{self, Embedded, Writing};
use crate::error::Error;
use crate::migrations;
use crate::session::{Query, Session, Sql, Target};
use crate::touched::{Changes, Topic, Touched};
use crate::wake::{Bell, Rings, Wake};
use sqlx::postgres::{PgConnectOptions, PgListener, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Executor as _, Postgres, Transaction};
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Connections to a PostgreSQL server.
const CONNECTIONS_MAX: u32 = 20;
/// How long a request waits for a connection before it is told to come back.
const ACQUIRE: Duration = Duration::from_secs(8);
/// After so long without use it is asked whether a connection is still there, before anybody relies on it.
const PROVEN: Duration = Duration::from_secs(1);
/// The channel on which a commit on PostgreSQL tells which bells it rings and what it touched.
const CHANNEL: &str = "alongside";
/// How a transaction begins whose commit waits for no disk.
const BEGIN_ASYNCHRONOUS: &str = "begin; set local synchronous_commit to off";

/// The node's database.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    wake: Arc<Wake>,
    changes: Arc<Changes>,
    statements: Arc<AtomicU64>,
    commits: Commits,
}

/// When a commit returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commits {
    /// Once it survives a power cut.
    Durably,
    /// Before that.
    Asynchronously,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite { embedded: Embedded, flusher: Flusher },
    Postgres { pool: PgPool },
}

/// A session for reading. Each statement sees the newest committed state.
#[derive(Debug, Clone)]
pub struct Reader {
    engine: Engine,
    statements: Arc<AtomicU64>,
}

/// A write transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    wake: Arc<Wake>,
    changes: Arc<Changes>,
    touched: Touched,
    statements: Arc<AtomicU64>,
    commits: Commits,
    rings: Rings,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Writing, Flusher),
    Postgres(Transaction<'static, Postgres>),
}

impl Store {
    /// Opens (and creates) an embedded database.
    pub fn sqlite(file: &Path) -> Result<Self, Error> {
        let embedded = Embedded::open(file)?;
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let flusher = Flusher::start(log.into());
        Ok(Self {
            engine: Engine::Sqlite { embedded, flusher },
            wake: Arc::default(),
            changes: Arc::default(),
            statements: Arc::default(),
            commits: Commits::Durably,
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
            .test_before_acquire(false)
            // The server compiles what it expects to take long, which takes a tenth of a second and more itself. Nothing here
            // takes long: where a timeline is woven, it expects many more rows than come.
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute("set jit = off").await.map(drop) })
            })
            .before_acquire(|connection, lately| {
                Box::pin(async move {
                    if lately.idle_for > PROVEN {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self {
            engine: Engine::Postgres { pool },
            wake: Arc::default(),
            changes: Arc::default(),
            statements: Arc::default(),
            commits: Commits::Durably,
        })
    }

    /// The same database, for work that is done again if it is lost: its commits return before they are on the disk.
    /// A power cut may take back the last of them. What is committed by others after them is never there without them.
    #[must_use]
    pub fn asynchronous(&self) -> Self {
        Self { commits: Commits::Asynchronously, ..self.clone() }
    }

    /// Brings the schema up to date.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.engine {
            Engine::Sqlite { embedded, .. } => migrate_embedded(embedded.file()).await,
            Engine::Postgres { pool } => migrations::POSTGRES.run(pool).await.map_err(Error::Migration),
        }
    }

    /// Whether the schema is the one this version needs. It changes nothing.
    pub async fn is_migrated(&self) -> Result<bool, Error> {
        let needed = match &self.engine {
            Engine::Sqlite { .. } => &migrations::SQLITE,
            Engine::Postgres { .. } => &migrations::POSTGRES,
        };
        let sql = "select version from _sqlx_migrations order by version desc limit 1";
        match self.reader().query(sql).optional::<Applied>().await {
            Ok(newest) => {
                Ok(newest.map(|applied| applied.version) == needed.iter().last().map(|last| last.version))
            }
            // Nothing was ever applied: there is no such table.
            Err(Error::Failed(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A session for reading.
    pub fn reader(&self) -> Reader {
        Reader { engine: self.engine.clone(), statements: Arc::clone(&self.statements) }
    }

    /// Begins a write transaction.
    pub async fn begin(&self) -> Result<Tx, Error> {
        let inner = match &self.engine {
            Engine::Sqlite { embedded, flusher } => {
                let begun = async {
                    match self.commits {
                        Commits::Durably => embedded.begin().await,
                        Commits::Asynchronously => embedded.begin_unhurried().await,
                    }
                };
                let writing = tokio::time::timeout(ACQUIRE, begun).await;
                let writing = writing.map_err(|late| Error::Unavailable(late.into()))??;
                Inner::Sqlite(writing, flusher.clone())
            }
            Engine::Postgres { pool } => Inner::Postgres(match self.commits {
                Commits::Durably => pool.begin().await?,
                Commits::Asynchronously => pool.begin_with(BEGIN_ASYNCHRONOUS).await?,
            }),
        };
        let (wake, changes) = (Arc::clone(&self.wake), Arc::clone(&self.changes));
        let statements = Arc::clone(&self.statements);
        let (touched, commits) = (Touched::default(), self.commits);
        Ok(Tx { inner, wake, changes, touched, statements, commits, rings: Rings::default() })
    }

    /// Whether a statement can be run and a transaction begun.
    pub async fn is_ready(&self) -> Result<(), Error> {
        self.reader().query("select 1 as one").execute().await?;
        Ok(())
    }

    /// What the commits of this process changed, and those of the other servers on the same database as far as
    /// [`Store::listen`] has heard of them.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// How many statements this process has run.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// The bells that commits ring.
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

    /// Rings the bell for what other processes commit on the same PostgreSQL server, and counts what it changed. Runs
    /// until it cannot connect; an embedded database has nothing to listen to and waits for ever.
    pub async fn listen(&self) -> Result<(), Error> {
        let Engine::Postgres { pool } = &self.engine else { return std::future::pending().await };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        self.hear_anything();
        loop {
            match listener.try_recv().await? {
                Some(told) => self.hear(told.payload()),
                // The connection was lost, and is there again.
                None => self.hear_anything(),
            }
        }
    }

    fn hear(&self, told: &str) {
        let (rings, tidings) = Rings::marked(told);
        self.changes.hear(tidings);
        self.wake.ring_all(rings);
    }

    /// Nobody knows what was committed while nobody listened.
    fn hear_anything(&self) {
        self.changes.record_anything();
        self.wake.ring_all(Rings::EVERY);
    }

    /// Waits until every connection is given back, and closes them.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { embedded, .. } => embedded.close().await,
            Engine::Postgres { pool } => pool.close().await,
        }
    }
}

/// The migrations run on a connection of their own, before anything else does.
async fn migrate_embedded(file: &Path) -> Result<(), Error> {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(true).busy_timeout(embedded::BUSY);
    let mut connection = SqliteConnection::connect_with(&options.disable_statement_logging()).await?;
    migrations::SQLITE.run(&mut connection).await.map_err(Error::Migration)?;
    Ok(connection.close().await?)
}

crate::row! {
    /// A migration that was applied.
    pub struct Applied {
        /// Its number.
        pub version: i64,
    }
}

impl Tx {
    /// This bell will be rung when this is committed.
    pub const fn ring(&mut self, bell: Bell) {
        self.rings.add(bell);
    }

    /// The next statement changes what is written here of these, and nothing else that answers are made of.
    pub(crate) fn touching(&mut self, topics: &[Topic]) -> &mut Self {
        self.touched.tell(topics);
        self
    }

    /// What is written changes what everybody is shown.
    pub(crate) fn touching_everything(&mut self) -> &mut Self {
        self.touched.tell_everything();
        self
    }

    /// Makes it so, for good: when this returns, it survives a power cut, unless the store is an
    /// [`asynchronous`](Store::asynchronous) one.
    pub async fn commit(self) -> Result<(), Error> {
        let tidings = self.tidings();
        match self.inner {
            Inner::Sqlite(writing, flusher) => {
                writing.commit()?;
                self.changes.record(&self.touched);
                match self.commits {
                    Commits::Durably => flusher.flushed().await?,
                    Commits::Asynchronously => flusher.soon(),
                }
            }
            Inner::Postgres(mut tx) => {
                if let Some(tidings) = tidings {
                    let notify = sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(tidings);
                    notify.execute(&mut *tx).await?;
                }
                tx.commit().await?;
                self.changes.record(&self.touched);
            }
        }
        self.wake.ring_all(self.rings);
        Ok(())
    }

    /// What other servers on the same database are told of it; none if it concerns none of them.
    fn tidings(&self) -> Option<String> {
        let told = self.rings.marks() + &self.touched.tidings().unwrap_or_default();
        (!told.is_empty()).then_some(told)
    }
}

impl Session for Reader {
    fn target(&mut self) -> Target<'_> {
        match &self.engine {
            Engine::Sqlite { embedded, .. } => Target::Embedded(embedded),
            Engine::Postgres { pool } => Target::PostgresPool(pool),
        }
    }

    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        Query::new(self.target(), sql.into())
    }
}

impl Session for Tx {
    fn target(&mut self) -> Target<'_> {
        match &mut self.inner {
            Inner::Sqlite(writing, _) => Target::EmbeddedTx(writing.connection()),
            Inner::Postgres(tx) => Target::Postgres(tx),
        }
    }

    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        let sql = sql.into();
        self.touched.note(sql.sqlite);
        self.statements.fetch_add(1, Ordering::Relaxed);
        Query::new(self.target(), sql)
    }
}
