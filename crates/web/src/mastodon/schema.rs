//! For tests: whether an answer has the shape that the published description of the API gives it. The description lies
//! beside the project, in `../shared/openapi`; without it nothing is compared.

use serde_json::Value;
use std::path::Path;
use std::sync::LazyLock;

static DESCRIPTION: LazyLock<Option<Value>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/openapi/mastodon.json");
    Some(serde_json::from_slice(&std::fs::read(root).ok()?).expect("the description is JSON"))
});

/// Fails unless the value is what the schema of this name says.
#[track_caller]
pub(crate) fn assert_is(name: &str, value: &Value) {
    let Some(description) = DESCRIPTION.as_ref() else { return };
    let schema = &description["components"]["schemas"][name];
    assert!(schema.is_object(), "there is no schema {name}");
    if let Err(why) = fits(schema, value, name) {
        panic!("{why}\n{value:#}");
    }
}

fn fits(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        let description = DESCRIPTION.as_ref().expect("it was read");
        return fits(&description["components"]["schemas"][name], value, at);
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[choice].as_array() {
            let tried: Vec<_> = choices.iter().map(|one| fits(one, value, at)).collect();
            return if tried.iter().any(Result::is_ok) { Ok(()) } else { tried.into_iter().collect() };
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        all.iter().try_for_each(|one| fits(one, value, at))?;
    }
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![kind.as_str()],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.is_empty() && !kinds.iter().any(|it| *it == kind || (*it == "number" && kind == "integer")) {
        return Err(format!("{at}: {kind} where {kinds:?} is to be"));
    }
    if let Some(words) = schema["enum"].as_array().filter(|words| !value.is_null() && !words.contains(value))
    {
        return Err(format!("{at}: {value} is not one of {words:?}"));
    }
    if schema["format"] == "date-time"
        && value.as_str().is_some_and(|text| alongside_domain::clock::Timestamp::parse(text).is_none())
    {
        return Err(format!("{at}: {value} is no moment"));
    }
    if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
        items.iter().try_for_each(|item| fits(schema, item, &format!("{at}[]")))?;
    }
    let Some(members) = value.as_object() else { return Ok(()) };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(name) {
            return Err(format!("{at} lacks {name}"));
        }
    }
    let known = schema["properties"].as_object().into_iter().flatten();
    for (name, schema) in known {
        if let Some(value) = members.get(name) {
            fits(schema, value, &format!("{at}.{name}"))?;
        }
    }
    Ok(())
}
