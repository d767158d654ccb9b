//! What members are told, one by one and in groups.

use crate::entities::accounts::Account;
use crate::entities::collections::Report;
use crate::entities::notifications::{
    GroupedNotifications, Notification, NotificationGroup, NotificationRequest, SeveranceEvent, Warning,
};
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::render::{accounts, measures, reports, statuses};
use alongside_app::context::App;
use alongside_app::notifications::Group;
use alongside_app::reading;
use alongside_domain::id::{ActorId, MeasureId, MemberId, PostId, ReportId, SanctionId, SeveranceId};
use alongside_domain::notification::{GroupKey, NotificationKind};
use alongside_store::notifications::Notice;
use alongside_store::receptions::Waiting;
use alongside_store::severances::Severance;
use std::collections::HashMap;

/// People shown of a group.
const SAMPLE_MAX: usize = 8;

/// These notifications, without those about what the member may not read any more.
pub(crate) async fn of(app: &App, member: MemberId, notices: &[Notice]) -> Result<Vec<Notification>, Error> {
    let about = About::read(app, member, notices, &[]).await?;
    Ok(notices.iter().filter_map(|notice| about.notification(notice)).collect())
}

/// These groups, without those about what the member may not read any more.
pub(crate) async fn grouped(
    app: &App,
    member: MemberId,
    groups: &[Group],
) -> Result<GroupedNotifications, Error> {
    let newest: Vec<Notice> = groups.iter().map(|group| group.newest.clone()).collect();
    let others: Vec<ActorId> =
        groups.iter().flat_map(|group| group.from.iter().take(SAMPLE_MAX)).copied().collect();
    let about = About::read(app, member, &newest, &others).await?;
    let notification_groups = groups.iter().filter_map(|group| about.group(group)).collect();
    Ok(GroupedNotifications {
        accounts: about.accounts.into_values().collect(),
        partial_accounts: None,
        statuses: about.statuses.into_values().collect(),
        notification_groups,
    })
}

/// Those whose notifications wait, without those who are gone.
pub(crate) async fn requests(
    app: &App,
    member: MemberId,
    waiting: &[Waiting],
) -> Result<Vec<NotificationRequest>, Error> {
    let people: Vec<ActorId> = waiting.iter().map(|waiting| waiting.from_id).collect();
    let people: HashMap<ActorId, Account> =
        by_id(accounts::of_ids(app, &people).await?, |account| &account.id);
    let posts: Vec<PostId> = waiting.iter().filter_map(|waiting| waiting.last_post_id).collect();
    let posts = reading::posts(&mut app.reader(), Some(member.actor()), &posts, app.now()).await?;
    let posts: HashMap<PostId, Status> =
        by_id(statuses::of_posts(app, Some(member), &posts).await?, |status| &status.id);
    let shown = waiting.iter().filter_map(|waiting| {
        Some(NotificationRequest {
            id: waiting.from_id.to_string(),
            created_at: waiting.first_at.to_string(),
            updated_at: waiting.last_at.to_string(),
            notifications_count: waiting.count.to_string(),
            account: people.get(&waiting.from_id)?.clone(),
            last_status: waiting.last_post_id.and_then(|post| posts.get(&post)).cloned(),
        })
    });
    Ok(shown.collect())
}

/// Everything that notifications are about.
struct About {
    accounts: HashMap<ActorId, Account>,
    statuses: HashMap<PostId, Status>,
    reports: HashMap<ReportId, Report>,
    /// By the number of the measure or the sanction.
    warnings: HashMap<i64, Warning>,
    severances: HashMap<SeveranceId, SeveranceEvent>,
}

impl About {
    async fn read(
        app: &App,
        member: MemberId,
        notices: &[Notice],
        others: &[ActorId],
    ) -> Result<Self, Error> {
        let mut reader = app.reader();
        let ids: Vec<PostId> = notices.iter().filter_map(|notice| notice.post_id).collect();
        let posts = reading::posts(&mut reader, Some(member.actor()), &ids, app.now()).await?;
        let statuses = statuses::of_posts(app, Some(member), &posts).await?;
        let ids: Vec<ReportId> = notices.iter().filter_map(report_of).collect();
        let found = alongside_store::reports::find_all(&mut reader, &ids).await?;
        let people = notices.iter().map(|notice| notice.from_id).chain(others.iter().copied());
        let people: Vec<ActorId> = people.chain(found.iter().map(|report| report.target)).collect();
        let is_for_staff = |kind| matches!(kind, NotificationKind::SignUp | NotificationKind::Report);
        let accounts = if notices.iter().any(|notice| is_for_staff(notice.kind)) {
            accounts::of_ids_for_staff(app, &people).await?
        } else {
            accounts::of_ids(app, &people).await?
        };
        let accounts = by_id(accounts, |account| &account.id);
        let reports = found.iter().filter_map(|report| {
            Some((report.id, reports::report(report, accounts.get(&report.target)?.clone())))
        });
        Ok(Self {
            reports: reports.collect(),
            warnings: warnings(app, member, notices).await?,
            severances: severances(app, notices).await?,
            statuses: by_id(statuses, |status| &status.id),
            accounts,
        })
    }

    fn notification(&self, notice: &Notice) -> Option<Notification> {
        let status = match notice.post_id {
            Some(post) => Some(self.statuses.get(&post)?.clone()),
            None => None,
        };
        Some(Notification {
            id: notice.id.to_string(),
            kind: notice.kind.as_str(),
            created_at: notice.at.to_string(),
            group_key: GroupKey::of(notice.kind, notice.id, notice.post_id, notice.at).to_string(),
            account: self.accounts.get(&notice.from_id)?.clone(),
            status,
            report: report_of(notice).and_then(|id| self.reports.get(&id)).cloned(),
            moderation_warning: subject_of(notice).and_then(|id| self.warnings.get(&id)).cloned(),
            event: severance_of(notice).and_then(|id| self.severances.get(&id)).cloned(),
        })
    }

    fn group(&self, group: &Group) -> Option<NotificationGroup> {
        let Group { newest, oldest, .. } = group;
        if newest.post_id.is_some_and(|post| !self.statuses.contains_key(&post)) {
            return None;
        }
        let shown = group.from.iter().take(SAMPLE_MAX).filter(|id| self.accounts.contains_key(id));
        Some(NotificationGroup {
            group_key: group.key.to_string(),
            notifications_count: group.count,
            kind: newest.kind.as_str(),
            most_recent_notification_id: newest.id.get(),
            page_min_id: oldest.id.to_string(),
            page_max_id: newest.id.to_string(),
            latest_page_notification_at: newest.at.to_string(),
            sample_account_ids: shown.map(ToString::to_string).collect(),
            status_id: newest.post_id.map(|id| id.to_string()),
            report: report_of(newest).and_then(|id| self.reports.get(&id)).cloned(),
            moderation_warning: subject_of(newest).and_then(|id| self.warnings.get(&id)).cloned(),
            event: severance_of(newest).and_then(|id| self.severances.get(&id)).cloned(),
        })
    }
}

/// What was done about the member or their posts: in a community, or by the node's staff.
async fn warnings(app: &App, member: MemberId, notices: &[Notice]) -> Result<HashMap<i64, Warning>, Error> {
    let ids: Vec<i64> = notices.iter().filter_map(subject_of).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut reader = app.reader();
    let of_measures: Vec<MeasureId> = ids.iter().copied().map(MeasureId::new).collect();
    let taken = alongside_store::measures::find_all(&mut reader, &of_measures).await?;
    let of_sanctions: Vec<SanctionId> = ids.into_iter().map(SanctionId::new).collect();
    let imposed = alongside_store::sanctions::find_all(&mut reader, &of_sanctions).await?;
    let own = accounts::of_ids(app, &[member.actor()]).await?.pop().ok_or(Error::Unauthenticated)?;
    let taken = taken.iter().map(|taken| (taken.id.get(), measures::warning(taken, own.clone())));
    let imposed = imposed.iter().map(|it| (it.id.get(), measures::of_staff(it, own.clone())));
    Ok(taken.chain(imposed).collect())
}

/// What the member lost when hosts were blocked, by the node or by themselves.
async fn severances(app: &App, notices: &[Notice]) -> Result<HashMap<SeveranceId, SeveranceEvent>, Error> {
    let ids: Vec<SeveranceId> = notices.iter().filter_map(severance_of).collect();
    let lost = alongside_store::severances::find_all(&mut app.reader(), &ids).await?;
    let event = |lost: Severance| SeveranceEvent {
        id: lost.id.to_string(),
        kind: lost.kind.as_str(),
        purged: true,
        target_name: lost.host,
        followers_count: lost.followers,
        following_count: lost.following,
        created_at: lost.at.to_string(),
    };
    Ok(lost.into_iter().map(|lost| (lost.id, event(lost))).collect())
}

fn severance_of(notice: &Notice) -> Option<SeveranceId> {
    (notice.kind == NotificationKind::Severed).then(|| SeveranceId::new(notice.subject_id))
}

fn report_of(notice: &Notice) -> Option<ReportId> {
    (notice.kind == NotificationKind::Report).then(|| ReportId::new(notice.subject_id))
}

fn subject_of(notice: &Notice) -> Option<i64> {
    (notice.kind == NotificationKind::Measure).then_some(notice.subject_id)
}

/// Entities by the number that their id was.
fn by_id<Id: From<i64> + Eq + std::hash::Hash, T>(
    entities: Vec<T>,
    id: impl Fn(&T) -> &String,
) -> HashMap<Id, T> {
    entities.into_iter().filter_map(|entity| Some((Id::from(id(&entity).parse().ok()?), entity))).collect()
}
