//! Replays the fuzzers' corpora, so that what they once found stays found without a fuzzer.

use std::fs;
use std::path::Path;

#[path = "../../fuzz/documents.rs"]
mod documents;
#[path = "../../fuzz/html.rs"]
mod html;

use documents::Reached;
use proptest::collection::vec;
use proptest::prelude::{any, proptest};
use proptest::sample::Index;

/// The seeds of a target with their names, in order.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut seeds: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    seeds.sort();
    seeds
}

#[test]
fn the_documents_replay() {
    let seeds = seeds("documents");
    for (name, text) in &seeds {
        // The names say how far each seed must come, else the corpus has gone stale.
        let expected = match name.split('-').next() {
            Some("proof") => Reached::Proof,
            Some("document") => Reached::Document,
            _ => Reached::Nothing,
        };
        assert_eq!(documents::run(text), expected, "{name}");
    }
    assert!(seeds.len() >= 8, "only {} seeds", seeds.len());
}

#[test]
fn the_texts_replay() {
    let seeds = seeds("html");
    for (name, text) in &seeds {
        let left = html::run(text);
        assert_eq!(left.is_some(), !name.starts_with("bytes-"), "{name}");
    }
    assert!(seeds.len() >= 8, "only {} seeds", seeds.len());
}

/// The seed with some bytes replaced and its end cut off, as a fuzzer would do it.
fn changed(seeds: &[(String, Vec<u8>)], which: Index, edits: &[(Index, u8)], cut: Option<Index>) -> Vec<u8> {
    let mut text = which.get(seeds).1.clone();
    for (at, byte) in edits {
        *at.get_mut(&mut text) = *byte;
    }
    if let Some(end) = cut {
        text.truncate(end.index(text.len()));
    }
    text
}

proptest! {
    #[test]
    fn changed_seeds_do_no_harm(
        which in any::<Index>(),
        edits in vec((any::<Index>(), any::<u8>()), 0..8),
        cut in any::<Option<Index>>(),
    ) {
        documents::run(&changed(&seeds("documents"), which, &edits, cut));
        html::run(&changed(&seeds("html"), which, &edits, cut));
    }
}
