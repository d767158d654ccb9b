//! `/api/v1/groups`: the communities a member is in, and opening one.

use crate::auth::{Author, ReadGroups, WriteGroups};
use crate::entities::groups::Group;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Files, Uploads, Word};
use crate::render::groups;
use alongside_app::communities::guidance::Guidance;
use alongside_app::communities::{self, Dress, NewCommunity};
use alongside_app::context::App;
use alongside_app::profiles::Picture;
use alongside_domain::account::Email;
use alongside_domain::actor::Handle;
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::id::ActorId;
use alongside_domain::limits::JOINED_SHOWN_MAX;
use alongside_store::communities as stored;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a new community is to be. The extension has a name, a note and pictures; the rest is ours.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    display_name: String,
    note: String,
    /// The name in its address; without it, made of its display name.
    slug: Option<String>,
    /// `public` or `members_only`.
    statuses_visibility: Option<String>,
    join_policy: Option<Word<JoinPolicy>>,
    /// Whom to reach when somebody is in danger; without it, the node's contact.
    safeguarding_contact: Option<String>,
    rules: Vec<String>,
    staffed_hours: String,
}

impl Files for Body {
    const FILES: &'static [&'static str] = &["avatar", "header"];
}

/// Shows those they are in, by their names.
pub(crate) async fn show(
    State(app): State<App>,
    author: Author<ReadGroups>,
) -> Result<Json<Vec<Group>>, Error> {
    let joined = stored::joined(&mut app.reader(), author.actor(), JOINED_SHOWN_MAX).await?;
    let ids: Vec<ActorId> = joined.iter().map(|joined| joined.actor_id).collect();
    groups::of_ids(&app, &ids).await.map(Json)
}

/// Opens one.
pub(crate) async fn open(
    State(app): State<App>,
    author: Author<WriteGroups>,
    mut uploads: Uploads<Body>,
) -> Result<Json<Group>, Error> {
    let mut picture = |name| uploads.take(name).map(|bytes| Picture::New(bytes.into()));
    let (avatar, header) = (picture("avatar"), picture("header"));
    let body = uploads.values;
    let guidance = Guidance { rules: body.rules.clone(), staffed_hours: body.staffed_hours.clone() };
    let new = body.into_community(&app)?;
    let id = communities::open(&app, author.member, &new, &Dress { guidance, avatar, header }).await?;
    groups::of_id(&app, id.actor()).await.map(Json)
}

impl Body {
    fn into_community(self, app: &App) -> Result<NewCommunity, Error> {
        let handle = match self.slug.as_deref().map(str::trim).filter(|slug| !slug.is_empty()) {
            Some(slug) => Handle::new(slug),
            None => Handle::of_title(&self.display_name),
        };
        let contact = match self.safeguarding_contact.filter(|contact| !contact.trim().is_empty()) {
            Some(contact) => Some(Email::parse(&contact).map_err(|error| unfit(&error))?.as_str().to_owned()),
            None => app.settings().contact.clone(),
        };
        Ok(NewCommunity {
            handle: handle.map_err(|error| unfit(&error))?,
            title: self.display_name,
            summary: self.note,
            audience: audience(self.statuses_visibility.as_deref())?,
            join_policy: self.join_policy.map_or(JoinPolicy::Open, |Word(policy)| policy),
            safeguarding_contact: contact,
        })
    }
}

fn audience(word: Option<&str>) -> Result<Audience, Error> {
    match word {
        None | Some("" | "public") => Ok(Audience::Everyone),
        Some("members_only") => Ok(Audience::Members),
        Some(_) => Err(Error::Unfit(
            "Validation failed: statuses_visibility is not one of public, members_only".to_owned(),
        )),
    }
}

fn unfit(error: &impl std::fmt::Display) -> Error {
    Error::Unfit(format!("Validation failed: {error}"))
}
