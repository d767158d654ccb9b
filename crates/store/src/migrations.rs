//! The migrations of each engine, compiled in. What they are called says in which order they are run.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::sync::LazyLock;

mod files {
    //! The name and the text of every file, as the build script lists them.

    include!(concat!(env!("OUT_DIR"), "/migrations.rs"));
}

/// Those of SQLite.
pub(crate) static SQLITE: LazyLock<Migrator> = LazyLock::new(|| of(files::SQLITE));
/// Those of PostgreSQL.
pub(crate) static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| of(files::POSTGRES));

/// Files are named `0001_what_it_does`.
fn of(files: &[(&str, &'static str)]) -> Migrator {
    let migrations = files.iter().map(|(name, text)| {
        let (number, what) = name.split_once('_').expect("the name says what it does");
        let number = number.parse().expect("the name begins with a number");
        let what = what.replace('_', " ").into();
        Migration::new(number, what, MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_domain::id::PostId;
    use alongside_domain::job::Job;

    #[tokio::test]
    async fn a_database_of_an_earlier_version_finds_the_migrations_that_it_has() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations/sqlite");
        let read = Migrator::new(folder).await.unwrap();
        let marks = |migrator: &Migrator| migrator.iter().map(|one| one.checksum.clone()).collect::<Vec<_>>();
        assert_eq!(marks(&read), marks(&SQLITE), "applied ones are told by their checksums");
    }

    #[test]
    fn the_job_that_a_migration_leaves_can_be_done() {
        let job = serde_json::to_string(&Job::IndexOlder { below: PostId::new(i64::MAX) }).unwrap();
        for files in [files::SQLITE, files::POSTGRES] {
            assert!(files.iter().any(|(_, text)| text.contains(&format!("'{job}'"))), "{job}");
        }
    }
}
