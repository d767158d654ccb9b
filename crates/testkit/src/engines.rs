//! The same test on SQLite and on PostgreSQL, each on an empty database of its own.

use crate::migrated;
use alongside_store::engine::Store;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::task::JoinError;

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

/// Runs a function on as many stores as it asks for, all on one engine and then all on the other:
/// `both_engines_many!(the_story)`, for `async fn the_story(stores: [Store; 3])`, becomes the tests
/// `the_story::sqlite` and `the_story::postgres`.
#[macro_export]
macro_rules! both_engines_many {
    ($($name:ident),+) => {
        $(
            mod $name {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    $crate::engines::many_on_sqlite(|stores| Box::pin(super::$name(stores))).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    $crate::engines::many_on_postgres(|stores| Box::pin(super::$name(stores))).await;
                }
            }
        )+
    };
}

/// Runs a test on a new SQLite file.
pub async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Store) -> F) {
    many_on_sqlite(|[store]| test(store)).await;
}

/// Runs a test on new SQLite files.
pub async fn many_on_sqlite<const N: usize, F: Future<Output = ()>>(test: impl FnOnce([Store; N]) -> F) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let mut stores = Vec::with_capacity(N);
    for number in 0..N {
        let file = folder.path().join(format!("test-{number}.db"));
        std::fs::write(&file, migrated::sqlite().await).expect("a copy for the test");
        stores.push(Store::sqlite(&file).expect("SQLite opens"));
    }
    test(all(&stores)).await;
    for store in stores {
        store.close().await;
    }
}

/// Runs a test on a new PostgreSQL database, which is dropped afterwards, also when the test fails.
pub async fn on_postgres<F>(test: impl FnOnce(Store) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    many_on_postgres(|[store]| test(store)).await;
}

/// Runs a test on new PostgreSQL databases, which are dropped afterwards, also when the test fails.
pub async fn many_on_postgres<const N: usize, F>(test: impl FnOnce([Store; N]) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = server() else { return skipped() };
    let mut stores = Vec::with_capacity(N);
    let mut names = Vec::with_capacity(N);
    for _ in 0..N {
        let name = create(&server).await;
        stores.push(open(&server, &name).await);
        names.push(name);
    }
    let outcome = tokio::spawn(test(all(&stores))).await;
    end(&server, stores, names, outcome).await;
}

/// Runs a test with two servers on one new PostgreSQL database.
pub async fn two_on_one_postgres<F>(test: impl FnOnce([Store; 2]) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let Some(server) = server() else { return skipped() };
    let name = create(&server).await;
    let stores = vec![open(&server, &name).await, open(&server, &name).await];
    let outcome = tokio::spawn(test(all(&stores))).await;
    end(&server, stores, vec![name], outcome).await;
}

async fn create(server: &str) -> String {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("alongside_test_{}_{number}", std::process::id());
    let whole = migrated::postgres(server).await;
    run(server, format!("create database {name} template {whole}")).await;
    name
}

async fn open(server: &str, name: &str) -> Store {
    let store = Store::postgres(&migrated::address(server, name)).await.expect("PostgreSQL answers");
    // The migrations were read from their folder: were they others than those built in, it would say so.
    store.migrate().await.expect("the migrations are those that were run");
    store
}

async fn end(server: &str, stores: Vec<Store>, names: Vec<String>, outcome: Result<(), JoinError>) {
    for store in stores {
        store.close().await;
    }
    for name in names {
        run(server, format!("drop database {name} with (force)")).await;
    }
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

fn all<const N: usize>(stores: &[Store]) -> [Store; N] {
    stores.to_vec().try_into().expect("as many as were made")
}

async fn run(server: &str, statement: String) {
    let mut connection = PgConnection::connect(server).await.expect("PostgreSQL answers");
    migrated::run(&mut connection, statement).await;
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
