//! That the document is whole: everything in it has words, and every reference leads somewhere.

use super::summaries;
use crate::mastodon::testing::Door;
use alongside_store::engine::Store;
use alongside_testkit::engines;
use serde_json::Value;
use std::collections::BTreeSet;

async fn document() -> Value {
    let mut told = Value::Null;
    let ask = async |store: Store| Door::new(store).get("/api/openapi.json", "").await.ok();
    engines::on_sqlite(|store| async { told = ask(store).await }).await;
    told
}

/// Every operation, by its method and address.
pub(super) fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, told)| (format!("{} {path}", method.to_ascii_uppercase()), told))
        })
        .collect()
}

#[tokio::test]
async fn every_address_has_a_sentence_and_every_sentence_an_address() {
    let document = document().await;
    let known: BTreeSet<&str> = summaries::addresses().collect();
    assert_eq!(known.len(), summaries::addresses().count(), "an address has two sentences");
    let operations = operations(&document);
    let found: BTreeSet<&str> = operations.iter().map(|(name, _)| name.as_str()).collect();
    let wordless: Vec<&&str> = found.difference(&known).collect();
    assert!(wordless.is_empty(), "write a sentence in openapi/summaries.txt for {wordless:#?}");
    let gone: Vec<&&str> = known.difference(&found).collect();
    assert!(gone.is_empty(), "take out of openapi/summaries.txt {gone:#?}");
    for (name, told) in &operations {
        let sentence = told["summary"].as_str().unwrap();
        assert!(sentence.ends_with('.') && sentence.len() <= 110, "{name}: {sentence}");
    }
}

#[tokio::test]
async fn what_an_operation_takes_is_told_once() {
    let document = document().await;
    let mut ids = BTreeSet::new();
    for (name, told) in operations(&document) {
        assert!(ids.insert(told["operationId"].as_str().unwrap().to_owned()), "{name} has the id of another");
        let mut names = BTreeSet::new();
        for parameter in told["parameters"].as_array().into_iter().flatten() {
            let parameter = (parameter["in"].as_str().unwrap(), parameter["name"].as_str().unwrap());
            assert!(names.insert(parameter), "{name} is told about {parameter:?} twice");
        }
    }
}

#[tokio::test]
async fn every_open_part_of_an_address_is_told() {
    let document = document().await;
    for (name, told) in operations(&document) {
        let open: Vec<&str> =
            name.split('{').skip(1).map(|rest| rest.split_once('}').expect("it closes").0).collect();
        let parameters = told["parameters"].as_array().into_iter().flatten();
        let in_path: Vec<&Value> = parameters.filter(|parameter| parameter["in"] == "path").collect();
        let named: Vec<&str> = in_path.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        assert_eq!(named, open, "{name}");
        for parameter in in_path {
            assert!(parameter["required"] == true && parameter["schema"]["type"].is_string(), "{name}");
        }
    }
}

#[tokio::test]
async fn references_lead_somewhere_and_a_name_means_one_shape() {
    let document = document().await;
    let mut references = Vec::new();
    gather(&document, &mut references);
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        let is_second = name.ends_with(|sign: char| sign.is_ascii_digit())
            && !name.ends_with("V1")
            && !name.ends_with("V2");
        assert!(
            !is_second,
            "two shapes have one name: rename that of {name} with `#[schemars(rename = \"…\")]`"
        );
    }
}

fn gather<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            references.extend(map.get("$ref").and_then(Value::as_str));
            map.values().for_each(|value| gather(value, references));
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
