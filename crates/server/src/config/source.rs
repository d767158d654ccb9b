//! Where settings come from: one TOML file, and environment variables over it.
//!
//! Knows no key by name. What it reads is a [`Config`] by way of serde, one mistake at a time: each
//! is noted, put back to its default, and reading goes on, so that all are reported together.

use crate::config::Config;
use crate::config::problem::{ConfigError, Origin, Problem};
use serde_path_to_error::Segment;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const VARIABLE_PREFIX: &str = "ALONGSIDE__";

/// The settings as given, and who gave them.
pub(super) struct Source {
    file: Option<PathBuf>,
    given: Table,
    /// By key: the name of the variable and its text.
    variables: BTreeMap<Vec<String>, (String, String)>,
}

impl Source {
    /// Reads the file and lays the environment over it.
    pub(super) fn gather(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Self, ConfigError> {
        let (file, mut given) = read_file(path)?;
        let variables = read_variables(environment)?;
        for (key, (_, text)) in &variables {
            set(&mut given, key, Value::String(text.clone()));
        }
        Ok(Self { file, given, variables })
    }

    /// Whether a top-level key was given at all.
    pub(super) fn sets(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    /// A top-level key that other defaults depend on, where it is given and can be understood.
    pub(super) fn peek<T: std::str::FromStr>(&self, key: &str) -> Option<T> {
        self.given.get(key)?.as_str()?.parse().ok()
    }

    /// The settings given, over the defaults; where one is wrong, its default and a problem.
    pub(super) fn read(&self, defaults: &Config, problems: &mut Vec<Problem>) -> Config {
        let fallback = Table::try_from(defaults).expect("settings are plain values under text keys");
        let mut table = fallback.clone();
        overlay(&mut table, &self.given);
        // A variable is text first, so that `TITLE=123` is a title; where text will not do, it is TOML.
        let mut as_toml: BTreeMap<_, Value> = (self.variables.iter())
            .filter_map(|(key, (_, text))| Some((key.clone(), text.parse().ok()?)))
            .collect();
        loop {
            let error = match serde_path_to_error::deserialize(Value::Table(table.clone())) {
                Ok(config) => return config,
                Err(error) => error,
            };
            let key = key_of(error.path());
            if let Some(value) = as_toml.remove(&key) {
                set(&mut table, &key, value);
                continue;
            }
            problems.push(self.problem(&key.join("."), error.inner().message()));
            if !reset(&mut table, &fallback, &key) {
                return defaults.clone();
            }
        }
    }

    /// What is wrong with a key, and where that was set.
    pub(super) fn problem(&self, key: &str, says: &str) -> Problem {
        let path: Vec<&str> = key.split('.').collect();
        let variable = self.variables.iter().find(|(set, _)| set.iter().zip(&path).all(|(a, b)| a == b));
        let origin = match (variable, &self.file) {
            (Some((_, (name, _))), _) => Origin::Variable(name.clone()),
            (None, Some(file)) if find(&self.given, &path).is_some() => Origin::File(file.clone()),
            (None, _) => Origin::Absent,
        };
        Problem { key: key.to_owned(), origin, says: says.to_owned() }
    }
}

fn read_file(path: Option<&Path>) -> Result<(Option<PathBuf>, Table), ConfigError> {
    let file = path.unwrap_or(Path::new(super::DEFAULT_FILE)).to_owned();
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if path.is_none() && error.kind() == io::ErrorKind::NotFound => {
            return Ok((None, Table::new()));
        }
        Err(source) => return Err(ConfigError::Unreadable { file, source }),
    };
    match text.parse::<Table>() {
        Ok(table) => Ok((Some(file), table)),
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or(&text);
            let line = before.matches('\n').count() + 1;
            Err(ConfigError::Syntax { file, line, says: error.message().to_owned() })
        }
    }
}

/// Our variables by key. An empty one counts as not set, which is what a script means by it.
fn read_variables(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<BTreeMap<Vec<String>, (String, String)>, ConfigError> {
    let mut variables = BTreeMap::new();
    for (name, text) in environment {
        let Some(name) = name.to_str().filter(|name| name.starts_with(VARIABLE_PREFIX)) else { continue };
        let text = text.into_string().map_err(|_| ConfigError::NotText { name: name.to_owned() })?;
        if !text.is_empty() {
            let key = name[VARIABLE_PREFIX.len()..].to_lowercase().split("__").map(str::to_owned).collect();
            variables.insert(key, (name.to_owned(), text));
        }
    }
    Ok(variables)
}

/// Puts a value at a key, making the tables on the way.
fn set(table: &mut Table, key: &[String], value: Value) {
    let Some((last, sections)) = key.split_last() else { return };
    let mut table = table;
    for section in sections {
        let entry = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if !entry.is_table() {
            *entry = Value::Table(Table::new());
        }
        table = entry.as_table_mut().expect("it was made one just above");
    }
    table.insert(last.clone(), value);
}

/// Puts a key back to its default, or takes it out where it has none. False where nothing changed.
fn reset(table: &mut Table, fallback: &Table, key: &[String]) -> bool {
    let Some((last, sections)) = key.split_last() else { return false };
    let path: Vec<&str> = key.iter().map(String::as_str).collect();
    if let Some(value) = find(fallback, &path) {
        set(table, key, value.clone());
        return true;
    }
    let mut table = table;
    for section in sections {
        let Some(inner) = table.get_mut(section).and_then(Value::as_table_mut) else { return false };
        table = inner;
    }
    table.remove(last).is_some()
}

fn find<'a>(table: &'a Table, key: &[&str]) -> Option<&'a Value> {
    let (last, sections) = key.split_last()?;
    let table = sections.iter().try_fold(table, |table, section| table.get(*section)?.as_table())?;
    table.get(*last)
}

fn overlay(under: &mut Table, over: &Table) {
    for (key, value) in over {
        match (under.get_mut(key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => overlay(under, over),
            _ => {
                under.insert(key.clone(), value.clone());
            }
        }
    }
}

/// The names on the way to a mistake, without positions in a list.
fn key_of(path: &serde_path_to_error::Path) -> Vec<String> {
    path.iter()
        .map_while(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            Segment::Seq { .. } | Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}
