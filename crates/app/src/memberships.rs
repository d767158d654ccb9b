//! What a membership is to the nodes at its two ends: how it ends for all of a host, what is let go of when
//! the last one here has left, and how the two sides come to know the same of each other.

use crate::audience;
use crate::context::App;
use crate::effects;
use crate::follows as following;
use crate::inbox;
use alongside_domain::actor::Actor;
use alongside_domain::community::Audience;
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
/// Follows that are ended, and as many that are taken back, because of one list. The rest is done when the two sides are
/// next found to differ, so that nobody can make this node do much at once.
pub const RECONCILED_MAX: usize = 100;
/// Names on such a list, of whom nobody knew here, that are looked up.
const LOOKED_UP_MAX: usize = 1_000;

/// Lets go of what was for the members of a community elsewhere, if nobody here is one any more. The words of
/// members here stay theirs.
pub async fn let_go(app: &App, community: ActorId) -> Result<(), Error> {
    let (id, mut is_begun) = (CommunityId::of(community), false);
    loop {
        let mut tx = app.store().begin().await?;
        let elsewhere = actors::find(&mut tx, community).await?.is_some_and(|actor| !actor.is_local());
        if !elsewhere || follows::is_followed_here(&mut tx, community).await? {
            return Ok(());
        }
        let kept = letting_go::kept(&mut tx, id, AT_ONCE).await?;
        // Everything that ever arrived is looked through for it: once, and not for what everybody could read.
        if !is_begun && (!kept.is_empty() || is_for_members(&mut tx, community).await?) {
            letting_go::forget_arrivals(&mut tx, id).await?;
        }
        is_begun = true;
        letting_go::drop_words(&mut tx, &kept, app.now()).await?;
        tx.commit().await?;
        if kept.is_empty() {
            return Ok(());
        }
    }
}

async fn is_for_members(tx: &mut Tx, community: ActorId) -> Result<bool, Error> {
    let found = communities::find(tx, community).await?;
    Ok(found.is_some_and(|found| found.audience == Audience::Members))
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
    let origin = format!("{}/", app.places().origin());
    let known = follows::accepted_of(&mut tx, actor, &origin, SYNCHRONIZED_MAX).await?;
    let known: HashSet<&str> = known.iter().map(String::as_str).collect();
    let said: HashSet<&str> = said.iter().map(String::as_str).collect();
    for uri in known.difference(&said).take(RECONCILED_MAX) {
        let Some(member) = actors::find_by_uri(&mut tx, uri).await? else { continue };
        if let Some(follow) = follows::between(&mut tx, member.id, actor).await? {
            following::cut(&mut tx, app, &follow).await?;
        }
    }
    let ours = |uri: &&&str| matches!(app.places().read(uri), Some(Place::Actor(_)));
    let mut taken_back = 0;
    // In no order: what is not reached now comes first another time.
    for uri in said.difference(&known).filter(ours).take(LOOKED_UP_MAX) {
        if taken_back == RECONCILED_MAX {
            break;
        }
        taken_back += usize::from(take_back(&mut tx, app, uri, actor).await?);
    }
    tx.commit().await
}

/// Takes back there that somebody follows, if they are known and let in here and do not; whether it did.
async fn take_back(tx: &mut Tx, app: &App, uri: &str, target: ActorId) -> Result<bool, Error> {
    let Some(member) = actors::find_by_uri(tx, uri).await?.filter(Actor::is_local) else { return Ok(false) };
    if people::waits(tx, &member).await? || follows::between(tx, member.id, target).await?.is_some() {
        return Ok(false);
    }
    let job = Job::Unfollow { follow: app.next_id::<FollowId>(), follower: member.id, target };
    effects::push(tx, app, &job, "").await?;
    Ok(true)
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
