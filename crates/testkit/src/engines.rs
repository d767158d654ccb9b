//! The same test on SQLite and on PostgreSQL, each on an empty database of its own.

use alongside_store::engine::Store;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection as _};
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use url::Url;

/// Names the PostgreSQL server whose user may create databases: `postgres://…`.
const SERVER: &str = "ALONGSIDE_TEST_POSTGRES";

/// Databases made by this process so far, for their names.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// Runs each body on both engines: `both_engines! { async fn name(store: Store) { … } }` becomes the
/// tests `name::sqlite` and `name::postgres`. The second is skipped, saying so, where no server is named.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($argument:ident: $type:ty) $body:block)+) => {
        $(
            $(#[$meta])*
            async fn $name($argument: $type) $body

            mod $name {
                #[tokio::test]
                async fn sqlite() {
                    $crate::engines::on_sqlite(|store| super::$name(store.into())).await;
                }

                #[tokio::test]
                async fn postgres() {
                    $crate::engines::on_postgres(|store| super::$name(store.into())).await;
                }
            }
        )+
    };
}

/// Runs a test on a new SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let store = Store::sqlite(&folder.path().join("test.db")).await.expect("SQLite opens");
    store.migrate().await.expect("the migrations run");
    test(store.clone()).await;
    store.close().await;
}

/// Runs a test on a new PostgreSQL database, which is dropped afterwards, also when the test fails.
pub async fn on_postgres<F>(test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = server() else { return skipped() };
    let name = format!("alongside_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    run(&server, format!("create database {name}")).await;
    let mut address = Url::parse(&server).expect("the server's address is a URL");
    address.set_path(&name);
    let store = Store::postgres(address.as_str()).await.expect("PostgreSQL answers");
    store.migrate().await.expect("the migrations run");
    let outcome = tokio::spawn(test(store.clone())).await;
    store.close().await;
    run(&server, format!("drop database {name} with (force)")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

async fn run(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.expect("PostgreSQL answers");
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .expect("the user may create databases");
    connection.close().await.expect("the connection closes");
}

#[expect(clippy::print_stdout, reason = "whoever runs the tests should see what did not run")]
fn skipped() {
    println!("skipped: {SERVER} is not set; `./dev test` sets it");
}

#[expect(clippy::disallowed_methods, reason = "a test learns from the environment which server to use")]
fn server() -> Option<String> {
    std::env::var(SERVER).ok().filter(|server| !server.is_empty())
}
