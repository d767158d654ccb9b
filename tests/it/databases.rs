//! An empty database of each engine with every migration applied, for tests that ask about the schema itself.

use sqlx::migrate::Migrator;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, Postgres, SqliteConnection, Transaction};

use crate::{setting, source};

/// In memory: gone with the connection.
pub(crate) async fn sqlite() -> SqliteConnection {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await.expect("SQLite opens in memory");
    migrator("sqlite").await.run(&mut connection).await.expect("the SQLite migrations run");
    connection
}

/// In a schema of that name inside a transaction nobody commits, so that nothing is left behind.
/// `None`, with a printed reason, where the tests were given no PostgreSQL.
pub(crate) async fn postgres(schema: &str) -> Option<Transaction<'static, Postgres>> {
    let url = setting::needed("ALONGSIDE_TEST_POSTGRES")?;
    let pool = PgPoolOptions::new().max_connections(1).connect(&url).await.expect("PostgreSQL answers");
    let mut transaction = pool.begin().await.expect("a transaction begins");
    for statement in [format!("create schema {schema}"), format!("set local search_path to {schema}")] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut *transaction).await.expect("a schema of our own");
    }
    migrator("postgres").await.run(&mut *transaction).await.expect("the PostgreSQL migrations run");
    Some(transaction)
}

async fn migrator(engine: &str) -> Migrator {
    let folder = source::root().join("migrations").join(engine);
    Migrator::new(folder).await.expect("the migrations can be read")
}
