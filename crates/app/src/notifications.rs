//! What a member is told, put together: many people doing the same to one post are one group.

use crate::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{ActorId, MemberId, first_at};
use alongside_domain::limits::GROUPED_NOTICES_MAX;
use alongside_domain::notification::{GroupKey, NotificationKind};
use alongside_store::error::Error;
use alongside_store::members;
use alongside_store::notifications::{self, Notice, Wanted};
use alongside_store::page::Page;
use alongside_store::session::Session;
use std::collections::HashMap;

/// Notifications that are shown as one.
#[derive(Debug)]
pub struct Group {
    /// What they have in common.
    pub key: GroupKey,
    /// The newest of them.
    pub newest: Notice,
    /// The oldest of them that was looked at.
    pub oldest: Notice,
    /// How many were looked at.
    pub count: usize,
    /// Who did it, each once, the newest first.
    pub from: Vec<ActorId>,
}

/// A page of groups, the one with the newest notification first. Only these kinds are put together. A
/// group that reaches further back than the page comes again, under the same key, on a later one.
pub async fn groups(
    session: &mut impl Session,
    member: MemberId,
    wanted: &Wanted<'_>,
    together: &[NotificationKind],
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Group>, Error> {
    let looked_at = Page { limit: GROUPED_NOTICES_MAX, ..*page };
    let mut notices = notifications::page(session, member, wanted, &looked_at, now).await?;
    if page.is_upward() {
        notices.reverse();
    }
    let groups_max = usize::try_from(page.limit).unwrap_or_default();
    let mut groups = put_together(notices, together, groups_max);
    groups.sort_by_key(|group| std::cmp::Reverse(group.newest.id));
    Ok(groups)
}

/// The group of this key, if there is anything in it that the member would be shown.
pub async fn group(
    session: &mut impl Session,
    member: MemberId,
    key: GroupKey,
    now: Timestamp,
) -> Result<Option<Group>, Error> {
    let notices = in_group(session, member, key, &Page::newest(GROUPED_NOTICES_MAX), now).await?;
    let together: &[NotificationKind] = match &key {
        GroupKey::Single(_) => &[],
        GroupKey::Post(kind, _) | GroupKey::Day(kind, _) => std::slice::from_ref(kind),
    };
    Ok(put_together(notices, together, 1).pop())
}

/// A page of what is in the group of this key, the newest first.
pub async fn in_group(
    session: &mut impl Session,
    member: MemberId,
    key: GroupKey,
    page: &Page,
    now: Timestamp,
) -> Result<Vec<Notice>, Error> {
    let (kind, post, (above, below)) = match key {
        GroupKey::Single(id) => (None, None, (id.get().saturating_sub(1), id.get().saturating_add(1))),
        GroupKey::Post(kind, post) => (Some([kind]), Some(post), (-1, i64::MAX)),
        GroupKey::Day(kind, day) => (Some([kind]), None, ids_of_day(day)),
    };
    let wanted = Wanted {
        post,
        waiting_too: matches!(key, GroupKey::Single(_)),
        ..Wanted::of(kind.as_ref().map_or(NotificationKind::ALL, |kind| kind))
    };
    let within = Page {
        max_id: Some(page.below().min(below)),
        since_id: Some(page.since_id.unwrap_or(-1).max(above)),
        min_id: page.min_id.map(|id| id.max(above)),
        limit: page.limit,
    };
    notifications::page(session, member, &wanted, &within, now).await
}

/// Forgets a group; false if the member has no such one.
pub async fn dismiss_group(app: &App, member: MemberId, key: GroupKey) -> Result<bool, Error> {
    let mut tx = app.store().begin().await?;
    let known = match key {
        GroupKey::Single(id) => notifications::dismiss(&mut tx, member, id).await?,
        GroupKey::Post(kind, post) => {
            notifications::dismiss_alike(&mut tx, member, kind, Some(post), -1, i64::MAX).await? > 0
        }
        GroupKey::Day(kind, day) => {
            let (above, below) = ids_of_day(day);
            notifications::dismiss_alike(&mut tx, member, kind, None, above, below).await? > 0
        }
    };
    tx.commit().await?;
    Ok(known)
}

/// How many groups a member has not seen, up to so many of them.
pub async fn unread_groups(
    session: &mut impl Session,
    member: MemberId,
    wanted: &Wanted<'_>,
    together: &[NotificationKind],
    most: i64,
    now: Timestamp,
) -> Result<usize, Error> {
    let read = members::find(session, member).await?.map_or(0, |member| member.notifications_read_id);
    let looked_at = if together.is_empty() { most } else { most.max(GROUPED_NOTICES_MAX) };
    let unseen = Page { since_id: Some(read), ..Page::newest(looked_at) };
    let unseen = notifications::page(session, member, wanted, &unseen, now).await?;
    Ok(put_together(unseen, together, usize::try_from(most).unwrap_or_default()).len())
}

/// Puts notifications together in the order they come, up to the one that would begin a group too many.
fn put_together(notices: Vec<Notice>, together: &[NotificationKind], groups_max: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<GroupKey, usize> = HashMap::new();
    for notice in notices {
        let key = if together.contains(&notice.kind) {
            GroupKey::of(notice.kind, notice.id, notice.post_id, notice.at)
        } else {
            GroupKey::Single(notice.id)
        };
        if let Some(place) = places.get(&key) {
            groups[*place].add(notice);
        } else if groups.len() == groups_max {
            break;
        } else {
            places.insert(key, groups.len());
            groups.push(Group {
                key,
                count: 1,
                from: vec![notice.from_id],
                oldest: notice.clone(),
                newest: notice,
            });
        }
    }
    groups
}

impl Group {
    fn add(&mut self, notice: Notice) {
        self.count += 1;
        let is_newest = notice.id > self.newest.id;
        self.from.retain(|from| !is_newest || *from != notice.from_id);
        if is_newest {
            self.from.insert(0, notice.from_id);
            self.newest = notice;
        } else {
            if !self.from.contains(&notice.from_id) {
                self.from.push(notice.from_id);
            }
            self.oldest = notice;
        }
    }
}

fn ids_of_day(day: i64) -> (i64, i64) {
    let (start, end) = GroupKey::day(day);
    (first_at(start).saturating_sub(1), first_at(end))
}
