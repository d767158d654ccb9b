//! The node's own pictures that stand for words, as others are told of them.

use alongside_app::media;
use alongside_domain::place::{Place, Places};
use alongside_store::emojis::Emoji;
use serde_json::{Value, json};

/// A picture, as a tag of what has its word.
pub(super) fn tag(places: &Places, emoji: &Emoji) -> Option<Value> {
    let file = emoji.file.as_deref()?;
    Some(json!({
        "type": "Emoji",
        "name": format!(":{}:", emoji.shortcode),
        "updated": emoji.updated_at.to_string(),
        "icon": { "type": "Image", "mediaType": media::mime(file)?, "url": places.of(Place::Media(file)) },
    }))
}

/// What an actor's document says of the pictures in it, where there are any.
pub(super) fn add_to(document: &mut Value, places: &Places, emojis: &[Emoji]) {
    let tags: Vec<Value> = emojis.iter().filter_map(|emoji| tag(places, emoji)).collect();
    if tags.is_empty() {
        return;
    }
    document["tag"] = tags.into();
    if let Some(terms) = document["@context"].as_array_mut() {
        terms.push(json!({ "Emoji": "http://joinmastodon.org/ns#Emoji" }));
    }
}
