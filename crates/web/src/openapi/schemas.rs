//! The shapes of what is sent and answered, from the types that the code itself reads and writes.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

/// Where shapes with a name are kept in the document.
const NAMED: &str = "/components/schemas";

/// The shapes met so far.
#[derive(Debug)]
pub(crate) struct Schemas {
    /// What is answered is what `Serialize` writes; shapes that come again have a name.
    answers: SchemaGenerator,
    /// What is asked is what `Deserialize` reads; each request has its own.
    requests: SchemaGenerator,
    kept: Map<String, Value>,
}

/// One value of a query or a form.
#[derive(Debug)]
pub(crate) struct Field {
    /// With the brackets by which forms say what lies inside what.
    pub(crate) name: String,
    pub(crate) schema: Value,
    pub(crate) required: bool,
}

impl Schemas {
    pub(super) fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.meta_schema = None;
                settings.definitions_path = NAMED.into();
                settings.transforms.push(Box::new(RecursiveTransform(moments)));
            })
        };
        let inline = settings().with(|settings| settings.inline_subschemas = true);
        Self {
            answers: settings().for_serialize().into_generator(),
            requests: inline.for_deserialize().into_generator(),
            kept: Map::new(),
        }
    }

    /// The shape of what is answered.
    pub(crate) fn of_answer<T: JsonSchema>(&mut self) -> Value {
        self.answers.subschema_for::<T>().to_value()
    }

    /// The shape of what is asked.
    pub(crate) fn of_request<T: JsonSchema>(&mut self) -> Value {
        let mut schema = self.requests.subschema_for::<T>();
        RecursiveTransform(moments).transform(&mut schema);
        schema.to_value()
    }

    /// The same one by one, as a query or a form has them.
    pub(crate) fn fields<T: JsonSchema>(&mut self) -> Vec<Field> {
        let mut fields = Vec::new();
        spread(&self.of_request::<T>(), "", true, &mut fields);
        fields
    }

    /// Keeps a shape under a name, and gives the reference to it.
    pub(crate) fn keep(&mut self, name: &str, schema: Value) -> Value {
        self.kept.insert(name.to_owned(), schema);
        json!({ "$ref": format!("#{NAMED}/{name}") })
    }

    /// Every shape that has a name.
    pub(super) fn finish(mut self) -> Map<String, Value> {
        let mut all = self.answers.take_definitions(true);
        all.extend(self.kept);
        all
    }
}

/// What ends in `_at` is a moment, and the last post's a day, wherever it is a text.
fn moments(schema: &mut Schema) {
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties {
        let is_text = property["type"] == "string" || property["type"][0] == "string";
        if let Some(property) = property.as_object_mut().filter(|_| is_text && name.ends_with("_at")) {
            let format = if name == "last_status_at" { "date" } else { "date-time" };
            property.insert("format".to_owned(), json!(format));
            // An empty text is no moment: it stands for none.
            if property.get("default").is_some_and(|default| default == "") {
                property.remove("default");
            }
        }
    }
}

/// Names every value inside a shape in the way of forms: `poll[options][]`, `fields_attributes[][name]`.
fn spread(schema: &Value, outer: &str, required: bool, fields: &mut Vec<Field>) {
    let schema = present(schema);
    let inside = |name: &str| if outer.is_empty() { name.to_owned() } else { format!("{outer}[{name}]") };
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let needed = schema.get("required").and_then(Value::as_array);
        for (name, property) in properties {
            let is_needed = needed.is_some_and(|needed| needed.iter().any(|one| one == name));
            spread(property, &inside(name), required && is_needed, fields);
        }
        return;
    }
    let Some(items) = schema.get("items") else {
        fields.push(Field { name: outer.to_owned(), schema, required });
        return;
    };
    let mut listed = Vec::new();
    spread(items, &format!("{outer}[]"), required, &mut listed);
    for field in listed {
        let mut list = schema.clone();
        list["items"] = field.schema;
        fields.push(Field { schema: list, ..field });
    }
}

/// The shape of a value that is there: a form has no null, and what has a default may be left out.
fn present(schema: &Value) -> Value {
    let mut schema = schema.clone();
    let Some(parts) = schema.as_object_mut() else { return schema };
    if parts.get("default").is_some_and(|default| default.is_null() || default.is_object()) {
        parts.remove("default");
    }
    let is_null = |kind: &Value| kind == "null" || kind.get("type").is_some_and(|kind| kind == "null");
    if let Some(Value::Array(kinds)) = parts.get_mut("type") {
        kinds.retain(|kind| !is_null(kind));
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            parts.insert("type".to_owned(), kind);
        }
    }
    if let Some(Value::Array(words)) = parts.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(mut choices)) = parts.remove("anyOf") {
        choices.retain(|choice| !is_null(choice));
        match choices.as_slice() {
            [Value::Object(choice)] => parts.extend(choice.clone()),
            _ => _ = parts.insert("anyOf".to_owned(), Value::Array(choices)),
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "its shape is asked for")]
    struct Asked {
        id: Vec<String>,
        #[serde(default)]
        lines: Vec<Line>,
        poll: Option<Poll>,
        /// When.
        scheduled_at: Option<String>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "its shape is asked for")]
    struct Line {
        name: String,
    }

    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "its shape is asked for")]
    struct Poll {
        options: Vec<String>,
    }

    #[test]
    fn a_form_names_what_lies_inside() {
        let fields = Schemas::new().fields::<Asked>();
        let named: Vec<(&str, bool)> =
            fields.iter().map(|field| (field.name.as_str(), field.required)).collect();
        let wanted =
            [("id[]", true), ("lines[][name]", false), ("poll[options][]", false), ("scheduled_at", false)];
        assert_eq!(named, wanted);
        let text = json!({ "type": "string" });
        assert_eq!(fields[1].schema["items"], text);
        assert_eq!(fields[2].schema, json!({ "type": "array", "items": text }));
        let moment = json!({ "type": "string", "format": "date-time", "description": "When." });
        assert_eq!(fields[3].schema, moment);
    }
}
