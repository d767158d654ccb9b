//! A PostgreSQL database for a run, on the server that the tests use; dropped by whoever made it.

use crate::Failure;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Names the server whose user may create databases: `postgres://…`.
const SERVER: &str = "ALONGSIDE_TEST_POSTGRES";

/// A database of its own.
#[derive(Debug)]
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// Makes one; none where no server is named.
    pub(crate) async fn create() -> Result<Option<Self>, Failure> {
        let Some(server) = server() else { return Ok(None) };
        let name = format!("alongside_bench_{}", std::process::id());
        run(&server, format!("create database {name}")).await?;
        Ok(Some(Self { server, name }))
    }

    /// Its address.
    pub(crate) fn address(&self) -> String {
        match self.server.rsplit_once('/') {
            Some((server, _)) => format!("{server}/{}", self.name),
            None => self.server.clone(),
        }
    }

    /// Drops it.
    pub(crate) async fn remove(self) -> Result<(), Failure> {
        run(&self.server, format!("drop database {} with (force)", self.name)).await
    }
}

async fn run(server: &str, statement: String) -> Result<(), Failure> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

#[expect(clippy::disallowed_methods, reason = "whoever runs it names the server in the environment")]
fn server() -> Option<String> {
    std::env::var(SERVER).ok().filter(|server| !server.is_empty())
}
