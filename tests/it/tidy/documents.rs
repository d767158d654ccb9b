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

fn pages() -> impl Iterator<Item = (String, String)> {
    source::text_files()
        .into_iter()
        .filter(|(path, _)| Path::new(path).extension().is_some_and(|kind| kind == "md"))
}

fn links(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}
