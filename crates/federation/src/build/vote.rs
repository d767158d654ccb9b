//! Votes: for each choice a `Note` that has the choice as its name and no text, to the poll's author alone. It has no
//! `published`, because with one `PieFed` takes it for an answer.

use crate::build::parts::PostParts;
use crate::build::{Audience, activity};
use alongside_domain::actor::Actor;
use alongside_domain::place::{Place, Places};
use alongside_domain::poll::Poll;
use serde_json::{Value, json};

/// Somebody here chose in the poll of a post: one activity for each of these choices, in order.
pub fn votes(places: &Places, poll: &Poll, chosen: &[usize], voter: &Actor, on: &PostParts) -> Vec<Value> {
    let title = |at: usize| poll.choices.get(at).map(|choice| choice.title.as_str());
    let chosen = chosen.iter().filter_map(|at| Some((*at, title(*at)?)));
    chosen
        .map(|(position, title)| {
            let name = format!("vote-{}-{}-{position}", poll.id, voter.id);
            let note = json!({
                "id": places.of(Place::Activity(&name)),
                "type": "Note",
                "name": title,
                "attributedTo": voter.uri,
                "inReplyTo": on.post.uri,
                "to": [on.author.uri],
                "cc": [],
            });
            let id = places.of(Place::Activity(&format!("create-{name}")));
            activity(id, "Create", voter, note, Audience::only(&on.author))
        })
        .collect()
}
