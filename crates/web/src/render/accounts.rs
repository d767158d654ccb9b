//! People and communities.

use crate::entities::accounts::{Account, CredentialAccount, Field, Profile, Relationship, Role, Source};
use crate::entities::statuses::CustomEmoji;
use crate::error::Error;
use crate::page::{Paged, Paging};
use crate::pages::statics::{AVATAR, HEADER};
use crate::render::emojis::Emojis;
use crate::render::{file, tags, visibility};
use alongside_app::context::App;
use alongside_app::media::Addresses;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::place::Places;
use alongside_domain::plain;
use alongside_store::{actors, featured_tags, members, moves, relationships, requests};
use std::collections::HashMap;

/// These people and communities, in their order.
pub(crate) async fn of_actors(app: &App, actors: &[Actor]) -> Result<Vec<Account>, Error> {
    let emojis = Emojis::of_people(app, actors).await?;
    Ok(actors.iter().map(|actor| account(app.places(), actor, emojis.of_actor(actor))).collect())
}

/// A page of them, one for each row: its id in the order of the list, and whom it is about.
pub(crate) async fn page(
    app: &App,
    paging: &Paging,
    rows: impl Iterator<Item = (i64, ActorId)>,
) -> Result<Paged<Account>, Error> {
    let (rows, people): (Vec<i64>, Vec<ActorId>) = rows.unzip();
    let people = of_ids(app, &people).await?;
    Ok(paging.reply(people, rows.first().copied(), rows.last().copied()))
}

/// One of them, and where they have moved to, as far as that is known here.
pub(crate) async fn of_actor(app: &App, actor: &Actor) -> Result<Account, Error> {
    let mut reader = app.reader();
    let moved = match moves::of(&mut reader, actor.id).await? {
        Some(moved) => actors::find_by_uri(&mut reader, &moved.uri).await?.filter(Actor::is_present),
        None => None,
    };
    let both: Vec<Actor> = std::iter::once(actor.clone()).chain(moved).collect();
    let mut shown = of_actors(app, &both).await?.into_iter();
    let account = shown.next().ok_or(Error::NotFound)?;
    Ok(Account { moved: shown.next().map(Box::new), ..account })
}

/// Somebody with a public name, and the pictures that stand for words of theirs.
pub(crate) fn account(places: &Places, actor: &Actor, emojis: Vec<CustomEmoji>) -> Account {
    let (avatar, header) = (avatar(places, actor), file(places, actor.header.as_deref().unwrap_or(HEADER)));
    Account {
        id: actor.id.to_string(),
        username: actor.handle.clone(),
        acct: actor.acct(),
        display_name: actor.name.clone(),
        locked: actor.locked,
        bot: actor.bot,
        discoverable: actor.discoverable,
        indexable: actor.indexable,
        group: actor.is_community(),
        created_at: actor.created_at.midnight().to_string(),
        note: actor.note.clone(),
        url: actor.url.clone(),
        uri: actor.uri.clone(),
        avatar_static: avatar.clone(),
        avatar,
        header_static: header.clone(),
        header,
        followers_count: actor.followers_count,
        following_count: actor.following_count,
        statuses_count: actor.posts_count,
        last_status_at: actor.last_post_at.map(|at| at.to_string().chars().take(10).collect()),
        hide_collections: true,
        noindex: !actor.discoverable,
        emojis,
        roles: [],
        fields: fields(actor),
        moved: None,
        suspended: actor.suspended_at.is_some(),
        limited: actor.silenced_at.is_some(),
    }
}

/// As [`account`], for the node's staff, who see the pictures of whoever is suspended, as nobody else does.
pub(crate) fn for_staff(addresses: &Addresses, actor: &Actor, emojis: Vec<CustomEmoji>) -> Account {
    let shown = account(addresses.places(), actor, emojis);
    if actor.suspended_at.is_none() {
        return shown;
    }
    let portrait = |kept: &Option<String>| kept.as_deref().and_then(|name| addresses.portrait(name));
    let avatar = portrait(&actor.avatar).unwrap_or(shown.avatar);
    let header = portrait(&actor.header).unwrap_or(shown.header);
    Account { avatar_static: avatar.clone(), avatar, header_static: header.clone(), header, ..shown }
}

/// A member, as they see themselves.
pub(crate) async fn credentials(app: &App, id: MemberId) -> Result<CredentialAccount, Error> {
    let mut reader = app.reader();
    let member = members::find(&mut reader, id).await?.ok_or(Error::Unauthenticated)?;
    let actor = actors::find(&mut reader, id.actor()).await?.ok_or(Error::Unauthenticated)?;
    let waiting = requests::count(&mut reader, id.actor()).await?;
    Ok(CredentialAccount {
        account: of_actor(app, &actor).await?,
        source: Source {
            privacy: visibility(member.default_visibility),
            sensitive: member.default_sensitive,
            language: member.default_language.clone(),
            quote_policy: "nobody",
            fields: typed_fields(&actor),
            follow_requests_count: waiting,
            hide_collections: true,
            discoverable: actor.discoverable,
            indexable: actor.indexable,
            attribution_domains: [],
            note: actor.note_source,
        },
        role: Role::new(member.role),
    })
}

/// A member's profile, as they edit it.
pub(crate) async fn profile(app: &App, id: MemberId) -> Result<Profile, Error> {
    let mut reader = app.reader();
    let actor = actors::find(&mut reader, id.actor()).await?.ok_or(Error::Unauthenticated)?;
    let featured = featured_tags::of_member(&mut reader, actor.id).await?;
    let own = |kept: &Option<String>| kept.as_deref().map(|kept| file(app.places(), kept));
    let (avatar, header) = (own(&actor.avatar), own(&actor.header));
    Ok(Profile {
        id: actor.id.to_string(),
        fields: typed_fields(&actor),
        display_name: actor.name,
        note: actor.note_source,
        avatar_static: avatar.clone(),
        avatar,
        avatar_description: "",
        header_static: header.clone(),
        header,
        header_description: "",
        locked: actor.locked,
        bot: actor.bot,
        hide_collections: true,
        discoverable: actor.discoverable,
        indexable: actor.indexable,
        show_media: true,
        show_media_replies: true,
        show_featured: true,
        attribution_domains: [],
        featured_tags: featured.iter().map(|tag| tags::featured(app.places(), tag)).collect(),
    })
}

/// The address of somebody's picture, or of the one for those who have none.
pub(crate) fn avatar(places: &Places, actor: &Actor) -> String {
    file(places, actor.avatar.as_deref().unwrap_or(AVATAR))
}

fn fields(actor: &Actor) -> Vec<Field> {
    let fields = actor.fields.iter();
    fields
        .map(|field| Field { name: field.name.clone(), value: field.value.clone(), verified_at: None })
        .collect()
}

/// The same as they were typed, for changing them: as HTML a client would send them back as words.
fn typed_fields(actor: &Actor) -> Vec<Field> {
    let typed = |field: Field| Field { value: plain::text(&field.value), ..field };
    fields(actor).into_iter().map(typed).collect()
}

/// What somebody is to a member.
pub(crate) fn relationship(row: &relationships::Relationship) -> Relationship {
    Relationship {
        id: row.id.to_string(),
        following: row.following,
        showing_reblogs: row.showing_boosts,
        notifying: row.notifying,
        languages: Some(row.languages.clone()).filter(|languages| !languages.is_empty()),
        followed_by: row.followed_by,
        blocking: row.blocking,
        blocked_by: row.blocked_by,
        muting: row.muting,
        muting_notifications: row.muting_notifications,
        muting_expires_at: row.muting_expires_at.map(|at| at.to_string()),
        requested: row.requested,
        requested_by: row.requested_by,
        domain_blocking: row.host_blocking,
        endorsed: row.endorsed,
        note: row.note.clone(),
    }
}

/// What somebody is to a member, read anew.
pub(crate) async fn relationship_with(
    app: &App,
    member: MemberId,
    target: ActorId,
) -> Result<Relationship, Error> {
    let rows = relationships::of(&mut app.reader(), member.actor(), &[target], app.now()).await?;
    rows.first().map(relationship).ok_or(Error::NotFound)
}

/// These people and communities that may be shown, in the order of their ids.
pub(crate) async fn of_ids(app: &App, ids: &[ActorId]) -> Result<Vec<Account>, Error> {
    let found = actors::find_all(&mut app.reader(), ids).await?;
    let shown = |actor: &Actor, emojis| actor.is_present().then(|| account(app.places(), actor, emojis));
    those(app, ids, &found, shown).await
}

/// The same, with those who wait to be let in and those who are suspended: for the node's staff.
pub(crate) async fn of_ids_for_staff(app: &App, ids: &[ActorId]) -> Result<Vec<Account>, Error> {
    let found = actors::find_all(&mut app.reader(), ids).await?;
    let addresses = Addresses::load(app).await?.for_staff();
    let shown =
        |actor: &Actor, emojis| actor.deleted_at.is_none().then(|| for_staff(&addresses, actor, emojis));
    those(app, ids, &found, shown).await
}

async fn those(
    app: &App,
    ids: &[ActorId],
    found: &[Actor],
    shown: impl Fn(&Actor, Vec<CustomEmoji>) -> Option<Account>,
) -> Result<Vec<Account>, Error> {
    let by_id: HashMap<ActorId, &Actor> = found.iter().map(|actor| (actor.id, actor)).collect();
    let emojis = Emojis::of_people(app, found).await?;
    let wanted = ids.iter().filter_map(|id| by_id.get(id));
    Ok(wanted.filter_map(|actor| shown(actor, emojis.of_actor(actor))).collect())
}
