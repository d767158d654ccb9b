//! Statements and how they are run: the same calls on both engines, inside a transaction or not.

use crate::column::{Columns, Places, Row, SqliteColumns};
use crate::embedded::{self, Embedded};
use crate::error::Error;
use crate::page::Page;
use crate::value::{Bind, Value};
use rusqlite::{Connection, Rows};
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgConnection, PgPool};
use sqlx::query::Query as SqlxQuery;
use tokio::task::coop::consume_budget;

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
    /// Any reader of an embedded database.
    Embedded(&'a Embedded),
    /// Inside a transaction of an embedded database.
    EmbeddedTx(&'a mut Connection),
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
        Query::new(self.target(), sql.into())
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

impl<'a> Query<'a> {
    pub(crate) fn new(target: Target<'a>, sql: Sql) -> Self {
        Self { target, sql, values: Vec::new() }
    }

    /// Binds the next value.
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// Binds the next three values: the id that a page stays below, the one it stays above, and how many rows it has.
    pub fn bind_page(self, page: &Page) -> Self {
        self.bind(page.below()).bind(page.above()).bind(page.limit)
    }

    /// Runs it, and says how many rows it changed.
    pub async fn execute(self) -> Result<u64, Error> {
        let (sql, values) = (self.sql, self.values);
        Ok(match self.target {
            Target::Embedded(embedded) => {
                yielding(move || embedded.read(|on| changed(on, sql, &values))).await?
            }
            Target::EmbeddedTx(on) => yielding(move || changed(on, sql, &values)).await?,
            Target::PostgresPool(pool) => postgres(sql, values).execute(pool).await?.rows_affected(),
            Target::Postgres(conn) => postgres(sql, values).execute(conn).await?.rows_affected(),
        })
    }

    /// The row it gives, if it gives one.
    pub async fn optional<R: Row>(self) -> Result<Option<R>, Error> {
        let (sql, values) = (self.sql, self.values);
        match self.target {
            Target::Embedded(embedded) => yielding(move || embedded.read(|on| first(on, sql, &values))).await,
            Target::EmbeddedTx(on) => yielding(move || first(on, sql, &values)).await,
            Target::PostgresPool(pool) => postgres_row(postgres(sql, values).fetch_optional(pool).await?),
            Target::Postgres(conn) => postgres_row(postgres(sql, values).fetch_optional(conn).await?),
        }
    }

    /// The one row it gives.
    pub async fn one<R: Row>(self) -> Result<R, Error> {
        self.optional().await?.ok_or_else(|| sqlx::Error::RowNotFound.into())
    }

    /// Every row it gives.
    pub async fn all<R: Row>(self) -> Result<Vec<R>, Error> {
        let (sql, values) = (self.sql, self.values);
        match self.target {
            Target::Embedded(embedded) => yielding(move || embedded.read(|on| every(on, sql, &values))).await,
            Target::EmbeddedTx(on) => yielding(move || every(on, sql, &values)).await,
            Target::PostgresPool(pool) => postgres_rows(&postgres(sql, values).fetch_all(pool).await?),
            Target::Postgres(conn) => postgres_rows(&postgres(sql, values).fetch_all(conn).await?),
        }
    }
}

/// Runs at once, but lets others run first when it has been running for long: nothing else in a series of
/// statements on an embedded database waits for anything.
async fn yielding<T>(run: impl FnOnce() -> T) -> T {
    consume_budget().await;
    run()
}

fn changed(connection: &Connection, sql: Sql, values: &[Value]) -> Result<u64, Error> {
    embedded::run(connection, sql.sqlite, values, |rows| {
        while rows.next()?.is_some() {}
        Ok(())
    })?;
    Ok(connection.changes())
}

fn first<R: Row>(connection: &Connection, sql: Sql, values: &[Value]) -> Result<Option<R>, Error> {
    embedded::run(connection, sql.sqlite, values, |rows| {
        let found = next(rows, &Places::default())?;
        // A statement that changes rows changes all of them only when it is run to its end.
        while rows.next()?.is_some() {}
        Ok(found)
    })
}

fn every<R: Row>(connection: &Connection, sql: Sql, values: &[Value]) -> Result<Vec<R>, Error> {
    embedded::run(connection, sql.sqlite, values, |rows| {
        let places = Places::default();
        std::iter::from_fn(|| next(rows, &places).transpose()).collect()
    })
}

fn next<R: Row>(rows: &mut Rows<'_>, places: &Places) -> Result<Option<R>, Error> {
    let row = rows.next()?;
    row.map(|row| R::read(&Columns::Sqlite(SqliteColumns::of(row, places)))).transpose()
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

fn postgres_row<R: Row>(row: Option<sqlx::postgres::PgRow>) -> Result<Option<R>, Error> {
    row.map(|row| R::read(&Columns::Postgres(&row))).transpose()
}

fn postgres_rows<R: Row>(rows: &[sqlx::postgres::PgRow]) -> Result<Vec<R>, Error> {
    rows.iter().map(|row| R::read(&Columns::Postgres(row))).collect()
}
