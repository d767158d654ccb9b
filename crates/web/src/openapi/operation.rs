//! One method of one address, as it is told about: put together by what its handler takes and gives.

use crate::error::Body;
use crate::openapi::schemas::{Field, Schemas};
use schemars::JsonSchema;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a client is told about one method of one address.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    id: String,
    /// The open parts of its address that nothing has been told about yet.
    open: Vec<&'static str>,
    schemas: &'a mut Schemas,
    parameters: Vec<Value>,
    security: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
}

impl<'a> Operation<'a> {
    /// One of which nothing is told yet but that it may be refused for reasons that have nothing to do with it.
    pub(super) fn new(id: String, path: &'static str, schemas: &'a mut Schemas) -> Self {
        let open = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        let (parameters, security, answers) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut operation = Self { id, open, schemas, parameters, security, body: None, answers };
        operation.may_be_refused(&[429, 503]);
        operation
    }

    /// It may be answered with one of these, and an error.
    pub(crate) fn may_be_refused(&mut self, statuses: &[u16]) {
        for status in statuses {
            self.answers
                .entry(*status)
                .or_insert_with(|| json!({ "$ref": format!("#/components/responses/{status}") }));
        }
    }

    /// A token must be good for one of these; without any, it must be a good one. Where it is `optional`, there need
    /// be none.
    pub(crate) fn needs_token(&mut self, any_of: &[&'static str], optional: bool) {
        if optional {
            self.security.push(json!({}));
        }
        if any_of.is_empty() {
            self.security.push(json!({ "oauth2": [] }));
        }
        self.security.extend(any_of.iter().map(|scope| json!({ "oauth2": [scope] })));
        self.may_be_refused(&[401, 403]);
    }

    /// A client may show its secret instead of sending it in the body.
    pub(crate) fn takes_client_secret(&mut self) {
        self.security.extend([json!({}), json!({ "client": [] })]);
        self.may_be_refused(&[400, 401]);
    }

    /// The next open part of its address is one of these.
    pub(crate) fn takes_segment<T: JsonSchema>(&mut self) {
        assert!(!self.open.is_empty(), "{}: the address has fewer open parts than are read", self.id);
        let (name, schema) = (self.open.remove(0), self.schemas.of_request::<T>());
        self.parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        self.may_be_refused(&[404]);
    }

    /// These may stand in the query.
    pub(crate) fn takes_query<T: JsonSchema>(&mut self) {
        for Field { name, schema, required } in self.schemas.fields::<T>() {
            self.takes_parameter("query", &name, schema, required);
        }
        self.may_be_refused(&[400, 422]);
    }

    /// This header may be there.
    pub(crate) fn takes_header<T: JsonSchema>(&mut self, name: &str) {
        let schema = self.schemas.of_request::<T>();
        self.takes_parameter("header", name, schema, false);
    }

    /// These may stand in the body, with files under these names, in any of the ways clients write them.
    pub(crate) fn takes_body<T: JsonSchema>(&mut self, files: &[&str]) {
        let whole = self.schemas.of_request::<T>();
        let fields = self.schemas.fields::<T>();
        let is_required = fields.iter().any(|field| field.required);
        let body = self.schemas.keep(&format!("{}Body", self.id), whole);
        let plain = self.schemas.keep(&format!("{}Form", self.id), form(&fields, &[]));
        let parts = if files.is_empty() {
            plain.clone()
        } else {
            self.schemas.keep(&format!("{}Parts", self.id), form(&fields, files))
        };
        self.body = Some(json!({
            "required": is_required,
            "content": {
                "application/json": { "schema": body },
                "application/x-www-form-urlencoded": { "schema": plain },
                "multipart/form-data": { "schema": parts },
            },
        }));
        self.may_be_refused(&[400, 413, 415, 422]);
    }

    /// It is answered with this, as JSON.
    pub(crate) fn gives_json<T: JsonSchema>(&mut self) {
        let schema = self.schemas.of_answer::<T>();
        self.gives("application/json", &schema);
    }

    /// The same answer comes while something goes on.
    pub(crate) fn gives_meanwhile(&mut self) {
        if let Some(answer) = self.answers.get(&200).cloned() {
            let still = |says: &str| {
                let mut answer = answer.clone();
                answer["description"] = json!(says);
                answer
            };
            self.answers.insert(202, still("It was taken, and is worked on."));
            self.answers.insert(206, still("It is still worked on."));
        }
    }

    /// It is answered with a page for people, or leads to one.
    pub(crate) fn gives_page(&mut self) {
        self.gives("text/html", &json!({ "type": "string" }));
        self.answers.insert(303, json!({ "description": "The way on: to the client, or to another page." }));
        for status in [400, 401, 403, 422, 429, 503] {
            let content = json!({ "text/html": { "schema": { "type": "string" } } });
            let refused = json!({ "description": "A page that says what is wrong.", "content": content });
            self.answers.insert(status, refused);
        }
    }

    /// It is answered with this.
    pub(crate) fn gives(&mut self, kind: &str, schema: &Value) {
        let content = json!({ kind: { "schema": schema } });
        self.answers.insert(200, json!({ "description": "What was asked for.", "content": content }));
    }

    /// It is answered with a `WebSocket`.
    pub(crate) fn gives_socket(&mut self) {
        self.answers.insert(101, json!({ "description": "The socket is open." }));
        self.may_be_refused(&[400]);
    }

    /// Where it does not fit, it may be answered with this.
    pub(crate) fn refuses_with<T: JsonSchema>(&mut self) {
        let (error, why) = (self.schemas.of_answer::<Body>(), self.schemas.of_answer::<T>());
        let content = json!({ "application/json": { "schema": { "anyOf": [why, error] } } });
        self.answers
            .insert(422, json!({ "description": "It does not fit; this is why.", "content": content }));
    }

    /// The answer says where the parts of the list before and after it are.
    pub(crate) fn gives_links(&mut self) {
        if let Some(answer) = self.answers.get_mut(&200).and_then(Value::as_object_mut) {
            answer.insert("headers".to_owned(), json!({ "Link": { "$ref": "#/components/headers/Link" } }));
        }
    }

    fn takes_parameter(&mut self, place: &str, name: &str, mut schema: Value, required: bool) {
        let description = schema.as_object_mut().and_then(|schema| schema.remove("description"));
        let mut parameter = json!({ "name": name, "in": place, "required": required, "schema": schema });
        if let Some(description) = description {
            parameter["description"] = description;
        }
        self.parameters.push(parameter);
    }

    /// The whole, under these words.
    pub(super) fn finish(self, tag: &str, summary: &str) -> Value {
        assert!(self.open.is_empty(), "{}: nothing is told about {:?}", self.id, self.open);
        let (summary, deprecated) = match summary.strip_suffix(" (deprecated)") {
            Some(summary) => (summary, true),
            None => (summary, false),
        };
        let responses: Map<String, Value> =
            self.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
        let mut told = json!({
            "operationId": self.id,
            "tags": [tag],
            "summary": summary,
            "responses": responses,
            "security": self.security,
        });
        if deprecated {
            told["deprecated"] = json!(true);
        }
        if !self.parameters.is_empty() {
            told["parameters"] = Value::Array(self.parameters);
        }
        if let Some(body) = self.body {
            told["requestBody"] = body;
        }
        told
    }
}

/// The fields of a form as one schema.
fn form(fields: &[Field], files: &[&str]) -> Value {
    let binary = || json!({ "type": "string", "contentMediaType": "application/octet-stream" });
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.name.clone(), field.schema.clone()))
        .chain(files.iter().map(|name| ((*name).to_owned(), binary())))
        .collect();
    let required: Vec<&str> =
        fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}
