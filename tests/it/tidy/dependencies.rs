//! Which crate may know which: the walls of the house.

use std::collections::BTreeSet;
use std::fs;

use crate::source;
use crate::tidy::refuse;

/// Each may use those before it.
const LAYERS: [&str; 6] = ["domain", "store", "app", "federation", "web", "server"];

/// Stand apart: the first is for `federation` alone, the second for tests alone.
const SIGNATURES: &str = "http-signatures";
const TESTKIT: &str = "testkit";

/// What a crate must never learn to speak, in its own code; its tests may.
const MUST_NOT_KNOW: [(&str, &[&str]); 7] = [
    (
        "domain",
        &[
            "activitypub_federation",
            "axum",
            "futures-util",
            "http",
            "hyper",
            "reqwest",
            "sqlx",
            "tokio",
            "tower",
        ],
    ),
    ("store", &["activitypub_federation", "axum", "http", "hyper", "reqwest", "tower"]),
    ("app", &["activitypub_federation", "axum", "hyper", "lettre", "reqwest", "sqlx", "tower"]),
    ("federation", &["axum", "lettre", "sqlx", "tower"]),
    ("web", &["activitypub_federation", "lettre", "reqwest", "sqlx"]),
    ("server", &["activitypub_federation", "sqlx"]),
    (SIGNATURES, &["activitypub_federation", "axum", "reqwest", "serde_json", "sqlx", "tokio"]),
];

#[test]
fn crates_use_only_what_stands_to_their_left() {
    let mut offences = Vec::new();
    for name in crate_names() {
        let manifest = Manifest::read(&name);
        let allowed = left_of(&name);
        for used in manifest.ours("dependencies").chain(manifest.ours("build-dependencies")) {
            if !allowed.contains(used.as_str()) {
                offences.push(format!("crates/{name}/Cargo.toml: `{name}` uses `{used}`"));
            }
        }
        for used in manifest.ours("dev-dependencies") {
            if used != TESTKIT && !allowed.contains(used.as_str()) {
                offences.push(format!("crates/{name}/Cargo.toml: the tests of `{name}` use `{used}`"));
            }
        }
    }
    refuse(
        &offences,
        "Dependencies run one way: domain ← store ← app ← federation ← web ← server; only `federation` uses \
         `http-signatures`, and only tests use `testkit`. Move the code to where both sides can see it, or pass \
         what is needed as an argument.",
    );
}

#[test]
fn crates_do_not_know_what_is_beyond_their_wall() {
    let mut offences = Vec::new();
    for (name, forbidden) in MUST_NOT_KNOW {
        for used in Manifest::read(name).names("dependencies") {
            if forbidden.contains(&used.as_str()) {
                offences.push(format!("crates/{name}/Cargo.toml: `{name}` uses `{used}`"));
            }
        }
    }
    refuse(
        &offences,
        "The table of ARCHITECTURE.md says what each crate must not know. Do this work in the crate that may, and \
         hand over one of our own types.",
    );
}

#[test]
fn every_crate_has_a_place_in_the_house() {
    let known: BTreeSet<String> =
        LAYERS.iter().chain(&[SIGNATURES, TESTKIT]).map(|&name| name.to_owned()).collect();
    assert_eq!(
        crate_names(),
        known,
        "A new crate needs a decision record in docs/decisions, and then a place in this file's tables."
    );
}

#[test]
fn versions_are_written_once() {
    let mut offences = Vec::new();
    for name in crate_names() {
        let manifest = Manifest::read(&name);
        for section in ["dependencies", "dev-dependencies"] {
            for (used, value) in manifest.section(section) {
                if value.get("workspace").is_none() {
                    offences.push(format!("crates/{name}/Cargo.toml: `{used}`"));
                }
            }
        }
    }
    refuse(&offences, "Write the version in the root Cargo.toml and `{ workspace = true }` here.");
}

/// What a crate may use of the house.
fn left_of(name: &str) -> BTreeSet<&'static str> {
    if name == TESTKIT {
        return LAYERS.into_iter().chain([SIGNATURES]).collect();
    }
    let mut allowed: BTreeSet<&str> = LAYERS.into_iter().take_while(|&layer| layer != name).collect();
    if name == SIGNATURES {
        allowed.clear();
    }
    if name == "federation" {
        allowed.insert(SIGNATURES);
    }
    allowed
}

fn crate_names() -> BTreeSet<String> {
    fs::read_dir(source::root().join("crates"))
        .expect("the crates can be listed")
        .map(|entry| {
            entry.expect("the crates can be listed").file_name().into_string().expect("our names are UTF-8")
        })
        .collect()
}

struct Manifest(toml::Table);

impl Manifest {
    fn read(name: &str) -> Self {
        let path = source::root().join("crates").join(name).join("Cargo.toml");
        let text = fs::read_to_string(&path).expect("every crate has a manifest");
        Self(text.parse().expect("cargo has read this manifest before us"))
    }

    fn section(&self, name: &str) -> impl Iterator<Item = (&String, &toml::Value)> {
        self.0.get(name).and_then(toml::Value::as_table).into_iter().flatten()
    }

    fn names(&self, section: &str) -> impl Iterator<Item = String> {
        self.section(section).map(|(name, _)| name.clone())
    }

    /// The crates of the house among them, by their folder.
    fn ours(&self, section: &str) -> impl Iterator<Item = String> {
        self.names(section).filter_map(|name| match name.strip_prefix("alongside-") {
            Some(folder) => Some(folder.to_owned()),
            None if name == "alongside" => Some("server".to_owned()),
            None if name == SIGNATURES => Some(name),
            None => None,
        })
    }
}
