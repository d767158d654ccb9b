//! Communities, in the words of the groups extension.

use crate::entities::groups::{Group, GroupMember, GroupOwner, GroupRelationship};
use crate::entities::statuses::CustomEmoji;
use crate::error::Error;
use crate::render::accounts;
use crate::render::emojis::Emojis;
use alongside_app::communities::settings::OWNER;
use alongside_app::context::App;
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::place::Places;
use alongside_store::memberships::{Membership, Tie};
use alongside_store::{actors, communities, members, memberships};
use std::collections::HashMap;

/// A community.
pub(crate) fn group(
    places: &Places,
    actor: &Actor,
    community: &Community,
    owner: Option<ActorId>,
    emojis: Vec<CustomEmoji>,
) -> Group {
    let account = accounts::account(places, actor, emojis);
    Group {
        id: account.id,
        display_name: account.display_name,
        note: account.note,
        avatar: account.avatar,
        avatar_static: account.avatar_static,
        avatar_description: String::new(),
        header: account.header,
        header_static: account.header_static,
        header_description: String::new(),
        emojis: account.emojis,
        domain: if actor.is_local() { places.host().to_owned() } else { actor.host.clone() },
        uri: account.uri,
        url: account.url,
        locked: account.locked,
        membership_required: community.audience == Audience::Members
            || community.join_policy != JoinPolicy::Open,
        members_count: account.followers_count,
        statuses_visibility: match community.audience {
            Audience::Everyone => "public",
            Audience::Members => "members_only",
        },
        owner: owner.map(|id| GroupOwner { id: id.to_string() }),
        created_at: account.created_at,
    }
}

/// Those of these that are communities and may be shown, in their order.
pub(crate) async fn of_ids(app: &App, ids: &[ActorId]) -> Result<Vec<Group>, Error> {
    let mut reader = app.reader();
    let mut known: HashMap<ActorId, Community> =
        communities::among(&mut reader, ids).await?.into_iter().map(|it| (it.id.actor(), it)).collect();
    let owners = owners(app, ids).await?;
    let found = actors::find_all(&mut reader, ids).await?;
    let emojis = Emojis::of_people(app, &found).await?;
    let present = found.iter().filter(|actor| actor.is_present());
    let mut groups: HashMap<ActorId, Group> = present
        .filter_map(|actor| {
            let community = known.remove(&actor.id)?;
            let (owner, emojis) = (owners.get(&actor.id).copied(), emojis.of_actor(actor));
            Some((actor.id, group(app.places(), actor, &community, owner, emojis)))
        })
        .collect();
    Ok(ids.iter().filter_map(|id| groups.remove(id)).collect())
}

/// One of them.
pub(crate) async fn of_id(app: &App, id: ActorId) -> Result<Group, Error> {
    of_ids(app, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// Who opened each of these.
pub(crate) async fn owners(app: &App, ids: &[ActorId]) -> Result<HashMap<ActorId, ActorId>, Error> {
    let rows = memberships::owners(&mut app.reader(), ids).await?;
    Ok(rows.into_iter().rev().map(|row| (row.community_id, row.actor_id)).collect())
}

/// What each of these communities is to a member, in their order.
pub(crate) async fn relationships(
    app: &App,
    member: MemberId,
    ids: &[ActorId],
) -> Result<Vec<GroupRelationship>, Error> {
    let mut reader = app.reader();
    let ties = memberships::ties(&mut reader, member.actor(), ids, app.now()).await?;
    let role = members::find(&mut reader, member).await?.map(|member| member.role);
    let is_staff = matches!(role, Some(Role::Moderator | Role::Admin));
    let mut ties: HashMap<ActorId, Tie> = ties.into_iter().map(|tie| (tie.id, tie)).collect();
    Ok(ids.iter().filter_map(|id| ties.remove(id)).map(|tie| relationship(&tie, is_staff)).collect())
}

/// What a community is to a member, read anew.
pub(crate) async fn relationship_with(
    app: &App,
    member: MemberId,
    id: ActorId,
) -> Result<GroupRelationship, Error> {
    relationships(app, member, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// Staff of the node look after all of its communities, so clients show them what moderators see.
fn relationship(tie: &Tie, is_staff: bool) -> GroupRelationship {
    let looks_after = tie.role.is_some() || (is_staff && tie.local);
    GroupRelationship {
        id: tie.id.to_string(),
        member: tie.member,
        role: if looks_after && tie.role.is_none() { "admin" } else { role(tie.role.as_deref()) },
        requested: tie.requested,
        muting: tie.muting,
        notifying: tie.notifying,
        blocked_by: tie.banned,
        pending_requests: looks_after && tie.local && tie.somebody_waits,
    }
}

/// Those in a community.
pub(crate) async fn members(app: &App, rows: &[Membership]) -> Result<Vec<GroupMember>, Error> {
    let ids: Vec<ActorId> = rows.iter().map(|row| row.actor_id).collect();
    let roles: HashMap<String, &'static str> =
        rows.iter().map(|row| (row.actor_id.to_string(), role(row.role.as_deref()))).collect();
    let accounts = accounts::of_ids(app, &ids).await?.into_iter();
    Ok(accounts
        .map(|account| GroupMember {
            id: account.id.clone(),
            role: roles.get(&account.id).copied().unwrap_or("user"),
            account,
        })
        .collect())
}

fn role(kept: Option<&str>) -> &'static str {
    match kept {
        Some(OWNER) => "owner",
        Some(_) => "admin",
        None => "user",
    }
}
