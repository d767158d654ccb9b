//! Databases with every migration applied, made once and copied for each test: to copy one takes a fraction of the time
//! that it takes to run all migrations.

use alongside_store::engine::Store;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use tokio::sync::OnceCell;
use url::Url;

/// What processes that want the same database of PostgreSQL wait for.
const LOCK: i64 = 0x616c_6f6e_6773_6964;

/// What is in the file of a database of SQLite.
pub(crate) async fn sqlite() -> &'static [u8] {
    static FILE: OnceCell<Vec<u8>> = OnceCell::const_new();
    FILE.get_or_init(|| async {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let file = folder.path().join("migrated.db");
        let store = Store::sqlite(&file).expect("SQLite opens");
        store.migrate().await.expect("the migrations run");
        // Now everything is in this file, and nothing in the log beside it.
        store.close().await;
        std::fs::read(&file).expect("the database can be read")
    })
    .await
}

/// The name of a database of this PostgreSQL server. It stays there for the next process that runs tests, under a name of
/// its own for each set of migrations.
pub(crate) async fn postgres(server: &str) -> &'static str {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(|| on_server(server)).await
}

async fn on_server(server: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/postgres");
    let migrations = Migrator::new(folder).await.expect("the migrations can be read");
    let mut hasher = DefaultHasher::new();
    migrations.iter().for_each(|migration| migration.checksum.hash(&mut hasher));
    let name = format!("alongside_migrated_{:016x}", hasher.finish());
    let mut connection = PgConnection::connect(server).await.expect("PostgreSQL answers");
    let lock = sqlx::query("select pg_advisory_lock($1)").bind(LOCK);
    lock.execute(&mut connection).await.expect("the lock goes with the connection");
    let known = sqlx::query_scalar("select count(*) from pg_database where datname = $1").bind(&name);
    let known: i64 = known.fetch_one(&mut connection).await.expect("databases have names");
    if known == 0 {
        // One that was left half done is not taken for a whole one.
        let unfinished = format!("{name}_unfinished");
        run(&mut connection, format!("drop database if exists {unfinished} with (force)")).await;
        run(&mut connection, format!("create database {unfinished}")).await;
        let mut inside =
            PgConnection::connect(&address(server, &unfinished)).await.expect("PostgreSQL answers");
        migrations.run(&mut inside).await.expect("the migrations run");
        inside.close().await.expect("the connection closes");
        run(&mut connection, format!("alter database {unfinished} rename to {name}")).await;
    }
    connection.close().await.expect("the connection closes");
    name
}

/// The address of a database of a server.
pub(crate) fn address(server: &str, name: &str) -> String {
    let mut address = Url::parse(server).expect("the server's address is a URL");
    address.set_path(name);
    address.into()
}

/// Runs a statement about whole databases.
pub(crate) async fn run(connection: &mut PgConnection, statement: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await;
    done.expect("the user may create databases");
}
