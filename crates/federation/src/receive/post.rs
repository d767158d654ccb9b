//! Posts from elsewhere: published, changed, deleted; and votes, which travel as posts.

use crate::documents::activity::Action;
use crate::documents::origin;
use crate::documents::post::Post as Document;
use crate::documents::reference::Reference;
use crate::receive::act::{Context, Error, Outcome};
use crate::receive::moderation::{self, Way};
use crate::receive::take::{self, Reason};
use crate::vouch;
use alongside_app::effects::Via;
use alongside_app::{acquaintances, arrivals, polls, posts};
use alongside_domain::clock::Timestamp;
use alongside_domain::policy::Refusal;
use url::Url;

/// The actor changed a post. Some software does not say when: then it was now.
pub async fn changed(context: &Context<'_>, object: &Reference) -> Result<Outcome, Error> {
    let mut document = own_post(context, object).await?;
    document.updated.get_or_insert_with(|| moment(context.node.app().now()));
    let taken = take::take(context.node, &document, &context.actor, Reason::Concerned, context.via).await?;
    Ok(taken.map_or(Outcome::Ignored("it concerns nobody here"), |_| Outcome::Done))
}

fn moment(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// The actor published a post.
pub async fn created(context: &Context<'_>, objects: &[Reference]) -> Result<Outcome, Error> {
    let mut outcome = Outcome::Ignored("it concerns nobody here");
    for object in objects {
        let document = own_post(context, object).await?;
        if document.is_vote() {
            outcome = voted(context, &document).await?;
            continue;
        }
        let taken =
            take::take(context.node, &document, &context.actor, Reason::Concerned, context.via).await?;
        if taken.is_some() {
            outcome = Outcome::Done;
        }
    }
    Ok(outcome)
}

/// The post, if it is the actor's own: sent along by them, or read at its origin.
async fn own_post(context: &Context<'_>, object: &Reference) -> Result<Document, Error> {
    let own = context.address()?;
    let document = match object.post() {
        Some(post) => post.clone(),
        None => match object.id() {
            Some(id) if object.embedded().is_none() && origin::same(id, &own) => {
                take::read(context.node, id).await?
            }
            Some(_) | None => return Err(Error::Never("not a post of the actor's host")),
        },
    };
    if document.author != own || !origin::same(&document.id, &own) {
        return Err(Error::Never("somebody else's post"));
    }
    Ok(document)
}

/// A vote that travels as a post.
async fn voted(context: &Context<'_>, document: &Document) -> Result<Outcome, Error> {
    let (Some(question), Some(choice)) = (&document.in_reply_to, &document.name) else {
        return Err(Error::Never("a vote for nothing"));
    };
    chosen(context, question, choice).await
}

/// The actor chose something in a poll of a member here.
pub async fn chosen(context: &Context<'_>, question: &Url, choice: &str) -> Result<Outcome, Error> {
    let app = context.node.app();
    let mut reader = app.reader();
    let Some(post) = alongside_store::posts::find_by_uri(&mut reader, question.as_str()).await? else {
        return Ok(Outcome::Ignored("unknown post"));
    };
    if !post.local || post.poll.is_none() {
        return Ok(Outcome::Ignored("not a poll of ours"));
    }
    // Who is a member of a community elsewhere, only its node knows.
    let via = vouch::for_one(context.node, &context.actor, &post).await?.map_or(context.via, Via::Announced);
    polls::vote_arrived(app, context.actor.id, post.id, choice, via).await?;
    Ok(Outcome::Done)
}

/// The actor deleted a post, or themselves; or as somebody who looks after a community, took a post out of it.
pub async fn deleted(context: &Context<'_>, action: &Action, object: &Reference) -> Result<Outcome, Error> {
    let app = context.node.app();
    let Some(id) = object.id() else { return Err(Error::Never("nothing to delete")) };
    if id.as_str() == context.actor.uri {
        acquaintances::depart(app, context.actor.id).await?;
        return Ok(Outcome::Done);
    }
    let Some(post) = alongside_store::posts::find_by_uri(&mut app.reader(), id.as_str()).await? else {
        return forget(context, id).await;
    };
    if post.author != context.actor.id {
        return moderation::arrived(context, action, Way::Done).await;
    }
    match posts::delete(app, context.actor.id, post.id, context.via).await {
        // It is gone already: that is what was wanted.
        Ok(_) => Ok(Outcome::Done),
        Err(posts::Error::Refused(Refusal::Hidden)) => Ok(Outcome::Ignored("gone already")),
        Err(error) => Err(error.into()),
    }
}

/// What is deleted before it came is remembered, so that it does not come after all.
async fn forget(context: &Context<'_>, id: &Url) -> Result<Outcome, Error> {
    let own = context.address()?;
    if !origin::same(id, &own) {
        return Err(Error::Never("somebody else's post"));
    }
    arrivals::forget(context.node.app(), id.as_str()).await?;
    Ok(Outcome::Ignored("unknown post"))
}
