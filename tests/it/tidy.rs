//! The house rules that a machine can check. Each failure says what to do.
//!
//! What the compiler can teach is in `clippy.toml` and the workspace lints instead.

mod dependencies;
mod documents;
mod files;
mod sql;
mod syntax;

/// Fails with every offence found, and the way out.
#[track_caller]
pub(crate) fn refuse(offences: &[String], way_out: &str) {
    assert!(offences.is_empty(), "\n\n{}\n\n{way_out}\n", offences.join("\n"));
}
