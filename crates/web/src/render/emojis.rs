//! Pictures that stand for words.

use crate::entities::statuses::CustomEmoji;
use crate::error::Error;
use alongside_app::context::App;
use alongside_app::copies::Size;
use alongside_app::emojis::HERE;
use alongside_app::media::Addresses;
use alongside_domain::actor::Actor;
use alongside_domain::emoji::shortcodes;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Post;
use alongside_store::emojis::{self, Emoji};
use std::collections::HashMap;

/// The emojis of these posts, read with one statement, or with none where no post has a word between colons.
pub(crate) async fn of_posts(
    app: &App,
    posts: &[&Post],
    actors: &HashMap<ActorId, Actor>,
    addresses: &Addresses,
) -> Result<HashMap<PostId, Vec<CustomEmoji>>, Error> {
    let mut wanted: Vec<(PostId, &str, Vec<String>)> = Vec::new();
    for post in posts {
        let words = words(post);
        if let Some(author) = actors.get(&post.author).filter(|_| !words.is_empty()) {
            wanted.push((post.id, &author.host, words));
        }
    }
    let hosts: Vec<String> = wanted.iter().map(|(_, host, _)| (*host).to_owned()).collect();
    let all: Vec<String> = wanted.iter().flat_map(|(_, _, words)| words).cloned().collect();
    let found = emojis::named(&mut app.reader(), &hosts, &all).await?;
    let of = |host: &str, words: &[String]| {
        let named = found.iter().filter(|emoji| emoji.host == host && words.contains(&emoji.shortcode));
        named.filter_map(|emoji| emoji_of(addresses, app.places(), emoji)).collect::<Vec<_>>()
    };
    Ok(wanted.iter().map(|(post, host, words)| (*post, of(host, words))).collect())
}

/// An emoji, for whoever may see it. One from elsewhere is shown by a copy, or not at all: nobody is sent there
/// for it.
pub(crate) fn emoji_of(addresses: &Addresses, places: &Places, emoji: &Emoji) -> Option<CustomEmoji> {
    let url = match (&emoji.file, &emoji.url) {
        (Some(file), _) => places.of(Place::Media(file)),
        (None, Some(url)) => addresses.copy(url, Size::Small, true)?,
        (None, None) => return None,
    };
    Some(CustomEmoji {
        shortcode: emoji.shortcode.clone(),
        static_url: url.clone(),
        url,
        visible_in_picker: emoji.host == HERE,
        category: emoji.category.clone(),
    })
}

fn words(post: &Post) -> Vec<String> {
    shortcodes([post.content.as_str(), &post.content_note, post.title.as_deref().unwrap_or_default()])
}
