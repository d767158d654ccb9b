//! What goes when an actor goes: its words, its reactions, its follows.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, CommunityId, MemberId, PostId};

crate::row! {
    /// A post that went with its author.
    pub struct Gone {
        /// Its id.
        pub id: PostId,
        /// Its address.
        pub uri: String,
    }
}

/// What went with its author at this moment and anybody could read: the newest, at most so many.
pub async fn open_posts(
    session: &mut impl Session,
    actor: ActorId,
    at: Timestamp,
    limit: i64,
) -> Result<Vec<Gone>, Error> {
    session
        .query(
            "select id, uri from post where author_id = $1 and deleted_at = $2
                and visibility in ('public', 'unlisted') order by id desc limit $3",
        )
        .bind(actor)
        .bind(at)
        .bind(limit)
        .all()
        .await
}

/// Takes away everything of an actor but its name and the places of its posts in their threads.
pub async fn forget(tx: &mut Tx, actor: ActorId, now: Timestamp) -> Result<(), Error> {
    tx.query(
        "insert into tombstone (uri, at) select uri, $2 from post where author_id = $1 and deleted_at is null
        on conflict (uri) do nothing",
    )
    .bind(actor)
    .bind(now)
    .execute()
    .await?;
    // The posts before anything else: whoever is about to send the words of one has done so, or will see that they are
    // gone, and what was written for sending is found below.
    tx.query(
        "update post set title = null, content = '', source = '', content_note = '', poll_id = null, deleted_at = $2
        where author_id = $1 and deleted_at is null",
    )
    .bind(actor)
    .bind(now)
    .execute()
    .await?;
    for statement in [
        "delete from post_edit where post_id in (select id from post where author_id = $1)",
        "delete from post_tag where post_id in (select id from post where author_id = $1)",
        "delete from post_search where rowid in (select id from post where author_id = $1)",
        "delete from thread_context where post_id in (select id from post where author_id = $1)",
        "delete from poll_vote where poll_id in (
            select l.id from poll l join post p on p.id = l.post_id where p.author_id = $1)",
        "delete from poll_option where poll_id in (
            select l.id from poll l join post p on p.id = l.post_id where p.author_id = $1)",
        "delete from poll where post_id in (select id from post where author_id = $1)",
        "update media set post_id = null where post_id in (select id from post where author_id = $1)",
        "delete from delivery where activity_id in (
            select a.id from activity a join post p on p.id = a.post_id where p.author_id = $1)",
        "delete from sent where post_id in (select id from post where author_id = $1)",
        "update activity set open = false, body = ''
            where post_id in (select id from post where author_id = $1)",
        "delete from entry where actor_id = $1 or post_id in (select id from post where author_id = $1)",
        "delete from notification where from_id = $1",
        "update actor set followers_count = followers_count - 1
            where followers_count > 0 and id in (select target_id from follow where follower_id = $1 and accepted)",
        "update actor set following_count = following_count - 1
            where following_count > 0 and id in (select follower_id from follow where target_id = $1 and accepted)",
        "delete from follow where follower_id = $1 or target_id = $1",
        "update post set reactions_count = reactions_count - 1
            where reactions_count > 0 and id in (select post_id from reaction where actor_id = $1)",
        "update post set me_too_count = me_too_count - 1
            where me_too_count > 0 and id in (select post_id from reaction where actor_id = $1 and kind = 'me_too')",
        "delete from reaction where actor_id = $1",
        "delete from endorsement where target_id = $1",
        "delete from filter_post where post_id in (select id from post where author_id = $1)",
        "delete from community_role where actor_id = $1",
        // Our own still have to sign that they are gone.
        "delete from actor_key where actor_id = $1 and private_key is null",
    ] {
        tx.query(statement).bind(actor).execute().await?;
    }
    Ok(())
}

/// Takes away what belonged to a member of this node alone: what they kept, chose and were told, and every way in.
pub async fn forget_member(tx: &mut Tx, member: MemberId, now: Timestamp) -> Result<(), Error> {
    for statement in [
        "update media set post_id = null, scheduled_id = null where owner_id = $1",
        "delete from scheduled_post where member_id = $1",
        "delete from bookmark where member_id = $1",
        "delete from pin where actor_id = $1",
        "delete from thread_mute where member_id = $1",
        "delete from block where actor_id = $1 or target_id = $1",
        "delete from mute where member_id = $1 or target_id = $1",
        "delete from member_host_block where member_id = $1",
        "delete from private_note where member_id = $1 or target_id = $1",
        "delete from tag_follow where member_id = $1",
        "delete from notification where member_id = $1",
        "delete from severance where member_id = $1",
        "delete from conversation where member_id = $1",
        "delete from marker where member_id = $1",
        "delete from filter_keyword where filter_id in (select id from filter where member_id = $1)",
        "delete from filter_post where filter_id in (select id from filter where member_id = $1)",
        "delete from filter where member_id = $1",
        "delete from endorsement where member_id = $1",
        "delete from featured_tag where member_id = $1",
        "delete from announcement_read where member_id = $1",
        "delete from announcement_reaction where member_id = $1",
        "delete from notification_policy where member_id = $1",
        "delete from notification_permission where member_id = $1 or from_id = $1",
        "delete from suggestion_dismissal where member_id = $1 or target_id = $1",
        "delete from list_entry where actor_id = $1 or list_id in (select id from list where member_id = $1)",
        "delete from list where member_id = $1",
        "delete from idempotency where member_id = $1",
        "delete from poll_vote where actor_id = $1",
        "delete from community_role where actor_id = $1",
        "delete from oauth_code where member_id = $1",
        "delete from push_subscription where token_id in (select id from oauth_token where member_id = $1)",
        // What is about no post tells of them alone: their profile, and whom they know.
        "delete from delivery where activity_id in (
            select id from activity where actor_id = $1 and post_id is null and about_id is null)",
        "update activity set open = false, body = ''
            where actor_id = $1 and post_id is null and about_id is null",
        "update activity set open = false where actor_id = $1 and post_id is null and about_id is not null
            and not exists (select 1 from post p where p.id = activity.about_id and p.author_id = $1)",
        "delete from alias where actor_id = $1",
        "delete from moved where actor_id = $1",
    ] {
        tx.query(statement).bind(member).execute().await?;
    }
    tx.query("update oauth_token set revoked_at = $2 where member_id = $1 and revoked_at is null")
        .bind(member)
        .bind(now)
        .execute()
        .await?;
    Ok(())
}

/// Takes away what belonged to a community alone, but for what was written in it.
pub async fn forget_community(tx: &mut Tx, id: CommunityId) -> Result<(), Error> {
    for statement in [
        "delete from pin where actor_id = $1",
        "delete from list_entry where actor_id = $1",
        "delete from community_role where community_id = $1",
        "delete from community_ban where community_id = $1",
        "update community set safeguarding_contact = null, rules = '[]', staffed_hours = '' where actor_id = $1",
    ] {
        tx.query(statement).bind(id).execute().await?;
    }
    Ok(())
}

/// Forgets the private keys of those who are gone, once nothing waits any more that they sign; how many there were. A host
/// that took it in one inbox is still told in its others, and what they did before they went is on its way too.
pub async fn forget_keys(tx: &mut Tx) -> Result<u64, Error> {
    tx.query(
        "delete from actor_key where private_key is not null and actor_id in (
            select e.actor_id from erasure e join actor a on a.id = e.actor_id
            where e.post_id is null and e.told_at is not null and a.deleted_at is not null
                and exists (select 1 from actor_key k where k.actor_id = a.id and k.private_key is not null)
                and not exists (select 1 from delivery d join activity t on t.id = d.activity_id
                    where t.actor_id = e.actor_id))",
    )
    .execute()
    .await
}
