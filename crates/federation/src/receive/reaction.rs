//! Reactions from elsewhere.

use crate::documents::activity::Activity;
use crate::node::Federation;
use crate::receive::act::{Context, Error, Outcome};
use alongside_app::{inbox, reactions};
use alongside_domain::reaction::Reaction;
use alongside_store::{actors, posts};
use url::Url;

/// Somebody elsewhere reacts to a post that is known here.
pub async fn given(
    context: &Context<'_>,
    activity: &Activity,
    object: &Url,
    emoji: Option<&str>,
) -> Result<Outcome, Error> {
    if emoji.is_some_and(is_against) {
        return opposed(context, object).await;
    }
    let app = context.node.app();
    let Some(post) = posts::find_by_uri(&mut app.reader(), object.as_str()).await? else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    let kind = emoji.map_or(Reaction::Strength, Reaction::from_symbol);
    let uri = activity.id.as_ref().map(Url::to_string);
    reactions::react(app, context.actor.id, post.id, kind, uri, context.via).await?;
    Ok(Outcome::Done)
}

/// Whether a symbol says the opposite of all that a reaction can say here.
fn is_against(emoji: &str) -> bool {
    emoji.starts_with('👎') || [":-1:", ":thumbsdown:", ":thumbs_down:"].contains(&emoji)
}

/// Somebody elsewhere votes against a post. That is not counted here; but who liked it before does so no longer, and
/// most software says nothing else of that.
pub async fn opposed(context: &Context<'_>, object: &Url) -> Result<Outcome, Error> {
    if !is_kept(context.node, &context.actor.uri, object).await? {
        return Ok(Outcome::Ignored("there are no downvotes"));
    }
    taken_back(context, object, None).await
}

/// Whether a reaction of an actor to a post is kept.
pub async fn is_kept(node: &Federation, actor: &str, object: &Url) -> Result<bool, Error> {
    let mut reader = node.app().reader();
    let actor = actors::find_by_uri(&mut reader, actor).await?;
    let post = posts::find_by_uri(&mut reader, object.as_str()).await?;
    let (Some(actor), Some(post)) = (actor, post) else { return Ok(false) };
    Ok(alongside_store::reactions::between(&mut reader, actor.id, post.id).await?.is_some())
}

/// Somebody elsewhere takes a reaction back. Where one may react in several ways at once, only the first is kept
/// here, and only taking back that one means anything.
pub async fn taken_back(context: &Context<'_>, object: &Url, emoji: Option<&str>) -> Result<Outcome, Error> {
    let app = context.node.app();
    let mut reader = app.reader();
    let Some(post) = posts::find_by_uri(&mut reader, object.as_str()).await? else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    let kept = alongside_store::reactions::between(&mut reader, context.actor.id, post.id).await?;
    let is_another = |kind: Reaction| emoji.is_some_and(|emoji| Reaction::from_symbol(emoji) != kind);
    if kept.is_some_and(|kept| is_another(kept.kind)) {
        return Ok(Outcome::Ignored("not the reaction that is kept"));
    }
    reactions::unreact(app, context.actor.id, post.id, context.via).await?;
    Ok(Outcome::Done)
}

/// As [`taken_back`], by an Undo that has the reaction in it. It may come again under the address it had: `NodeBB` has
/// one for each person and post.
pub async fn undone(
    context: &Context<'_>,
    given: &Activity,
    object: &Url,
    emoji: Option<&str>,
) -> Result<Outcome, Error> {
    let outcome = taken_back(context, object, emoji).await?;
    if let Some(id) = given.id.as_ref().filter(|_| outcome == Outcome::Done) {
        inbox::forget(context.node.app(), id.as_str(), &context.actor.uri).await?;
    }
    Ok(outcome)
}

/// As [`taken_back`], for software that names only the Like; false if there is none.
pub async fn taken_back_by_id(context: &Context<'_>, id: &Url) -> Result<bool, Error> {
    let app = context.node.app();
    let found = alongside_store::reactions::find_by_uri(&mut app.reader(), id.as_str()).await?;
    let Some(given) = found.filter(|given| given.actor_id == context.actor.id) else { return Ok(false) };
    reactions::unreact(app, given.actor_id, given.post_id, context.via).await?;
    Ok(true)
}
