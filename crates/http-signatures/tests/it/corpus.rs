//! Replays the fuzzer's corpus, so that what it once found stays found without a fuzzer.

use std::path::Path;

use crate::fuzz_body::{self, Reached};

#[test]
fn the_corpus_replays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/verify");
    let mut checked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let reached = fuzz_body::run(&std::fs::read(&path).unwrap());
        // The names say how far each seed must come, else the corpus has gone stale.
        let name = path.file_name().unwrap().to_str().unwrap();
        if name.starts_with("checked-") {
            assert_eq!(reached, Reached::Checked, "{name}");
            checked += 1;
        } else if name.starts_with("parsed-") {
            assert_eq!(reached, Reached::Parsed, "{name}");
        }
    }
    assert!(checked >= 4, "only {checked} seeds pass every check");
}
