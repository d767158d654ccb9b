//! Feeds the fuzz body from libFuzzer.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../body.rs"]
mod body;

fuzz_target!(|input: &[u8]| {
    body::run(input);
});
