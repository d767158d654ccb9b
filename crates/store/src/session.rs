//! Statements and how they are run: the same calls on both engines, inside a transaction or not.

use crate::column::{Columns, Row};
use crate::error::Error;
use crate::value::{Bind, Value};
use sqlx::postgres::{PgArguments, PgConnection, PgPool};
use sqlx::query::Query as SqlxQuery;
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqlitePool};
use sqlx::{Postgres, Sqlite};

/// A statement. Where one text does not serve both engines the two stand side by side.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// For SQLite.
    pub sqlite: &'static str,
    /// For PostgreSQL.
    pub postgres: &'static str,
}

impl From<&'static str> for Sql {
    fn from(both: &'static str) -> Self {
        Self { sqlite: both, postgres: both }
    }
}

/// Where a statement runs.
#[derive(Debug)]
pub enum Target<'a> {
    /// Any free reader of an embedded database.
    SqlitePool(&'a SqlitePool),
    /// Inside a transaction of an embedded database.
    Sqlite(&'a mut SqliteConnection),
    /// Any free connection to a PostgreSQL server.
    PostgresPool(&'a PgPool),
    /// Inside a transaction of a PostgreSQL server.
    Postgres(&'a mut PgConnection),
}

/// Something that statements can be run on.
pub trait Session: Send {
    /// Where they run.
    fn target(&mut self) -> Target<'_>;

    /// Begins a statement; values are bound in the order of `$1`, `$2`, ….
    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_>
    where
        Self: Sized,
    {
        Query { target: self.target(), sql: sql.into(), values: Vec::new() }
    }
}

/// A statement and the values bound to it.
#[derive(Debug)]
#[must_use]
pub struct Query<'a> {
    target: Target<'a>,
    sql: Sql,
    values: Vec<Value>,
}

impl Query<'_> {
    /// Binds the next value.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// Runs it, and says how many rows it changed.
    pub async fn execute(self) -> Result<u64, Error> {
        Ok(match self.target {
            Target::SqlitePool(pool) => sqlite(self.sql, self.values).execute(pool).await?.rows_affected(),
            Target::Sqlite(conn) => sqlite(self.sql, self.values).execute(conn).await?.rows_affected(),
            Target::PostgresPool(pool) => {
                postgres(self.sql, self.values).execute(pool).await?.rows_affected()
            }
            Target::Postgres(conn) => postgres(self.sql, self.values).execute(conn).await?.rows_affected(),
        })
    }

    /// The row it gives, if it gives one.
    pub async fn optional<R: Row>(self) -> Result<Option<R>, Error> {
        match self.target {
            Target::SqlitePool(pool) => sqlite_row(sqlite(self.sql, self.values).fetch_optional(pool).await?),
            Target::Sqlite(conn) => sqlite_row(sqlite(self.sql, self.values).fetch_optional(conn).await?),
            Target::PostgresPool(pool) => {
                postgres_row(postgres(self.sql, self.values).fetch_optional(pool).await?)
            }
            Target::Postgres(conn) => {
                postgres_row(postgres(self.sql, self.values).fetch_optional(conn).await?)
            }
        }
    }

    /// The one row it gives.
    pub async fn one<R: Row>(self) -> Result<R, Error> {
        self.optional().await?.ok_or(Error::Failed(sqlx::Error::RowNotFound))
    }

    /// Every row it gives.
    pub async fn all<R: Row>(self) -> Result<Vec<R>, Error> {
        match self.target {
            Target::SqlitePool(pool) => sqlite_rows(&sqlite(self.sql, self.values).fetch_all(pool).await?),
            Target::Sqlite(conn) => sqlite_rows(&sqlite(self.sql, self.values).fetch_all(conn).await?),
            Target::PostgresPool(pool) => {
                postgres_rows(&postgres(self.sql, self.values).fetch_all(pool).await?)
            }
            Target::Postgres(conn) => postgres_rows(&postgres(self.sql, self.values).fetch_all(conn).await?),
        }
    }
}

fn sqlite(sql: Sql, values: Vec<Value>) -> SqlxQuery<'static, Sqlite, SqliteArguments> {
    let query = sqlx::query(sql.sqlite);
    values.into_iter().fold(query, |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Real(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bool(value) => query.bind(value),
    })
}

fn postgres(sql: Sql, values: Vec<Value>) -> SqlxQuery<'static, Postgres, PgArguments> {
    let query = sqlx::query(sql.postgres);
    values.into_iter().fold(query, |query, value| match value {
        Value::Int(value) => query.bind(value),
        Value::Real(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Bool(value) => query.bind(value),
    })
}

fn sqlite_row<R: Row>(row: Option<sqlx::sqlite::SqliteRow>) -> Result<Option<R>, Error> {
    row.map(|row| R::read(&Columns::Sqlite(&row))).transpose()
}

fn postgres_row<R: Row>(row: Option<sqlx::postgres::PgRow>) -> Result<Option<R>, Error> {
    row.map(|row| R::read(&Columns::Postgres(&row))).transpose()
}

fn sqlite_rows<R: Row>(rows: &[sqlx::sqlite::SqliteRow]) -> Result<Vec<R>, Error> {
    rows.iter().map(|row| R::read(&Columns::Sqlite(row))).collect()
}

fn postgres_rows<R: Row>(rows: &[sqlx::postgres::PgRow]) -> Result<Vec<R>, Error> {
    rows.iter().map(|row| R::read(&Columns::Postgres(row))).collect()
}
