//! Letters of software that has chats and no threads, as Pleroma and Lemmy do: each goes on with what the two last wrote
//! to one another, or a member would have as many conversations as letters.

use crate::documents::post::Post as Document;
use crate::node::Federation;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, MemberId, PostId};
use alongside_store::error::Error;
use alongside_store::page::Page;
use alongside_store::{conversations, posts};

/// Conversations of a member that are looked through.
const CONVERSATIONS_MAX: i64 = 40;

/// The address of the letter that a new one from somebody to these goes on with.
pub(super) async fn goes_on(
    node: &Federation,
    document: &Document,
    author: &Actor,
    to: &[ActorId],
) -> Result<Option<String>, Error> {
    let [to] = to else { return Ok(None) };
    let mut reader = node.app().reader();
    if posts::find_by_uri(&mut reader, document.id.as_str()).await?.is_some() {
        return Ok(None);
    }
    let member = MemberId::of(*to);
    let newest = conversations::page(&mut reader, member, &Page::newest(CONVERSATIONS_MAX)).await?;
    let last: Vec<PostId> = newest.into_iter().map(|conversation| conversation.last_post_id).collect();
    let people = conversations::participants(&mut reader, member, &last).await?;
    let is_of_the_two = |post: &&PostId| {
        let mut with = people.iter().filter(|person| person.post_id == **post).peekable();
        with.peek().is_some() && with.all(|person| person.actor_id == author.id)
    };
    match last.iter().find(is_of_the_two) {
        Some(letter) => Ok(posts::find(&mut reader, *letter).await?.map(|letter| letter.uri)),
        None => Ok(None),
    }
}
