//! Opening a community.

use crate::context::App;
use alongside_domain::actor::{ActorKind, Handle};
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::limits::NAME_CHARS_MAX;
use alongside_domain::place::{Part, Place};
use alongside_store::actors::Profile;
use alongside_store::{actors, audit, communities, error};

/// What a new community is to be.
#[derive(Debug, Clone)]
pub struct NewCommunity {
    /// Its name before the `@`.
    pub handle: Handle,
    /// The name it goes by.
    pub title: String,
    /// What it is for, as typed.
    pub summary: String,
    /// Who may read in it.
    pub audience: Audience,
    /// How one becomes a member.
    pub join_policy: JoinPolicy,
    /// Whom moderators turn to when somebody is in danger.
    pub safeguarding_contact: Option<String>,
}

/// Why a community was not opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The name is in use, by a member or a community.
    #[error("the name {0} is taken on this node")]
    Taken(String),
    /// The title is empty or too long.
    #[error("a community needs a title of up to {NAME_CHARS_MAX} characters")]
    Title,
    /// Nobody to turn to when somebody is in danger.
    #[error(
        "a community needs a safeguarding contact: somebody who can be reached when a person is in danger"
    )]
    NoSafeguardingContact,
    /// The store could not do it.
    #[error("the community could not be kept")]
    Store(#[source] error::Error),
}

/// Opens a community on this node. Only where nobody but this machine can reach the node may it do
/// without a safeguarding contact.
pub async fn create(app: &App, new: &NewCommunity) -> Result<CommunityId, Error> {
    if new.title.trim().is_empty() || new.title.chars().count() > NAME_CHARS_MAX {
        return Err(Error::Title);
    }
    if new.safeguarding_contact.is_none() && !app.places().is_loopback() {
        return Err(Error::NoSafeguardingContact);
    }
    let id: ActorId = app.next_id();
    insert(app, id, new).await.map_err(|error| {
        if ["host", "address", "uri"].iter().any(|column| error.is_unique("actor", column)) {
            Error::Taken(new.handle.to_string())
        } else {
            Error::Store(error)
        }
    })?;
    Ok(CommunityId::of(id))
}

async fn insert(app: &App, id: ActorId, new: &NewCommunity) -> Result<(), error::Error> {
    let mut tx = app.store().begin().await?;
    actors::insert(&mut tx, id, &profile(app, new), app.now()).await?;
    let community = Community {
        id: CommunityId::of(id),
        audience: new.audience,
        join_policy: new.join_policy,
        indexable: false,
        safeguarding_contact: new.safeguarding_contact.clone(),
        local: true,
    };
    communities::put(&mut tx, &community).await?;
    audit::append(&mut tx, app.ids(), app.now(), None, "community.create", new.handle.as_str(), "").await?;
    tx.commit().await
}

fn profile(app: &App, new: &NewCommunity) -> Profile {
    let handle = new.handle.as_str();
    let of = |place| app.places().of(place);
    Profile {
        kind: ActorKind::Group,
        handle: handle.to_owned(),
        host: String::new(),
        uri: of(Place::Actor(handle)),
        url: of(Place::Profile(handle)),
        name: new.title.trim().to_owned(),
        note: alongside_domain::compose::html(&new.summary, &[], &of(Place::Tag(""))),
        note_source: new.summary.clone(),
        fields: Vec::new(),
        avatar: None,
        header: None,
        locked: new.join_policy != JoinPolicy::Open,
        bot: false,
        discoverable: true,
        inbox: of(Place::Of(handle, Part::Inbox)),
        shared_inbox: Some(of(Place::SharedInbox)),
        outbox: Some(of(Place::Of(handle, Part::Outbox))),
        followers: Some(of(Place::Of(handle, Part::Followers))),
        featured: Some(of(Place::Of(handle, Part::Featured))),
        moderators: Some(of(Place::Of(handle, Part::Moderators))),
        created_at: app.now().midnight(),
    }
}
