//! Posts on a page, and what our pages share about those who wrote them.

use crate::error::Error;
use crate::pages::contexts::Words;
use crate::render::statuses::content;
use alongside_app::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::id::ActorId;
use alongside_domain::place::Place;
use alongside_domain::post::Post;
use alongside_store::actors;
use http::HeaderMap;
use http::header::ACCEPT;
use std::collections::HashMap;

/// What these posts say and who says it.
pub(crate) async fn of(app: &App, posts: Vec<Post>) -> Result<Vec<Words>, Error> {
    let ids: Vec<ActorId> = posts.iter().map(|post| post.author).collect();
    let authors = actors::find_all(&mut app.reader(), &ids).await?;
    let authors: HashMap<ActorId, Actor> = authors.into_iter().map(|actor| (actor.id, actor)).collect();
    Ok(posts
        .into_iter()
        .filter_map(|post| authors.get(&post.author).map(|author| words(author, post)))
        .collect())
}

fn words(author: &Actor, post: Post) -> Words {
    let path = if post.local { Place::PostPage(&author.handle, post.id).to_string() } else { post.url };
    Words {
        author: if author.name.is_empty() { author.acct() } else { author.name.clone() },
        author_url: author.url.clone(),
        day: post.published_at.to_string().chars().take(10).collect(),
        content_note: post.content_note,
        content: content(post.title.as_deref(), &post.content),
        path,
    }
}

/// Somebody's picture, if it is kept here: our pages load nothing from anybody else.
pub(super) fn own_picture(actor: &Actor) -> Option<String> {
    let kept = actor.avatar.as_deref().filter(|kept| !kept.contains("://"))?;
    Some(if kept.starts_with('/') { kept.to_owned() } else { Place::Media(kept).to_string() })
}

/// Whether another server asks, which has no use for a page.
pub(super) fn wants_activity(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    !accept.contains("text/html") && (accept.contains("activity+json") || accept.contains("ld+json"))
}
