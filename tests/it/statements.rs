//! Every SQL statement of `store` is prepared on both engines, so none waits for its first use to fail.
//!
//! A statement is a string literal, because nothing else can be collected: one for both engines, or the two
//! fields of a `Sql { sqlite, postgres }`.

use std::fmt;

use proc_macro2::{TokenStream, TokenTree};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};
use syn::visit::{self, Visit};

use crate::databases;
use crate::source::{self, RustFile};

/// A statement as it stands in `store`.
pub(crate) struct Statement {
    /// Its text.
    pub(crate) text: String,
    /// Those it serves.
    pub(crate) engines: Engines,
    place: String,
}

/// Whom a statement serves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engines {
    Both,
    Sqlite,
    Postgres,
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line: Vec<&str> = self.text.split_whitespace().collect();
        write!(formatter, "{}: {}", self.place, one_line.join(" "))
    }
}

#[tokio::test]
async fn every_statement_prepares_on_sqlite() {
    let mut database = databases::sqlite().await;
    let mut refused = Vec::new();
    for statement in for_engine(Engines::Sqlite) {
        let text = AssertSqlSafe(statement.text.clone()).into_sql_str();
        if let Err(error) = database.prepare(text).await {
            refused.push(format!("{statement}\n    {error}"));
        }
    }
    assert!(refused.is_empty(), "SQLite does not understand:\n\n{}\n", refused.join("\n"));
}

#[tokio::test]
async fn every_statement_prepares_on_postgres() {
    let Some(mut database) = databases::postgres("statements").await else { return };
    let mut refused = Vec::new();
    for statement in for_engine(Engines::Postgres) {
        // A refusal spoils the transaction it happens in, so each statement has one of its own.
        let mut attempt = sqlx::Acquire::begin(&mut *database).await.expect("a savepoint");
        let text = AssertSqlSafe(statement.text.clone()).into_sql_str();
        if let Err(error) = attempt.prepare(text).await {
            refused.push(format!("{statement}\n    {error}"));
        }
        attempt.rollback().await.expect("back to the savepoint");
    }
    assert!(refused.is_empty(), "PostgreSQL does not understand:\n\n{}\n", refused.join("\n"));
}

fn for_engine(engine: Engines) -> impl Iterator<Item = Statement> {
    collect().into_iter().filter(move |statement| [Engines::Both, engine].contains(&statement.engines))
}

/// Every statement of `store`; fails where one is hidden from this search.
pub(crate) fn collect() -> Vec<Statement> {
    let mut search = Search::default();
    for file in source::rust_files("crates/store/src/") {
        search.path.clone_from(&file.path);
        search.visit_file(&file.syntax());
    }
    let hidden = search.hidden.join("\n");
    assert!(
        hidden.is_empty(),
        "write the whole statement as one literal, or it cannot be checked:\n{hidden}"
    );
    assert!(!search.found.is_empty(), "no statement found in `store`: this search no longer sees them");
    search.found
}

/// Whether a literal is a whole statement, and not a sentence about one.
pub(crate) fn looks_like_sql(text: &str) -> bool {
    const SHAPES: [(&str, &str); 6] = [
        ("select", ""),
        ("insert", "into"),
        ("update", "set"),
        ("delete", "from"),
        ("with", "as"),
        ("create", "table"),
    ];
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    SHAPES.iter().any(|(first, other)| {
        words.len() > 1 && words[0] == *first && (other.is_empty() || words.iter().any(|word| word == other))
    })
}

#[derive(Default)]
struct Search {
    path: String,
    found: Vec<Statement>,
    hidden: Vec<String>,
}

impl Search {
    fn push(&mut self, literal: &syn::LitStr, engines: Engines) {
        let place = self.place(literal.span());
        self.found.push(Statement { text: literal.value(), engines, place });
    }

    fn place(&self, span: proc_macro2::Span) -> String {
        format!("{}:{}", self.path, span.start().line)
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        let text = literal.value();
        if looks_like_sql(&text) {
            // What only one engine has is named after it.
            let is_postgres = text.split_whitespace().any(|word| word.starts_with("pg_"));
            self.push(literal, if is_postgres { Engines::Postgres } else { Engines::Both });
        }
    }

    fn visit_expr_struct(&mut self, expression: &'ast syn::ExprStruct) {
        if expression.path.segments.last().is_none_or(|name| name.ident != "Sql") {
            return visit::visit_expr_struct(self, expression);
        }
        for field in &expression.fields {
            let syn::Member::Named(engine) = &field.member else { continue };
            let engines = if engine == "sqlite" { Engines::Sqlite } else { Engines::Postgres };
            match literal_of(&field.expr) {
                Some(literal) => self.push(literal, engines),
                // `Sql { sqlite: text, postgres: text }` is how a literal for both becomes an `Sql`.
                None if is_name(&field.expr) => {}
                None => self.hidden.push(self.place(engine.span())),
            }
        }
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        for literal in
            literals_in(invocation.tokens.clone()).iter().filter(|literal| looks_like_sql(&literal.value()))
        {
            self.hidden.push(self.place(literal.span()));
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !module.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {
        // Documentation is a literal too.
    }
}

fn literal_of(expression: &syn::Expr) -> Option<&syn::LitStr> {
    match expression {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(literal), .. }) => Some(literal),
        _ => None,
    }
}

fn is_name(expression: &syn::Expr) -> bool {
    matches!(expression, syn::Expr::Path(_))
}

fn is_for_tests(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
}

/// A string literal and its line.
pub(crate) struct Literal {
    /// Its value.
    pub(crate) text: String,
    /// Where it stands in its file.
    pub(crate) line: usize,
}

/// Every string literal of a file's code, those inside macros too.
pub(crate) fn string_literals(file: &RustFile) -> Vec<Literal> {
    let tokens: TokenStream = file.code().parse().unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let literals = literals_in(tokens);
    literals
        .iter()
        .map(|literal| Literal { text: literal.value(), line: literal.span().start().line })
        .collect()
}

fn literals_in(tokens: TokenStream) -> Vec<syn::LitStr> {
    let mut found = Vec::new();
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => found.extend(literals_in(group.stream())),
            TokenTree::Literal(literal) => {
                if let syn::Lit::Str(literal) = syn::Lit::new(literal) {
                    found.push(literal);
                }
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
    found
}
