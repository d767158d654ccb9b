//! Checks of what the node keeps: whether the database can be used, and what is in it can be trusted.

use crate::config::Config;
use crate::doctor::{Finding, Verdict};
use crate::wiring;
use alongside_domain::causes;
use alongside_domain::place::Place;
use alongside_federation::keys::NODE_HANDLE;
use alongside_store::engine::Store;
use alongside_store::{actors, audit, error, keys};
use std::error::Error;

const DATABASE: &str = "database";
const KEYS: &str = "keys";
const TRAIL: &str = "audit trail";

/// The database first, and what is in it only where it can be used.
pub(super) async fn examine(config: &Config) -> Vec<Finding> {
    if config.database.is_none() && !config.sqlite_file().exists() {
        // Opening it would make it.
        let file = config.sqlite_file();
        let says = format!("{} does not exist yet; `alongside serve` makes it", file.display());
        return vec![Finding::warning(DATABASE, says)];
    }
    let store = match wiring::connect(config).await {
        Ok(store) => store,
        Err(error) => return vec![unusable(&error, config)],
    };
    let mut findings = vec![shape(&store, config).await];
    if findings[0].verdict == Verdict::Fine {
        findings.extend([keys(config, &store).await, trail(&store).await]);
    }
    store.close().await;
    findings
}

async fn shape(store: &Store, config: &Config) -> Finding {
    match store.is_migrated().await {
        Ok(true) => Finding::fine(
            DATABASE,
            format!("{} answers, in the shape this version needs", store.engine_name()),
        ),
        Ok(false) => {
            let remedy = "run `alongside migrate`; where that is refused, a newer version of the program was here before";
            Finding::failure(DATABASE, format!("has not the shape this version needs; {remedy}"))
        }
        Err(error) => unusable(&error, config),
    }
}

fn unusable(error: &error::Error, config: &Config) -> Finding {
    let remedy = match &config.database {
        Some(_) => "check that PostgreSQL runs and that `database` has its address, user and password",
        None => "check who owns the files in the data folder, or restore a backup",
    };
    Finding::failure(DATABASE, format!("cannot be used: {}; {remedy}", causes::line(error)))
}

/// Whether what the node signs with can be read. Keys are made when they are first needed, not here.
async fn keys(config: &Config, store: &Store) -> Finding {
    match read_keys(config, store).await {
        Ok(Own::Read) => Finding::fine(KEYS, "can be read"),
        Ok(Own::NotMade) => Finding::fine(KEYS, "will be made when they are first needed"),
        Ok(Own::Of(address)) => {
            let remedy = "set `url` back: others know everybody here under that address";
            Finding::failure(KEYS, format!("belong to {address}, not to {}; {remedy}", config.url))
        }
        Err(error) => {
            let says = format!("cannot be read: {}; restore them from a backup", causes::line(&*error));
            Finding::failure(KEYS, says)
        }
    }
}

/// What there is of the node's own keys.
enum Own {
    Read,
    NotMade,
    Of(String),
}

async fn read_keys(config: &Config, store: &Store) -> Result<Own, Box<dyn Error + Send + Sync>> {
    let mut reader = store.reader();
    let Some(actor) = actors::find_by_address(&mut reader, NODE_HANDLE, "").await? else {
        return Ok(Own::NotMade);
    };
    let node = wiring::node(config, store.clone(), config.node_number)?;
    if actor.uri != node.app().places().of(Place::Node) {
        return Ok(Own::Of(actor.uri));
    }
    if keys::of_actor(&mut reader, actor.id).await?.is_empty() {
        return Ok(Own::NotMade);
    }
    node.keys_of(&actor).await?;
    Ok(Own::Read)
}

/// Whether the audit trail stands as it was written.
async fn trail(store: &Store) -> Finding {
    match audit::first_broken(&mut store.reader()).await {
        Ok(None) => Finding::fine(TRAIL, "stands as it was written"),
        Ok(Some(line)) => {
            let (id, verb) = (line.id, line.verb);
            let what = format!("its line {id} ({verb}) was changed, or the one before it was or is gone");
            Finding::warning(
                TRAIL,
                format!("{what}; compare it with a backup, and ask who can write to the database"),
            )
        }
        Err(error) => Finding::failure(TRAIL, format!("cannot be read: {}", causes::line(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_federation::keys::node_actor;
    use alongside_store::session::Session as _;

    async fn verdicts(config: &Config) -> Vec<(&'static str, Verdict)> {
        examine(config).await.into_iter().map(|finding| (finding.about, finding.verdict)).collect()
    }

    #[tokio::test]
    async fn what_is_not_there_yet_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        assert_eq!(verdicts(&config).await, [(DATABASE, Verdict::Warning)]);
        assert!(!config.sqlite_file().exists());
        let store = wiring::connect(&config).await.unwrap();
        assert_eq!(verdicts(&config).await, [(DATABASE, Verdict::Failure)], "nothing was ever migrated");
        store.migrate().await.unwrap();
        assert_eq!(
            verdicts(&config).await,
            [(DATABASE, Verdict::Fine), (KEYS, Verdict::Fine), (TRAIL, Verdict::Fine)]
        );
    }

    #[tokio::test]
    async fn keys_are_read_and_belong_to_one_address() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let node = wiring::server(&config).await.unwrap();
        let actor = node_actor(node.app()).await.unwrap();
        node.keys_of(&actor).await.unwrap();
        assert_eq!(verdicts(&config).await[..2], [(DATABASE, Verdict::Fine), (KEYS, Verdict::Fine)]);
        let moved = Config { url: "https://elsewhere.example.org".parse().unwrap(), ..config };
        assert_eq!(verdicts(&moved).await[..2], [(DATABASE, Verdict::Fine), (KEYS, Verdict::Failure)]);
    }

    #[tokio::test]
    async fn a_line_of_the_audit_trail_that_was_changed_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        let node = wiring::server(&config).await.unwrap();
        let app = node.app();
        for verb in ["post.remove", "member.ban"] {
            let mut tx = app.store().begin().await.unwrap();
            audit::append(&mut tx, app.ids(), app.now(), None, verb, "", "").await.unwrap();
            tx.commit().await.unwrap();
        }
        assert_eq!(verdicts(&config).await[2], (TRAIL, Verdict::Fine));
        let mut tx = app.store().begin().await.unwrap();
        tx.query("update audit set verb = 'nothing'").execute().await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(verdicts(&config).await[2], (TRAIL, Verdict::Warning));
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data_dir: folder.path().to_owned(), ..Config::default() };
        std::fs::write(config.sqlite_file(), "not a database at all, only words").unwrap();
        assert_eq!(verdicts(&config).await, [(DATABASE, Verdict::Failure)]);
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_is_a_failure() {
        let database = Some("postgres://nobody@127.0.0.1:1/nothing".parse().unwrap());
        let config = Config { database, ..Config::default() };
        assert_eq!(verdicts(&config).await, [(DATABASE, Verdict::Failure)]);
    }
}
