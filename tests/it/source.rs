//! The project's own files, as the house rules read them.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file of the project.
pub(crate) struct RustFile {
    /// Where it is below the project's folder.
    pub(crate) path: String,
    /// All of it.
    pub(crate) text: String,
}

impl RustFile {
    /// What comes before the file's own test module; nothing of a file that is all tests.
    pub(crate) fn code(&self) -> &str {
        let is_all_tests = !self.path.starts_with("tests/")
            && (self.path.contains("/tests/") || self.path.ends_with("tests.rs"));
        if is_all_tests {
            return "";
        }
        let end = self.text.find("\n#[cfg(test)]\n").unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// The syntax tree of all of it.
    pub(crate) fn syntax(&self) -> syn::File {
        syn::parse_file(&self.text).unwrap_or_else(|error| panic!("{} is not Rust: {error}", self.path))
    }
}

/// The project's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests are a folder of the project")
}

/// Every Rust file whose path below the project's folder starts so.
pub(crate) fn rust_files(prefix: &str) -> Vec<RustFile> {
    let files: Vec<RustFile> = text_files()
        .into_iter()
        .filter(|(path, _)| {
            path.starts_with(prefix) && Path::new(path).extension().is_some_and(|kind| kind == "rs")
        })
        .map(|(path, text)| RustFile { path, text })
        .collect();
    assert!(!files.is_empty(), "no Rust file below {prefix}: the rule that asked would hold for nothing");
    files
}

/// Path and contents of every text file of the project, sorted; what is built, fetched or run is left out.
pub(crate) fn text_files() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    walk(root(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let text = String::from_utf8(fs::read(&path).expect("a listed file can be read")).ok()?;
            let below = path.strip_prefix(root()).expect("the walk began at the root");
            Some((below.to_str().expect("our paths are UTF-8").to_owned(), text))
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    const NOT_OURS: [&str; 6] = [".git", ".tools", "target", "data", "node_modules", "corpus"];
    for entry in fs::read_dir(folder).expect("a folder of the project can be listed") {
        let entry = entry.expect("a folder of the project can be listed");
        let kind = entry.file_type().expect("an entry has a type");
        let name = entry.file_name();
        if NOT_OURS.iter().any(|ours| name == *ours) {
            // In a second work tree of the repository, `.git` is a file.
            continue;
        }
        if kind.is_dir() {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}
