//! Lists that belong to an actor: what it wrote, who looks after it, how many follow it.

use crate::build::context;
use serde_json::{Value, json};

/// Items that an outbox gives at once. More are not given: software that looks back asks for no more.
pub const OUTBOX_MAX: i64 = 20;

/// A list with all that is to be had of it inside.
pub fn ordered(id: &str, total: u64, items: Vec<Value>) -> Value {
    json!({
        "@context": context(),
        "id": id,
        "type": "OrderedCollection",
        "totalItems": total,
        "orderedItems": Value::Array(items),
    })
}

/// A list of which the number alone may be known: who follows a community about an illness is nobody's
/// business. The Lemmy family says it in the same way, and reads it in no other.
pub fn counted(id: &str, total: u64) -> Value {
    json!({ "@context": context(), "id": id, "type": "Collection", "totalItems": total, "items": [] })
}

/// An activity as an item of a list, whose own context serves for it too.
pub fn item(mut document: Value) -> Value {
    if let Some(map) = document.as_object_mut() {
        map.remove("@context");
    }
    document
}
