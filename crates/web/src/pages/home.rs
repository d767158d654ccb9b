//! The start page: what this place is, where help is, and how to take part.

use crate::error::Error;
use crate::pages::contexts::{Frame, Home, Linked};
use crate::pages::{Page, sign_up};
use alongside_app::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::id::ActorId;
use alongside_domain::place::Place;
use alongside_store::{actors, communities};
use axum::extract::State;

/// Communities named on the page.
const COMMUNITIES_MAX: i64 = 100;

/// Shows the start page.
pub(crate) async fn show(State(app): State<App>) -> Result<Page<Home>, Error> {
    let communities = linked(&app).await?;
    Ok(Page::new(Home {
        frame: Frame::of(&app).indexable(true),
        host: app.places().host().to_owned(),
        contact: app.settings().contact.clone(),
        signs_up: sign_up::is_open(&app),
        communities,
    }))
}

async fn linked(app: &App) -> Result<Vec<Linked>, Error> {
    let local = communities::local(&mut app.reader(), COMMUNITIES_MAX).await?;
    let ids: Vec<ActorId> = local.iter().map(|community| community.id.actor()).collect();
    let mut found = actors::find_all(&mut app.reader(), &ids).await?;
    found.retain(Actor::is_present);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found
        .into_iter()
        .map(|actor| Linked { path: Place::Profile(&actor.handle).to_string(), name: actor.name })
        .collect())
}
