//! Migrations are compiled in: a changed one is a changed crate.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
