//! Feeds the fuzz body for documents from libFuzzer.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../documents.rs"]
mod body;

fuzz_target!(|input: &[u8]| {
    body::run(input);
});
