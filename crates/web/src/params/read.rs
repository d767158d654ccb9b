//! From the tree of a request to a typed struct, as leniently as clients need and no more.
//!
//! A form knows only text, so text is read as the number or the yes-or-no that is asked for; one
//! value stands for a list of one; a map with numbers for names is a list.

use crate::params::problem::Problem;
use serde::de::value::{MapDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A value on its way into a type.
#[derive(Debug)]
pub(crate) struct Reader(pub(crate) Value);

impl Reader {
    fn wrong(&self, wanted: &str) -> Problem {
        let given = match &self.0 {
            Value::Null => "nothing",
            Value::Bool(_) => "yes or no",
            Value::Number(_) => "a number",
            Value::String(text) if text.is_empty() => "an empty text",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a set of names and values",
        };
        Problem::wrong(format!("must be {wanted}, not {given}"))
    }

    fn number(&self) -> Result<Number, Problem> {
        let number = match &self.0 {
            Value::Number(number) => Some(number.clone()),
            Value::String(text) => {
                whole(text).or_else(|| text.trim().parse().ok().and_then(Number::from_f64))
            }
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        number.ok_or_else(|| self.wrong("a number"))
    }

    fn yes_or_no(&self) -> Result<bool, Problem> {
        let yes = match &self.0 {
            Value::Bool(yes) => Some(*yes),
            Value::Number(number) => match number.as_i64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                Some(_) | None => None,
            },
            Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "t" | "on" | "yes" => Some(true),
                "false" | "0" | "f" | "off" | "no" | "" => Some(false),
                _ => None,
            },
            Value::Null => Some(false),
            Value::Array(_) | Value::Object(_) => None,
        };
        yes.ok_or_else(|| self.wrong("true or false"))
    }

    fn text(self) -> Result<String, Problem> {
        match self.0 {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(yes) => Ok(yes.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(self.wrong("a text")),
        }
    }

    fn list(self) -> Vec<Self> {
        match self.0 {
            Value::Null => Vec::new(),
            Value::Array(list) => list.into_iter().map(Self).collect(),
            Value::Object(map) if is_numbered(&map) => {
                let mut numbered: Vec<(u32, Value)> =
                    map.into_iter().filter_map(|(key, value)| Some((key.parse().ok()?, value))).collect();
                numbered.sort_by_key(|(number, _)| *number);
                numbered.into_iter().map(|(_, value)| Self(value)).collect()
            }
            single @ (Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
                vec![Self(single)]
            }
        }
    }

    fn map(self) -> Result<Map<String, Value>, Problem> {
        match self.0 {
            Value::Object(map) => Ok(map),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(self.wrong("a set of names and values"))
            }
        }
    }
}

fn whole(text: &str) -> Option<Number> {
    let text = text.trim();
    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok()
}

fn is_numbered(map: &Map<String, Value>) -> bool {
    !map.is_empty() && map.keys().all(|key| key.parse::<u32>().is_ok())
}

/// What is null is as if it were not there, but for this: null takes away when something ends.
const ENDED_BY_NULL: &str = "expires_in";

/// The fields of a struct, with the name of the one that did not fit put before the problem.
struct Fields {
    entries: serde_json::map::IntoIter,
    value: Option<(String, Value)>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Problem> {
        let says = |(name, value): &(String, Value)| !value.is_null() || name == ENDED_BY_NULL;
        let Some((name, value)) = self.entries.find(says) else { return Ok(None) };
        let key: StringDeserializer<Problem> = name.clone().into_deserializer();
        self.value = Some((name, value));
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Problem> {
        let (name, value) = self.value.take().ok_or_else(|| Problem::custom("a value without a name"))?;
        seed.deserialize(Reader(value)).map_err(|problem| problem.within(&name))
    }
}

impl IntoDeserializer<'_, Problem> for Reader {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            let number = self.number()?;
            if let Some(number) = number.as_i64() {
                visitor.visit_i64(number)
            } else if let Some(number) = number.as_u64() {
                visitor.visit_u64(number)
            } else {
                number.as_f64().map_or_else(|| Err(self.wrong("a number")), |number| visitor.visit_f64(number))
            }
        })+
    };
}

macro_rules! texts {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            visitor.visit_string(self.text()?)
        })+
    };
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Problem;

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(yes),
            Value::Number(_) => self.deserialize_f64(visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_bool(self.yes_or_no()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(self.wrong("nothing")) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let mut list = SeqDeserializer::new(self.list().into_iter());
        let out = visitor.visit_seq(&mut list)?;
        list.end().map(|()| out)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        let entries = self.map()?.into_iter().map(|(name, value)| (name, Self(value)));
        visitor.visit_map(MapDeserializer::new(entries))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        visitor.visit_map(Fields { entries: self.map()?.into_iter(), value: None })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let word: StringDeserializer<Problem> = self.text()?.into_deserializer();
        visitor.visit_enum(word)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Problem> {
        Err(self.wrong("sent as a file"))
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Problem> {
        Err(self.wrong("sent as a file"))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_domain::id::PostId;
    use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
    use serde::Deserialize;
    use serde_json::json;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Asked {
        id: Vec<PostId>,
        reply_to: Option<PostId>,
        text: Option<String>,
        focus: Option<f64>,
        sensitive: Option<bool>,
        locked: bool,
        fields: Vec<Line>,
        word: Option<Word>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Line {
        name: String,
        #[serde(default)]
        whole: bool,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Warn,
        Hide,
    }

    fn read(value: Value) -> Result<Asked, Problem> {
        Asked::deserialize(Reader(value))
    }

    #[test]
    fn forms_and_json_say_the_same() {
        let form = json!({
            "id": ["7", "8"], "reply_to": "9", "text": "hi", "focus": "0.5", "sensitive": "on", "word": "hide",
            "fields": { "10": { "name": "b" }, "9": { "name": "a", "whole": "1" } }, "unknown": { "x": ["y"] },
        });
        let body = json!({
            "id": [7, "8"], "reply_to": 9, "text": "hi", "focus": 0.5, "sensitive": true, "word": "hide",
            "fields": [{ "name": "a", "whole": 1 }, { "name": "b", "whole": false }],
        });
        assert_eq!(read(form).unwrap(), read(body).unwrap());
        assert_eq!(read(json!({ "id": "7" })).unwrap().id, [PostId::new(7)]);
        let nothing = json!({ "id": null, "text": null, "locked": null, "fields": null });
        assert_eq!(read(nothing).unwrap(), Asked::default());
        let line = json!({ "fields": [{ "name": "a", "whole": null }] });
        assert_eq!(read(line).unwrap().fields, [Line { name: "a".to_owned(), whole: false }]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let says = |value| read(value).unwrap_err().to_string();
        assert_eq!(says(json!({ "id": ["x"] })), "id: must be a number, not a text");
        assert_eq!(says(json!({ "sensitive": "maybe" })), "sensitive: must be true or false, not a text");
        assert_eq!(says(json!({ "fields": [{}] })), "fields: name is missing");
        assert_eq!(says(json!({ "fields": [{ "name": null }] })), "fields: name is missing");
        assert!(says(json!({ "word": "burn" })).starts_with("word: "));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,6}".prop_map(Value::from),
        ];
        let names =
            prop_oneof![Just("id"), Just("fields"), Just("text"), Just("focus"), Just("word"), Just("0")];
        leaf.prop_recursive(4, 40, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((names.clone(), inner), 0..6).prop_map(|entries| entries
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_value_makes_it_panic(value in values()) {
            let _ = read(value);
        }
    }
}
