//! `/api/v1/conversations/:id`.

use crate::auth::{Author, WriteConversations};
use crate::entities::notifications::Conversation;
use crate::error::Error;
use crate::json::{Empty, Json};
use crate::path::Path;
use crate::render::conversations;
use alongside_app::context::App;
use alongside_app::own;
use alongside_domain::id::{ConversationId, MemberId};
use axum::extract::State;

/// Notes that the member has read it.
pub(crate) async fn read(
    State(app): State<App>,
    author: Author<WriteConversations>,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Error> {
    mark(&app, author.member, id, false).await
}

/// Notes that the member has something left to read in it.
pub(crate) async fn unread(
    State(app): State<App>,
    author: Author<WriteConversations>,
    Path(id): Path<ConversationId>,
) -> Result<Json<Conversation>, Error> {
    mark(&app, author.member, id, true).await
}

async fn mark(
    app: &App,
    member: MemberId,
    id: ConversationId,
    unread: bool,
) -> Result<Json<Conversation>, Error> {
    let marked = own::mark_conversation(app, member, id, unread).await?.ok_or(Error::NotFound)?;
    conversations::one(app, member, &marked).await.map(Json)
}

/// Takes it out of the member's view.
pub(crate) async fn remove(
    State(app): State<App>,
    author: Author<WriteConversations>,
    Path(id): Path<ConversationId>,
) -> Result<Json<Empty>, Error> {
    let known = own::remove_conversation(&app, author.member, id).await?;
    if known { Ok(Json(Empty {})) } else { Err(Error::NotFound) }
}
