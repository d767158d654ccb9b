//! An empty database of each engine with every migration applied, for tests that ask about the schema itself, and those
//! of PostgreSQL for nodes that are processes of their own.

use std::array;
use std::panic;
use std::process;

use reqwest::Url;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Postgres, SqliteConnection, Transaction};
use tokio::task;

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

/// Runs a test that may block, with the address of an empty PostgreSQL database of its own, which is dropped afterwards,
/// also when the test fails. Not at all, with a printed reason, where the tests were given no PostgreSQL.
pub(crate) async fn with_postgres(name: &str, test: impl FnOnce(String) + Send + 'static) {
    with_several_postgres(name, |[address]| test(address)).await;
}

/// As [`with_postgres`], with as many databases as the test asks for.
pub(crate) async fn with_several_postgres<const N: usize>(
    name: &str,
    test: impl FnOnce([String; N]) + Send + 'static,
) {
    let Some(server) = setting::needed("ALONGSIDE_TEST_POSTGRES") else { return };
    let names: [String; N] =
        array::from_fn(|number| format!("alongside_test_{}_{name}_{number}", process::id()));
    for name in &names {
        tell(&server, format!("create database {name}")).await;
    }
    let addresses = names.clone().map(|name| {
        let mut address = Url::parse(&server).expect("the server's address is a URL");
        address.set_path(&name);
        address.into()
    });
    let outcome = task::spawn_blocking(move || test(addresses)).await;
    for name in &names {
        tell(&server, format!("drop database {name} with (force)")).await;
    }
    if let Err(failure) = outcome {
        panic::resume_unwind(failure.into_panic());
    }
}

async fn tell(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.expect("PostgreSQL answers");
    let told = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await;
    told.expect("the user may create databases");
    connection.close().await.expect("the connection closes");
}

async fn migrator(engine: &str) -> Migrator {
    let folder = source::root().join("migrations").join(engine);
    Migrator::new(folder).await.expect("the migrations can be read")
}
