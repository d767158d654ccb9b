//! `GET /activities/{name}`: what was sent, to whoever wants to hear it from us.

use super::answer;
use crate::error::Error;
use crate::path::Path;
use alongside_app::context::App;
use alongside_domain::place::Place;
use alongside_store::activities;
use axum::extract::State;
use axum::response::Response;

/// Shows an activity of ours that anybody may read.
pub(super) async fn show(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Error> {
    let uri = app.places().of(Place::Activity(&name));
    let found = activities::find_by_uri(&mut app.reader(), &uri).await?;
    let open = found.filter(|activity| activity.open).ok_or(Error::NotFound)?;
    Ok(answer::text(open.body))
}
