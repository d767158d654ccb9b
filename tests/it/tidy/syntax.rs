//! Rules about what is written inside a file: imports, re-exports, attributes.

use syn::visit::Visit;

use crate::source::{self, RustFile};
use crate::tidy::refuse;

#[test]
fn imports_name_what_they_bring() {
    let offences = found_in_every_file(|used| used.is_glob() && used.path != ["super", "*"]);
    refuse(&offences, "Name what is imported; a test module beside its code may `use super::*`.");
}

#[test]
fn a_thing_has_one_address() {
    // `http-signatures` is written for others too, who want a short way in.
    let offences: Vec<String> = found_in_every_file(|used| used.is_public)
        .into_iter()
        .filter(|offence| !offence.starts_with("crates/http-signatures/"))
        .collect();
    refuse(
        &offences,
        "No re-exports inside the workspace: make the module `pub` and use the thing where it lives.",
    );
}

#[test]
fn no_test_is_switched_off() {
    let mut offences = Vec::new();
    for file in source::rust_files("") {
        let mut attributes = Attributes(Vec::new());
        attributes.visit_file(&file.syntax());
        offences.extend(attributes.0.into_iter().map(|name| format!("{}: #[{name}]", file.path)));
    }
    refuse(
        &offences,
        "Assert the wrong behaviour as wrong, with the reason, instead of `ignore` or `should_panic`.",
    );
}

struct Attributes(Vec<String>);

impl<'ast> Visit<'ast> for Attributes {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        for name in ["ignore", "should_panic"] {
            if attribute.path().is_ident(name) {
                self.0.push(name.to_owned());
            }
        }
    }
}

fn found_in_every_file(is_offence: impl Fn(&Used) -> bool) -> Vec<String> {
    source::rust_files("").iter().flat_map(|file| found_in(file, &is_offence)).collect()
}

fn found_in(file: &RustFile, is_offence: impl Fn(&Used) -> bool) -> Vec<String> {
    let mut uses = Uses(Vec::new());
    uses.visit_file(&file.syntax());
    let offending = uses.0.into_iter().filter(is_offence);
    offending.map(|used| format!("{}:{}: use {}", file.path, used.line, used.path.join("::"))).collect()
}

/// One name brought in by a `use`.
struct Used {
    path: Vec<String>,
    line: usize,
    is_public: bool,
}

impl Used {
    fn is_glob(&self) -> bool {
        self.path.last().is_some_and(|last| last == "*")
    }
}

struct Uses(Vec<Used>);

impl Uses {
    fn flatten(&mut self, tree: &syn::UseTree, mut path: Vec<String>, item: &syn::ItemUse) {
        match tree {
            syn::UseTree::Path(step) => {
                path.push(step.ident.to_string());
                return self.flatten(&step.tree, path, item);
            }
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.flatten(tree, path.clone(), item));
            }
            syn::UseTree::Name(name) => path.push(name.ident.to_string()),
            syn::UseTree::Rename(rename) => path.push(rename.ident.to_string()),
            syn::UseTree::Glob(_) => path.push("*".to_owned()),
        }
        let is_public = matches!(item.vis, syn::Visibility::Public(_));
        self.0.push(Used { path, line: item.use_token.span.start().line, is_public });
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.flatten(&item.tree, Vec::new(), item);
    }
}
