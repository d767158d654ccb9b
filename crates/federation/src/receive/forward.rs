//! What another node tells a community of ours, because it reached only one of its members. Everything is
//! proved by who did it or read again at its origin, so it does not matter who tells us.

use crate::documents::activity::{Action, Activity};
use crate::documents::reference::Reference;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::take::{self, Reason};
use crate::receive::{confirm, proof};
use crate::resolve;
use alongside_app::posts;
use std::pin::Pin;

/// Acts on an activity that somebody else tells of. What it takes lies on the heap: it may be told of in what is acted on, and
/// act on what is told in it.
pub fn told<'a>(
    context: &'a Context<'_>,
    inner: &'a Activity,
) -> Pin<Box<dyn Future<Output = Result<Outcome, Error>> + Send + 'a>> {
    Box::pin(act_on(context, inner))
}

async fn act_on(context: &Context<'_>, inner: &Activity) -> Result<Outcome, Error> {
    match &inner.action {
        Action::Create { objects } => {
            let mut outcome = Outcome::Ignored("it concerns nobody here");
            for object in objects {
                if written(context, inner, object).await? == Outcome::Done {
                    outcome = Outcome::Done;
                }
            }
            Ok(outcome)
        }
        Action::Update { object } if object.post().is_some() => written(context, inner, object).await,
        Action::Delete { object, .. } => deleted(context, inner, object).await,
        Action::Like { .. } | Action::EmojiReact { .. } | Action::Undo { .. } => {
            confirm::as_its_actor(context, inner, context.via).await
        }
        _ => Ok(Outcome::Ignored("nothing to do for what was passed on")),
    }
}

async fn written(context: &Context<'_>, inner: &Activity, object: &Reference) -> Result<Outcome, Error> {
    let document = match confirm::proved(context.node, inner, object).await? {
        Some(post) => post.clone(),
        None => {
            take::read(context.node, object.id().ok_or(Error::Never("a post without an address"))?).await?
        }
    };
    let author = resolve::actor(context.node, &document.author).await?;
    if author.is_local() || !author.is_present() {
        return Ok(Outcome::Ignored("our own, come back"));
    }
    let taken = take::take(context.node, &document, &author, Reason::Concerned, context.via).await?;
    Ok(taken.map_or(Outcome::Ignored("it concerns nobody here"), |_| Outcome::Done))
}

/// A post is said to be gone. Only its author, by a proof, or its own origin can say so, of what anybody could
/// read, and never of what was written here.
async fn deleted(context: &Context<'_>, inner: &Activity, object: &Reference) -> Result<Outcome, Error> {
    let app = context.node.app();
    let id = object.id().ok_or(Error::Never("nothing to delete"))?;
    let Some(post) = alongside_store::posts::find_by_uri(&mut app.reader(), id.as_str()).await? else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    let author = resolve::actor(context.node, &inner.actor).await?;
    if author.is_local() || author.id != post.author {
        return Err(Error::Never("somebody else's post"));
    }
    if !proof::vouches(context.node, inner).await?
        && !confirm::is_deletion(context.node, inner, &post).await?
    {
        return Err(Error::Never("the origin does not confirm it"));
    }
    posts::delete(app, author.id, post.id, context.via).await?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents;
    use crate::testing::federation;
    use alongside_app::effects::Via;
    use alongside_domain::actor::ActorKind;
    use alongside_domain::id::InboxId;
    use alongside_domain::post::{Post, Visibility};
    use alongside_testkit::node::Node;

    async fn is_there(node: &Node, post: &Post) -> bool {
        let found = alongside_store::posts::find(&mut node.app.reader(), post.id).await.unwrap();
        found.unwrap().is_present()
    }

    /// A node elsewhere that tells us of things.
    async fn teller(node: &Node) -> alongside_domain::actor::Actor {
        let template = node.stranger("teller", "evil.example").await;
        let known = alongside_store::actors::find(&mut node.app.reader(), template).await.unwrap().unwrap();
        alongside_domain::actor::Actor { kind: ActorKind::Application, ..known }
    }

    alongside_testkit::both_engines! {
    async fn nobody_else_says_that_our_posts_are_gone(node: Node) {
            let sam = node.member("sam").await.actor();
            let sam_uri = alongside_store::actors::find(&mut node.app.reader(), sam).await.unwrap().unwrap().uri;
            let federation = federation(&node, Vec::new());
            let actor = teller(&node).await;
            for visibility in [Visibility::Public, Visibility::Followers, Visibility::Direct, Visibility::Members] {
                let post = node.post_with(sam, "mine", |post| post.visibility = visibility).await;
                let told = serde_json::json!({
                    "id": "https://evil.example/1",
                    "type": "Delete",
                    "actor": sam_uri,
                    "object": post.uri,
                });
                let told = documents::parse_activity(told.to_string().as_bytes()).unwrap();
                let actor = actor.clone();
                let context = Context { node: &federation, actor, via: Via::Arrived(InboxId::new(1)) };
                super::told(&context, &told).await.unwrap_err();
                assert!(is_there(&node, &post).await, "{visibility}");
            }
    }
    }
}
