//! Migrations are compiled in: a changed one is a changed crate. The macro that could list them would have both engines'
//! drivers built a second time, for the compiler.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[expect(clippy::disallowed_methods, reason = "Cargo says in the environment where a build script may write")]
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
    let mut list = String::new();
    for engine in ["sqlite", "postgres"] {
        let files = fs::read_dir(folder.join(engine)).expect("there is a folder for each engine");
        let mut files: Vec<_> = files.map(|file| file.expect("it can be listed").path()).collect();
        files.sort();
        let _ = writeln!(list, "pub(super) const {}: &[(&str, &str)] = &[", engine.to_uppercase());
        for file in files {
            let name = file.file_stem().and_then(OsStr::to_str).expect("a file has a name");
            let file = file.to_str().expect("the folder has a name that can be written");
            let _ = writeln!(list, "    ({name:?}, include_str!({file:?})),");
        }
        list.push_str("];\n");
    }
    let out = env::var("OUT_DIR").expect("Cargo says where");
    fs::write(Path::new(&out).join("migrations.rs"), list).expect("it may be written");
}
