//! Where SQL may be and how it is written.

use crate::source;
use crate::statements::{Engines, collect, looks_like_sql, string_literals};
use crate::tidy::refuse;

/// How many statements are written once for each engine. It may be raised on purpose, each with a line saying why
/// one statement cannot serve both.
const PAIRS: usize = 15;

#[test]
fn only_store_speaks_sql() {
    let mut offences = Vec::new();
    for file in source::rust_files("crates/") {
        if file.path.starts_with("crates/store/") || file.path.starts_with("crates/testkit/") {
            continue;
        }
        for literal in string_literals(&file).iter().filter(|literal| looks_like_sql(&literal.text)) {
            offences.push(format!("{}:{}: {}", file.path, literal.line, literal.text));
        }
    }
    refuse(&offences, "Move the statement to a function of `store`, and call that.");
}

#[test]
fn columns_are_listed() {
    let offences: Vec<String> = collect()
        .iter()
        .filter(|statement| {
            let words: Vec<&str> = statement.text.split_whitespace().collect();
            words.windows(2).any(|pair| pair[0] == "select" && (pair[1] == "*" || pair[1].ends_with(".*")))
        })
        .map(ToString::to_string)
        .collect();
    refuse(&offences, "List the columns: a new one must not change what an old statement returns.");
}

#[test]
fn statements_are_lowercase() {
    const KEYWORDS: [&str; 9] =
        ["SELECT", "INSERT", "UPDATE", "DELETE", "FROM", "WHERE", "AND", "ORDER", "VALUES"];
    let offences: Vec<String> = collect()
        .iter()
        .filter(|statement| statement.text.split_whitespace().any(|word| KEYWORDS.contains(&word)))
        .map(ToString::to_string)
        .collect();
    refuse(&offences, "SQL is plain lowercase text beside the function that runs it.");
}

#[test]
fn one_statement_serves_both_engines_but_for_a_counted_few() {
    let pairs: Vec<String> = collect()
        .iter()
        .filter(|statement| statement.engines == Engines::Sqlite)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        pairs.len(),
        PAIRS,
        "the number of `Sql {{ sqlite, postgres }}` pairs changed. Try one statement for both engines; when it cannot \
         be, say why beside the pair and write the new number in tests/it/tidy/sql.rs. They are:\n{}",
        pairs.join("\n")
    );
}
