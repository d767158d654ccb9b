//! Quotes (FEP-044f): what a post says about being quoted, and the answer to who asks. The answer carries what was asked,
//! whole, as that of a follow does.

use crate::build::{Audience, activity};
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Post;
use serde_json::{Value, json};

/// What somebody elsewhere asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Its address.
    pub request: &'a str,
    /// The address of the post that was to quote.
    pub quoting: &'a str,
    /// The post that was to be quoted.
    pub post: &'a Post,
    /// Who asked.
    pub by: &'a Actor,
}

/// Who may quote what somebody wrote: they alone. To leave it out would say nothing, and others would ask.
pub fn policy(author: &Actor) -> Value {
    json!({ "canQuote": { "automaticApproval": [author.uri] } })
}

/// Somebody here is not quoted. Asked again, they answer again, so the moment is part of the name.
pub fn reject(places: &Places, asked: &Asked<'_>, author: &Actor, at: Timestamp) -> Value {
    let request = json!({
        "id": asked.request,
        "type": "QuoteRequest",
        "actor": asked.by.uri,
        "object": asked.post.uri,
        "instrument": asked.quoting,
    });
    let name = format!("reject-quote-{}-{}-{}", asked.post.id, asked.by.id, at.as_micros());
    activity(places.of(Place::Activity(&name)), "Reject", author, request, Audience::only(asked.by))
}
