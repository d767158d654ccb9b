//! Rules about files as such: their size, their names, their first line, and what they must not mention.

use std::collections::BTreeSet;
use std::fs;

use crate::source;
use crate::tidy::refuse;

const LINES_MAX: usize = 400;

#[test]
fn a_file_is_one_thought() {
    let offences: Vec<String> = source::rust_files("")
        .iter()
        .map(|file| (file, file.code().lines().count()))
        .filter(|&(_, lines)| lines > LINES_MAX)
        .map(|(file, lines)| format!("{}: {lines} lines without its tests", file.path))
        .collect();
    refuse(
        &offences,
        &format!("Find the second thought in it and give it a file: {LINES_MAX} lines are the most."),
    );
}

#[test]
fn a_module_says_what_belongs_in_it() {
    let offences: Vec<String> = source::rust_files("")
        .iter()
        .filter(|file| !file.text.starts_with("//! ") && !file.text.starts_with("#![doc = include_str!("))
        .map(|file| file.path.clone())
        .collect();
    refuse(&offences, "Begin the file with a `//!` paragraph: what belongs here, and what does not.");
}

#[test]
fn a_module_is_named_for_what_it_holds() {
    const SAYS_NOTHING: [&str; 6] = ["utils", "util", "helpers", "common", "misc", "mod"];
    let offences: Vec<String> = source::rust_files("")
        .iter()
        .filter(|file| {
            let name = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs"));
            name.is_some_and(|name| SAYS_NOTHING.contains(&name))
        })
        .map(|file| file.path.clone())
        .collect();
    refuse(
        &offences,
        "Name the module for the noun in it; a folder's module is `folder.rs` beside the folder.",
    );
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    // Put together here, so that this file passes its own rule.
    let folders = ["home", "root", "Users", "work", "tmp"].map(|folder| format!("/{folder}/"));
    let mut offences = Vec::new();
    for (path, text) in source::text_files() {
        for (number, line) in (1..).zip(text.lines()) {
            if folders.iter().any(|folder| begins_a_path(line, folder)) {
                offences.push(format!("{path}:{number}: {}", line.trim()));
            }
        }
    }
    refuse(&offences, "Write the path from the project's folder, or ask for a temporary one.");
}

/// Whether the folder stands in the line as the start of a path, not inside a longer one or an address.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        line[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !before.is_alphanumeric() && !"./_-}{*".contains(before))
    })
}

#[test]
fn a_log_line_says_why_and_not_all_that_an_error_holds() {
    // Put together here, so that this file passes its own rule.
    let whole = ["(", " "].map(|before| format!("{before}?error"));
    let mut offences = Vec::new();
    for file in source::rust_files("") {
        for (number, line) in (1..).zip(file.code().lines()) {
            if whole.iter().any(|whole| line.contains(whole)) {
                offences.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    refuse(
        &offences,
        "What an engine says of a row may hold its words: write the error's message and its causes.",
    );
}

#[test]
fn exceptions_about_time_chance_and_environment_stay_in_their_places() {
    const PLACES: [&str; 7] = [
        "crates/server/",
        "crates/testkit/",
        "crates/federation/src/fetch",
        // Another process that writes rings no bell.
        "crates/store/src/embedded.rs",
        // Cargo tells it by the environment where to write.
        "crates/store/build.rs",
        "tests/",
        "benches/",
    ];
    let offences: Vec<String> = source::rust_files("")
        .iter()
        .filter(|file| file.code().contains("clippy::disallowed_methods"))
        .filter(|file| !PLACES.iter().any(|place| file.path.starts_with(place)))
        .map(|file| file.path.clone())
        .collect();
    refuse(
        &offences,
        "Only `server` reads the clock, chance and the environment, and only `federation::fetch` makes an HTTP \
         client. Take what you need as an argument.",
    );
}

#[test]
fn migrations_come_in_pairs_and_say_why() {
    let [sqlite, postgres] = ["sqlite", "postgres"].map(migrations);
    assert_eq!(
        sqlite, postgres,
        "A migration is a pair with one name: migrations/sqlite/NNNN_name.sql and migrations/postgres/NNNN_name.sql."
    );
    let offences: Vec<String> = source::text_files()
        .into_iter()
        .filter(|(path, text)| path.starts_with("migrations/") && !text.starts_with("-- "))
        .map(|(path, _)| path)
        .collect();
    refuse(&offences, "Begin the migration with a `-- ` line that says why it is there.");
}

fn migrations(engine: &str) -> BTreeSet<String> {
    let folder = source::root().join("migrations").join(engine);
    let names: BTreeSet<String> = fs::read_dir(folder)
        .expect("there is a folder of migrations for each engine")
        .map(|entry| entry.expect("it can be listed").file_name().into_string().expect("our names are UTF-8"))
        .collect();
    assert!(!names.is_empty(), "no migrations for {engine}");
    names
}
