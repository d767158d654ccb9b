//! Feeds the fuzz body for html from libFuzzer.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../html.rs"]
mod body;

fuzz_target!(|input: &[u8]| {
    body::run(input);
});
