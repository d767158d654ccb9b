//! `PUT /api/v1/statuses/:id`: changes the words of a post.

use super::named;
use super::typed::{Body, MediaWords};
use crate::auth::{Author, WriteStatuses};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::path::Path;
use crate::render::statuses;
use alongside_app::media::{self, Changes};
use alongside_app::{posts, thumbnails};
use alongside_domain::id::PostId;
use alongside_domain::policy::Refusal;
use alongside_federation::look_up;
use alongside_federation::node::Federation;
use axum::extract::State;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;

/// Changes it.
pub(crate) async fn update(
    State(node): State<Federation>,
    author: Author<WriteStatuses>,
    Path(id): Path<PostId>,
    Params(mut body): Params<Body>,
) -> Result<Json<Status>, Error> {
    let app = node.app();
    let before = named(app, Some(author.actor()), id).await?;
    if before.author != author.actor() {
        return Err(Refusal::Hidden.into());
    }
    let images = std::mem::take(&mut body.media_attributes);
    let draft = body.into_draft(app)?;
    look_up::meet(&node, &draft.typed().text).await;
    for mut image in images {
        if let Some(thumbnail) = image.thumbnail.take().filter(|thumbnail| !thumbnail.is_empty()) {
            thumbnails::choose(app, author.member, image.id, picture(&thumbnail)?).await?;
        }
        media::describe(app, author.member, image.id, changes(image)).await?;
    }
    let post = posts::edit(app, author.member, id, &draft).await?;
    statuses::of_post(app, Some(author.member), &post).await.map(Json)
}

fn picture(address: &str) -> Result<Bytes, Error> {
    let text = address.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
    let picture = text.and_then(|(_, text)| BASE64_STANDARD.decode(text).ok());
    let says = "Validation failed: thumbnail must be a picture as a data: address in base64";
    picture.map(Bytes::from).ok_or_else(|| Error::Unfit(says.to_owned()))
}

fn changes(image: MediaWords) -> Changes {
    let focus = image.focus.as_deref().and_then(|focus| {
        let (across, down) = focus.split_once(',')?;
        Some((across.trim().parse().ok()?, down.trim().parse().ok()?))
    });
    Changes { description: image.description, focus }
}
