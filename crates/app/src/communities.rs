//! Opening a community, and what opening one asks for.

pub mod closing;
pub mod guidance;
pub mod settings;

use crate::accounts;
use crate::communities::guidance::{Guidance, Unfit};
use crate::context::App;
use crate::follows::{self, Wishes};
use crate::profiles::{self, Picture, Pictures};
use crate::strays;
use alongside_domain::actor::{ActorKind, Handle};
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{AccountId, ActorId, CommunityId, MemberId};
use alongside_domain::limits::{NAME_CHARS_MAX, NOTE_CHARS_MAX};
use alongside_domain::policy::{self, Openness, Refusal, Relation, Verb};
use alongside_store::actors::Profile;
use alongside_store::engine::Tx;
use alongside_store::{actors, audit, communities, error, members};

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

/// What a client may say besides when it opens one.
#[derive(Debug, Clone, Default)]
pub struct Dress {
    /// What it asks of its members, and when somebody looks after it.
    pub guidance: Guidance,
    /// Its picture.
    pub avatar: Option<Picture>,
    /// Its banner.
    pub header: Option<Picture>,
}

/// Why a community was not opened, changed or closed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The policy said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The name is in use, by a member or a community.
    #[error("the name {0} is taken on this node")]
    Taken(String),
    /// The title is empty or too long.
    #[error("a community needs a title of up to {NAME_CHARS_MAX} characters")]
    Title,
    /// What it is for is told in too many words.
    #[error("what a community is for may be told in {NOTE_CHARS_MAX} characters")]
    Summary,
    /// Its rules or hours do not fit.
    #[error(transparent)]
    Guidance(#[from] Unfit),
    /// Nobody to turn to when somebody is in danger.
    #[error(
        "a community needs a safeguarding contact: somebody who can be reached when a person is in danger"
    )]
    NoSafeguardingContact,
    /// A picture cannot be used.
    #[error(transparent)]
    Picture(#[from] profiles::Error),
    /// The store could not do it.
    #[error("the community could not be kept")]
    Store(#[from] error::Error),
}

/// Opens a community on this node, because whoever runs it says so. Only where nobody but this machine can
/// reach the node may it do without a safeguarding contact.
pub async fn create(app: &App, new: &NewCommunity) -> Result<CommunityId, Error> {
    check(app, new)?;
    let mut tx = app.store().begin().await?;
    let id = insert(&mut tx, app, new, &Pictures::default(), None).await?;
    guidance::tell(&mut tx, app, id).await?;
    tx.commit().await?;
    Ok(id)
}

/// Opens a community from a client, if the policy lets this member. They look after it, and are in it.
pub async fn open(app: &App, by: MemberId, new: &NewCommunity, dress: &Dress) -> Result<CommunityId, Error> {
    check(app, new)?;
    dress.guidance.check()?;
    let member = members::find(&mut app.reader(), by).await?.ok_or(Refusal::Forbidden)?;
    let permit = policy::check(Verb::Open, Some(member.role), Relation::Outsider, Openness::Open)?;
    debug_assert_eq!(permit.verb(), Verb::Open);
    let pictures = profiles::write(app, dress.avatar.as_ref(), dress.header.as_ref()).await?;
    let opened = async {
        let mut tx = app.store().begin().await?;
        let id = insert(&mut tx, app, new, &pictures, Some(member.account_id)).await?;
        strays::keep(&mut tx, &pictures.names()).await?;
        communities::appoint(&mut tx, id, by.actor(), settings::OWNER, app.now()).await?;
        dress.guidance.put(&mut tx, id).await?;
        guidance::tell(&mut tx, app, id).await?;
        follows::follow_in(&mut tx, app, by.actor(), id.actor(), Wishes::default(), None).await.map_err(
            |error| match error {
                follows::Error::Refused(refusal) => Error::Refused(refusal),
                follows::Error::NoTalk(_) | follows::Error::Languages => Error::Refused(Refusal::Forbidden),
                follows::Error::Store(error) => Error::Store(error),
            },
        )?;
        tx.commit().await?;
        Ok(id)
    };
    match opened.await {
        Ok(id) => Ok(id),
        Err(error) => {
            strays::remove(app, pictures.names()).await;
            Err(error)
        }
    }
}

fn check(app: &App, new: &NewCommunity) -> Result<(), Error> {
    settings::check(&new.title, &new.summary)?;
    if new.safeguarding_contact.is_none() && !app.places().is_loopback() {
        return Err(Error::NoSafeguardingContact);
    }
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    app: &App,
    new: &NewCommunity,
    pictures: &Pictures,
    by: Option<AccountId>,
) -> Result<CommunityId, Error> {
    let id: ActorId = app.next_id();
    actors::insert(tx, id, &profile(app, new, pictures), app.now()).await.map_err(|error| {
        if accounts::is_address(&error) { Error::Taken(new.handle.to_string()) } else { Error::Store(error) }
    })?;
    let community = Community {
        id: CommunityId::of(id),
        audience: new.audience,
        join_policy: new.join_policy,
        indexable: false,
        safeguarding_contact: new.safeguarding_contact.clone(),
        local: true,
    };
    communities::put(tx, &community).await?;
    audit::append(tx, app.ids(), app.now(), by, "community.create", new.handle.as_str(), "").await?;
    Ok(community.id)
}

fn profile(app: &App, new: &NewCommunity, pictures: &Pictures) -> Profile {
    Profile {
        name: new.title.trim().to_owned(),
        note_source: new.summary.clone(),
        avatar: pictures.avatar.clone(),
        header: pictures.header.clone(),
        locked: new.join_policy != JoinPolicy::Open,
        discoverable: true,
        ..profiles::newcomer(app, ActorKind::Group, new.handle.as_str())
    }
}
