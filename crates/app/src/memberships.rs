//! What a membership is to the nodes at its two ends: how it ends for all of a host, what is let go of when
//! the last one here has left, and how the two sides come to know the same of each other.

use crate::audience;
use crate::context::App;
use crate::effects;
use crate::follows as following;
use crate::inbox;
use alongside_domain::actor::Actor;
use alongside_domain::fold;
use alongside_domain::id::{ActorId, CommunityId, FollowId};
use alongside_domain::job::Job;
use alongside_domain::place::{self, Place};
use alongside_store::engine::Tx;
use alongside_store::error::Error;
use alongside_store::{actors, communities, follows, letting_go, people};
use aws_lc_rs::digest::{self, SHA256_OUTPUT_LEN};
use data_encoding::HEXLOWER;
use std::collections::HashSet;
use url::Url;

/// Posts let go of in one transaction: the writer is not kept from others for long.
const AT_ONCE: i64 = 200;
/// Memberships ended in one transaction with the decision about their host.
const EXPELLED_MAX: i64 = 10_000;
/// Followers on one host that are told, or believed, in one go (FEP-8fcf).
pub const SYNCHRONIZED_MAX: i64 = 10_000;

/// Lets go of what was for the members of a community elsewhere, if nobody here is one any more. The words of
/// members here stay theirs.
pub async fn let_go(app: &App, community: ActorId) -> Result<(), Error> {
    let id = CommunityId::of(community);
    loop {
        let mut tx = app.store().begin().await?;
        let elsewhere = actors::find(&mut tx, community).await?.is_some_and(|actor| !actor.is_local());
        if !elsewhere || follows::is_followed_here(&mut tx, community).await? {
            return Ok(());
        }
        let kept = letting_go::kept(&mut tx, id, AT_ONCE).await?;
        letting_go::drop_words(&mut tx, &kept, app.now()).await?;
        letting_go::forget_arrivals(&mut tx, id).await?;
        tx.commit().await?;
        if kept.is_empty() {
            return Ok(());
        }
    }
}

/// A membership has ended. Elsewhere nothing more is sent to a host where nobody is left; here what was for
/// members is let go of later.
pub(crate) async fn ended(tx: &mut Tx, app: &App, follower: ActorId, target: ActorId) -> Result<(), Error> {
    let (Some(follower), Some(target)) = (actors::find(tx, follower).await?, actors::find(tx, target).await?)
    else {
        return Ok(());
    };
    if !target.is_community() {
        return Ok(());
    }
    if !target.is_local() {
        let sequence = format!("let-go:{}", target.id);
        return effects::push(tx, app, &Job::LetGo { community: target.id }, &sequence).await;
    }
    let community = CommunityId::of(target.id);
    let Some((host, origin)) = home(&follower) else { return Ok(()) };
    if follower.is_local() || communities::has_member_at(tx, community, &origin, app.now()).await? {
        return Ok(());
    }
    letting_go::hold_back(tx, &host, Some(community)).await
}

/// A host may no longer have what is for members: whoever lives there is a member no more and is told so,
/// and nothing that waits goes there.
pub(crate) async fn expel(tx: &mut Tx, app: &App, host: &str) -> Result<(), Error> {
    if audience::may_go_to(tx, host).await? {
        return Ok(());
    }
    for scheme in ["https", "http"] {
        let origin = format!("{scheme}://{host}/");
        for follow in follows::memberships_of(tx, &origin, EXPELLED_MAX).await? {
            following::cut(tx, app, &follow).await?;
        }
    }
    letting_go::hold_back(tx, host, None).await
}

/// A host is blocked, and with it the communities that live there: what was for their members is let go of.
pub(crate) async fn left_behind(tx: &mut Tx, app: &App, host: &str) -> Result<(), Error> {
    for community in communities::at(tx, host, EXPELLED_MAX).await? {
        let community = community.id.actor();
        effects::push(tx, app, &Job::LetGo { community }, &format!("let-go:{community}")).await?;
    }
    Ok(())
}

/// Somebody elsewhere has said who of us follows them: whom they do not know follows no longer, and whom we
/// do not know is taken back there (FEP-8fcf). One who still waits to be let in stays as they are.
pub async fn reconcile(app: &App, actor: ActorId, said: &[String]) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let said: HashSet<&str> = said.iter().map(String::as_str).collect();
    let origin = format!("{}/", app.places().origin());
    for uri in follows::accepted_of(&mut tx, actor, &origin, SYNCHRONIZED_MAX).await? {
        if said.contains(uri.as_str()) {
            continue;
        }
        let Some(member) = actors::find_by_uri(&mut tx, &uri).await? else { continue };
        if let Some(follow) = follows::between(&mut tx, member.id, actor).await? {
            following::cut(&mut tx, app, &follow).await?;
        }
    }
    for uri in said {
        let Some(Place::Actor(_)) = app.places().read(uri) else { continue };
        let Some(member) = actors::find_by_uri(&mut tx, uri).await?.filter(Actor::is_local) else { continue };
        if people::waits(&mut tx, &member).await? {
            continue;
        }
        if follows::between(&mut tx, member.id, actor).await?.is_none() {
            let job = Job::Unfollow { follow: app.next_id::<FollowId>(), follower: member.id, target: actor };
            effects::push(&mut tx, app, &job, "").await?;
        }
    }
    tx.commit().await
}

/// Asks later, in the order of what came from the host, who of us follows somebody elsewhere.
pub async fn compare_later(app: &App, actor: ActorId, url: &Url, host: &str) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    let job = Job::Synchronize { actor, url: url.to_string() };
    effects::push(&mut tx, app, &job, &inbox::sequence(host)).await?;
    tx.commit().await
}

/// All of some addresses in one number, whatever their order (FEP-8fcf).
pub fn digest<'a>(uris: impl IntoIterator<Item = &'a str>) -> String {
    let mut all = [0_u8; SHA256_OUTPUT_LEN];
    for uri in uris {
        let one = digest::digest(&digest::SHA256, uri.as_bytes());
        all.iter_mut().zip(one.as_ref()).for_each(|(all, one)| *all ^= one);
    }
    HEXLOWER.encode(&all)
}

fn home(actor: &Actor) -> Option<(String, String)> {
    let host = Url::parse(&actor.uri).ok().as_ref().and_then(fold::host_of)?;
    Some((host, place::origin_of(&actor.uri)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_that_of_the_proposal() {
        let followers = ["https://testing.example.org/users/1", "https://testing.example.org/users/2"];
        let known = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f";
        assert_eq!(digest(followers), known);
        assert_eq!(digest(followers.into_iter().rev()), known, "their order does not matter");
        assert_eq!(digest([]), "0".repeat(64));
    }
}
