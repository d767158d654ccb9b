//! Direct conversations.

use crate::entities::notifications::Conversation;
use crate::error::Error;
use crate::render::{accounts, statuses};
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::id::{ActorId, MemberId, PostId};
use alongside_store::conversations;

/// These conversations of a member, in their order.
pub(crate) async fn of(
    app: &App,
    member: MemberId,
    shown: &[conversations::Conversation],
) -> Result<Vec<Conversation>, Error> {
    let mut reader = app.reader();
    let ids: Vec<PostId> = shown.iter().map(|conversation| conversation.last_post_id).collect();
    let people = conversations::participants(&mut reader, member, &ids).await?;
    // Somebody who writes to nobody is alone in their conversation.
    let ids_of_people: Vec<ActorId> =
        people.iter().map(|person| person.actor_id).chain([member.actor()]).collect();
    let known = accounts::of_ids(app, &ids_of_people).await?;
    let posts = reading::posts(&mut reader, Some(member.actor()), &ids, app.now()).await?;
    let posts = statuses::of_posts(app, Some(member), &posts).await?;
    Ok(shown
        .iter()
        .map(|conversation| {
            let last = conversation.last_post_id;
            let mut with: Vec<String> = people
                .iter()
                .filter(|person| person.post_id == last)
                .map(|person| person.actor_id.to_string())
                .collect();
            if with.is_empty() {
                with.push(member.to_string());
            }
            let last = last.to_string();
            Conversation {
                id: conversation.id.to_string(),
                unread: conversation.unread,
                accounts: with
                    .iter()
                    .filter_map(|id| known.iter().find(|account| account.id == *id))
                    .cloned()
                    .collect(),
                last_status: posts.iter().find(|status| status.id == last).cloned(),
            }
        })
        .collect())
}

/// One conversation of a member.
pub(crate) async fn one(
    app: &App,
    member: MemberId,
    conversation: &conversations::Conversation,
) -> Result<Conversation, Error> {
    of(app, member, std::slice::from_ref(conversation)).await?.pop().ok_or(Error::NotFound)
}
