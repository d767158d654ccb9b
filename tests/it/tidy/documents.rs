//! Rules about the written pages: every link leads somewhere, and every page can be found.

use std::path::Path;

use crate::source;
use crate::tidy::refuse;

#[test]
fn links_lead_somewhere() {
    let mut offences = Vec::new();
    for (path, text) in pages() {
        let folder = Path::new(&path).parent().expect("a file is in a folder");
        // Addresses elsewhere are not ours to promise, and rustdoc checks paths of items.
        for link in links(&text).filter(|link| !link.contains(':') && !link.starts_with('#')) {
            let file = link.split('#').next().unwrap_or(link);
            if !source::root().join(folder).join(file).exists() {
                offences.push(format!("{path}: {link}"));
            }
        }
    }
    refuse(&offences, "Write the page, or take the link away.");
}

#[test]
fn every_page_is_in_the_book() {
    let (_, contents) =
        pages().find(|(path, _)| path == "docs/SUMMARY.md").expect("the book has a table of contents");
    let offences: Vec<String> = pages()
        .filter_map(|(path, _)| path.strip_prefix("docs/").map(str::to_owned))
        .filter(|page| page != "SUMMARY.md" && !links(&contents).any(|link| link == page))
        .collect();
    refuse(&offences, "Add the page to docs/SUMMARY.md.");
}

#[test]
fn every_test_that_a_page_promises_exists() {
    let (_, advisories) =
        pages().find(|(path, _)| path == "docs/advisories.md").expect("the advisories have a page");
    let rows = advisories.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| advisory "));
    let sources: Vec<String> = source::rust_files("").into_iter().map(|file| file.text).collect();
    let mut offences = Vec::new();
    for row in rows {
        let cells = row.trim_matches(['|', ' ']).rsplit('|').next().unwrap_or_default();
        let tests: Vec<&str> = cells.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() {
            offences.push(format!("no test: {row}"));
        }
        let exists = |test: &str| sources.iter().any(|text| text.contains(&format!("fn {test}(")));
        offences
            .extend(tests.into_iter().filter(|test| !exists(test)).map(|test| format!("no {test}: {row}")));
    }
    refuse(&offences, "Write the test where the rule lies, named for the advisory, or mend the row.");
}

fn pages() -> impl Iterator<Item = (String, String)> {
    source::text_files()
        .into_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|kind| kind == "md"))
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}
