//! The values of a request as one tree, whichever way they came: bracketed names or JSON.
//!
//! Names are read as Rails does, because Mastodon's clients write them so: `id[]=1&id[]=2`,
//! `poll[options][]=tea`, `fields_attributes[0][name]=pronouns`.

use crate::params::problem::Problem;
use serde_json::{Map, Value};

/// Values in one request.
pub(crate) const VALUES_MAX: usize = 1_000;
/// Levels of nesting in one request.
pub(crate) const DEPTH_MAX: usize = 8;

/// The named values of a request.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tree {
    root: Map<String, Value>,
    values: usize,
}

/// One step from a value to a value inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'a> {
    Key(&'a str),
    Push,
}

impl Tree {
    /// Adds one value under a name, which may have brackets.
    pub(crate) fn add(&mut self, name: &str, text: String) -> Result<(), Problem> {
        self.values += 1;
        if self.values > VALUES_MAX {
            return Err(Problem::too_many());
        }
        check_text(name)?;
        check_text(&text)?;
        let (first, steps) = steps(name);
        if steps.len() >= DEPTH_MAX {
            return Err(Problem::too_deep());
        }
        insert(self.root.entry(first).or_insert(Value::Null), &steps, text).map_err(|Clash| {
            Problem::malformed(format!("{name} is given in two ways that do not go together"))
        })
    }

    /// The values of a JSON object.
    pub(crate) fn of_json(body: &[u8]) -> Result<Self, Problem> {
        let value = serde_json::from_slice(body)
            .map_err(|error| Problem::malformed(format!("the JSON is wrong: {error}")))?;
        let Value::Object(root) = value else {
            return Err(Problem::malformed("the JSON must be an object".to_owned()));
        };
        let mut values = 0;
        for (name, value) in &root {
            check_text(name)?;
            values += count(value, DEPTH_MAX - 1)?;
        }
        if values > VALUES_MAX { Err(Problem::too_many()) } else { Ok(Self { root, values }) }
    }

    /// Puts the values of another tree over those of this one.
    pub(crate) fn overlay(mut self, over: Self) -> Self {
        self.values += over.values;
        self.root.extend(over.root);
        self
    }

    /// The whole as one value.
    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.root)
    }
}

/// A value and values inside it were given for the same name.
struct Clash;

/// The name before the brackets, and the way on from there. Brackets that do not pair belong to the name.
fn steps(name: &str) -> (&str, Vec<Step<'_>>) {
    let whole = (name, Vec::new());
    let Some((first, rest)) = name.split_once('[').filter(|(first, _)| !first.is_empty()) else {
        return whole;
    };
    let Some(inside) = rest.strip_suffix(']') else { return whole };
    let steps: Vec<Step<'_>> =
        inside.split("][").map(|key| if key.is_empty() { Step::Push } else { Step::Key(key) }).collect();
    let pairs = steps.iter().all(|step| !matches!(step, Step::Key(key) if key.contains(['[', ']'])));
    if pairs { (first, steps) } else { whole }
}

fn insert(at: &mut Value, steps: &[Step<'_>], text: String) -> Result<(), Clash> {
    let Some((step, rest)) = steps.split_first() else {
        if matches!(at, Value::Array(_) | Value::Object(_)) {
            return Err(Clash);
        }
        *at = Value::String(text);
        return Ok(());
    };
    match step {
        Step::Key(key) => {
            if at.is_null() {
                *at = Value::Object(Map::new());
            }
            let Value::Object(map) = at else { return Err(Clash) };
            insert(map.entry(*key).or_insert(Value::Null), rest, text)
        }
        Step::Push => {
            if at.is_null() {
                *at = Value::Array(Vec::new());
            }
            let Value::Array(list) = at else { return Err(Clash) };
            // `a[][x]=1&a[][y]=2&a[][x]=3` is two things: a name that comes again begins the next.
            let continues = list.last().is_some_and(|last| last.is_object() && !holds(last, rest));
            if rest.is_empty() || !continues {
                list.push(Value::Null);
            }
            list.last_mut().map_or(Ok(()), |last| insert(last, rest, text))
        }
    }
}

fn holds(value: &Value, steps: &[Step<'_>]) -> bool {
    match steps.split_first() {
        None => true,
        Some((Step::Push, _)) => false,
        Some((Step::Key(key), rest)) => value.get(key).is_some_and(|value| holds(value, rest)),
    }
}

fn count(value: &Value, depth_left: usize) -> Result<usize, Problem> {
    let deeper = || depth_left.checked_sub(1).ok_or_else(Problem::too_deep);
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(1),
        Value::String(text) => check_text(text).map(|()| 1),
        Value::Array(list) => {
            let depth = deeper()?;
            list.iter().try_fold(1, |sum, value| Ok(sum + count(value, depth)?))
        }
        Value::Object(map) => {
            let depth = deeper()?;
            map.iter().try_fold(1, |sum, (name, value)| {
                check_text(name).and_then(|()| Ok(sum + count(value, depth)?))
            })
        }
    }
}

/// PostgreSQL keeps no null character in a text, so none comes in.
fn check_text(text: &str) -> Result<(), Problem> {
    if text.contains('\0') {
        Err(Problem::malformed("a text has a null character in it".to_owned()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop, proptest};
    use serde_json::json;

    fn tree(pairs: &[(&str, &str)]) -> Result<Value, Problem> {
        let mut tree = Tree::default();
        for (name, text) in pairs {
            tree.add(name, (*text).to_owned())?;
        }
        Ok(tree.into_value())
    }

    #[test]
    fn brackets_are_read_as_clients_write_them() {
        let read = |pairs| tree(pairs).unwrap();
        assert_eq!(read(&[("id[]", "1"), ("id[]", "2")]), json!({ "id": ["1", "2"] }));
        assert_eq!(
            read(&[("data[alerts][mention]", "1")]),
            json!({ "data": { "alerts": { "mention": "1" } } })
        );
        assert_eq!(
            read(&[("fields[0][name]", "a"), ("fields[0][value]", "b"), ("fields[1][name]", "c")]),
            json!({ "fields": { "0": { "name": "a", "value": "b" }, "1": { "name": "c" } } })
        );
        assert_eq!(
            read(&[("k[][x]", "1"), ("k[][y]", "2"), ("k[][x]", "3")]),
            json!({ "k": [{ "x": "1", "y": "2" }, { "x": "3" }] })
        );
        assert_eq!(read(&[("a[b", "1"), ("[]", "2")]), json!({ "a[b": "1", "[]": "2" }));
        assert_eq!(read(&[("a", "1"), ("a", "2")]), json!({ "a": "2" }), "the last one counts");
    }

    #[test]
    fn what_does_not_go_together_or_is_too_much_is_refused() {
        assert!(tree(&[("a", "1"), ("a[b]", "2")]).is_err());
        assert!(tree(&[("a[]", "1"), ("a[b]", "2")]).is_err());
        assert!(tree(&[("a", "nul\0")]).is_err());
        assert!(tree(&[(&format!("a{}", "[b]".repeat(DEPTH_MAX)), "1")]).is_err());
        assert!(tree(&vec![("a[]", "1"); VALUES_MAX + 1]).is_err());
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(DEPTH_MAX), "]".repeat(DEPTH_MAX));
        assert!(Tree::of_json(deep.as_bytes()).is_err());
        assert!(Tree::of_json(b"[1]").is_err());
    }

    proptest! {
        #[test]
        fn no_names_and_no_bytes_make_it_panic(
            pairs in prop::collection::vec(("[a-c\\[\\]0-1]{0,12}", ".{0,4}"), 0..40),
            bytes in prop::collection::vec(prop::num::u8::ANY, 0..200),
        ) {
            let mut tree = Tree::default();
            for (name, text) in pairs {
                let _ = tree.add(&name, text);
            }
            let _ = Tree::of_json(&bytes);
        }
    }
}
