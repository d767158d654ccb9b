//! How the engines go about the statements of timelines and threads, and about whatever grows: by an index, however much
//! there is.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use crate::databases;
use crate::statements::{Engines, Statement, collect};
use crate::tidy::refuse;

/// Where the statements of pages stand, and what is asked with every notification.
const PAGES: [&str; 11] = [
    "bookmarks",
    "contexts",
    "entries",
    "filters",
    "glimpses",
    "home",
    "media",
    "notifications",
    "push_subscriptions",
    "threads",
    "timelines",
];
/// Where a page is walked as the index lies, and nothing is sorted.
const UNSORTED: [&str; 3] = ["bookmarks", "entries", "notifications"];
/// What grows with everything that is written and told, here and elsewhere.
const GROWING: [&str; 18] = [
    "activity",
    "actor",
    "bookmark",
    "delivery",
    "entry",
    "follow",
    "heard",
    "inbox",
    "media",
    "notification",
    "poll_vote",
    "post",
    "post_mention",
    "post_tag",
    "reaction",
    "sent",
    "thread_context",
    "tombstone",
];
/// Where one of these is looked through all the same.
const LOOKED_THROUGH: [(&str, &str); 6] = [
    // For staff, who ask what waits where.
    ("deliveries", "delivery"),
    ("jobs", "delivery"),
    // An index by who wrote last would be written with every post.
    ("directory", "actor"),
    // When nobody here is in a community for members any more that lives elsewhere.
    ("letting_go", "inbox"),
    // When somebody decides about a host: which are under it.
    ("partings", "actor"),
    // Hashtags by how they begin, with how often each is used.
    ("search", "post_tag"),
];

fn reading(engine: Engines) -> Vec<Statement> {
    let mut statements = of(engine);
    statements.retain(|statement| is_of_a_page(statement) || is_about_what_goes(statement));
    assert!(statements.len() > 20, "the statements of pages are somewhere else now");
    statements
}

fn of(engine: Engines) -> Vec<Statement> {
    let mut statements = collect();
    statements.retain(|statement| [Engines::Both, engine].contains(&statement.engines));
    statements
}

fn is_of_a_page(statement: &Statement) -> bool {
    PAGES.iter().any(|page| is_in(statement, page))
        && (statement.text.starts_with("select ") || statement.text.starts_with("with "))
        && !statement.text.contains("update ")
}

/// What is written when somebody leaves is looked for while everybody else who writes waits, among what was told by all.
fn is_about_what_goes(statement: &Statement) -> bool {
    let is_told =
        ["update activity ", "delete from delivery "].iter().any(|begin| statement.text.starts_with(begin));
    is_in(statement, "gone") || (is_in(statement, "departures") && is_told)
}

fn is_in(statement: &Statement, page: &str) -> bool {
    statement.to_string().starts_with(&format!("crates/store/src/{page}.rs:"))
}

#[tokio::test]
async fn no_page_is_read_from_a_whole_table_on_sqlite() {
    let mut database = databases::sqlite().await;
    let mut offences = Vec::new();
    for statement in reading(Engines::Sqlite) {
        let steps = steps(&mut database, &statement).await;
        let known = woven(&statement.text);
        let scans = steps
            .iter()
            .filter_map(|step| step.strip_prefix("SCAN "))
            .filter(|scanned| scanned.split(' ').next().is_some_and(|name| !known.contains(name)));
        offences.extend(scans.map(|scanned| format!("reads all of {scanned}: {statement}")));
        let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
        let is_page = statement.text.contains("id < $") && statement.text.contains("limit $");
        if sorts && is_page && UNSORTED.iter().any(|page| is_in(&statement, page)) {
            offences.push(format!("sorts: {statement}"));
        }
    }
    refuse(&offences, "A page must be found by an index, or it takes longer with every post.");
}

#[tokio::test]
async fn nothing_that_grows_is_looked_through_on_sqlite() {
    let mut database = databases::sqlite().await;
    let mut offences = Vec::new();
    for statement in of(Engines::Sqlite) {
        let tables = growing(&statement.text);
        let steps = steps(&mut database, &statement).await;
        let scanned = steps.iter().filter_map(|step| step.strip_prefix("SCAN ")?.split(' ').next());
        let offending = scanned.filter_map(|name| tables.get(name)).filter(|table| {
            !LOOKED_THROUGH.iter().any(|(module, known)| known == *table && is_in(&statement, module))
        });
        offences.extend(offending.map(|table| format!("looks through every {table}: {statement}")));
    }
    refuse(
        &offences,
        "Give it an index in a migration: it takes longer every day, while everybody else waits.",
    );
}

/// No statistics are kept of an embedded database: which index is taken depends on the statement alone.
#[tokio::test]
async fn a_page_is_walked_along_the_index_that_is_made_for_it() {
    const WALKS: [(&str, &str, &str); 6] = [
        (
            "timelines",
            "p.community_id = $1 and p.id < $2",
            "post_community (community_id=? AND id>? AND id<?)",
        ),
        ("entries", "p.local = $5", "post_local (local=? AND id>? AND id<?)"),
        ("search", "handle_folded >= $1", "actor_handle (handle_folded>? AND handle_folded<?)"),
        ("search", "name_folded >= $1", "actor_name (name_folded>? AND name_folded<?)"),
        ("media", "created_at < $1", "media_post (post_id=?)"),
        ("activities", "a.at < $1", "activity_post (post_id=? AND at<?)"),
    ];
    let mut database = databases::sqlite().await;
    for (module, part, index) in WALKS {
        let mut walked = of(Engines::Sqlite);
        walked.retain(|statement| is_in(statement, module) && statement.text.contains(part));
        assert!(!walked.is_empty(), "no statement in {module} asks `{part}` any more");
        for statement in walked {
            let steps = steps(&mut database, &statement).await;
            assert!(steps.iter().any(|step| step.contains(index)), "{statement}\nby {index}, not {steps:#?}");
        }
    }
}

async fn steps(database: &mut SqliteConnection, statement: &Statement) -> Vec<String> {
    let explain = AssertSqlSafe(format!("explain query plan {}", statement.text));
    let plan = sqlx::query(explain).fetch_all(database).await.expect("it prepares");
    plan.iter().map(|row| row.get("detail")).collect()
}

/// The growing tables that a statement names, by the names that it gives them.
fn growing(text: &str) -> BTreeMap<&str, &str> {
    let words: Vec<&str> = text.split([' ', '\n', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
    let named = words
        .windows(2)
        .filter(|pair| matches!(pair[0], "from" | "join" | "update" | "into") && GROWING.contains(&pair[1]))
        .map(|pair| (pair[1], pair[1]));
    let renamed = words
        .windows(3)
        .filter(|words| matches!(words[0], "from" | "join") && GROWING.contains(&words[1]))
        .map(|words| (words[2], words[1]));
    named.chain(renamed).collect()
}

#[tokio::test]
async fn no_page_is_read_from_a_whole_table_on_postgres() {
    let Some(mut database) = databases::postgres("plans").await else { return };
    // An empty table is read as a whole for want of anything dearer, unless there is no other way.
    let settings = "set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan";
    sqlx::raw_sql(settings).execute(&mut *database).await.expect("they are settings");
    let (mut offences, mut plan) = (Vec::new(), Vec::new());
    for statement in reading(Engines::Postgres) {
        let values = vec!["null"; values(&statement.text)].join(", ");
        let values = if values.is_empty() { values } else { format!("({values})") };
        for step in [format!("prepare page as {}", statement.text), format!("explain execute page{values}")] {
            plan = sqlx::raw_sql(AssertSqlSafe(step)).fetch_all(&mut *database).await.expect("it prepares");
        }
        sqlx::raw_sql("deallocate page").execute(&mut *database).await.expect("it was prepared");
        let steps = plan.iter().map(|row| row.get::<String, _>(0));
        let scans = steps.filter(|step| step.contains("Seq Scan on"));
        offences.extend(scans.map(|step| format!("{}: {statement}", step.trim())));
    }
    refuse(&offences, "A page must be found by an index, or it takes longer with every post.");
}

/// How many values are bound to a statement.
fn values(text: &str) -> usize {
    (1..=99).take_while(|number| text.contains(&format!("${number}"))).count()
}

/// What a statement may go through as a whole: lists it was given, and parts of itself.
fn woven(text: &str) -> BTreeSet<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut names: BTreeSet<&str> = ["json_each", "CONSTANT"].into();
    names.extend(words.windows(2).filter(|pair| pair[1].starts_with('(')).map(|pair| pair[0]));
    let aliases =
        words.windows(3).filter(|words| matches!(words[0], "from" | "join") && names.contains(words[1]));
    let aliases: Vec<&str> = aliases.map(|words| words[2]).collect();
    names.extend(aliases);
    names
}
