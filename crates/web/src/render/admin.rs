//! What the node's staff see of people and reports. Addresses that people sign in with are shown to administrators,
//! one account at a time; everywhere else they are left out.

use crate::entities::accounts::{Account, Role};
use crate::entities::admin::{AdminAccount, AdminReport};
use crate::entities::instance::Rule;
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::render::emojis::Emojis;
use crate::render::{accounts, statuses};
use alongside_app::context::App;
use alongside_app::media::Addresses;
use alongside_app::reports::may_be_named;
use alongside_domain::account;
use alongside_domain::actor::Actor;
use alongside_domain::id::{ActorId, PostId};
use alongside_domain::report::Report;
use alongside_domain::rules;
use alongside_store::people::{self, Person};
use alongside_store::{actors, posts};
use std::collections::HashMap;

/// What a client is told where nobody said which language they write in.
const LOCALE: &str = "en";

/// These people in the order of their ids, those who are gone included.
pub(crate) async fn of_ids(app: &App, ids: &[ActorId]) -> Result<Vec<AdminAccount>, Error> {
    let known = Known::read(app, ids).await?;
    Ok(ids.iter().filter_map(|id| known.account(*id)).collect())
}

/// One of them.
pub(crate) async fn of_id(app: &App, id: ActorId) -> Result<AdminAccount, Error> {
    of_ids(app, &[id]).await?.pop().ok_or(Error::NotFound)
}

/// Which posts of a report are shown with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// Those that everybody may read.
    Open,
    /// All that were reported.
    All,
}

/// These reports, in their order.
pub(crate) async fn reports(app: &App, reports: &[Report], shown: Shown) -> Result<Vec<AdminReport>, Error> {
    let people = reports.iter().flat_map(|report| {
        [Some(report.reporter), Some(report.target), report.assigned, report.closed_by].into_iter().flatten()
    });
    let known = Known::read(app, &people.collect::<Vec<_>>()).await?;
    let ids: Vec<PostId> = reports.iter().flat_map(|report| report.posts.iter().copied()).collect();
    let mut reported = posts::find_all(&mut app.reader(), &ids).await?;
    reported.retain(|post| post.deleted_at.is_none() && (shown == Shown::All || post.visibility.is_open()));
    let statuses: HashMap<String, Status> = statuses::of_report(app, &reported)
        .await?
        .into_iter()
        .map(|status| (status.id.clone(), status))
        .collect();
    let about = |report: &Report| {
        report.posts.iter().filter_map(|post| statuses.get(&post.to_string()).cloned()).collect()
    };
    Ok(reports.iter().filter_map(|report| known.report(report, about(report))).collect())
}

/// Those who are shown on a page, and what is behind them.
struct Known {
    addresses: Addresses,
    actors: HashMap<ActorId, Actor>,
    behind: HashMap<ActorId, Person>,
    emojis: Emojis,
}

impl Known {
    async fn read(app: &App, ids: &[ActorId]) -> Result<Self, Error> {
        let mut reader = app.reader();
        let actors = actors::find_all(&mut reader, ids).await?;
        let behind = people::behind(&mut reader, ids).await?;
        Ok(Self {
            addresses: Addresses::load(app).await?.for_staff(),
            emojis: Emojis::of_people(app, &actors).await?,
            actors: actors.into_iter().map(|actor| (actor.id, actor)).collect(),
            behind: behind.into_iter().map(|person| (person.id, person)).collect(),
        })
    }

    fn account(&self, id: ActorId) -> Option<AdminAccount> {
        let actor = self.actors.get(&id)?;
        let account = accounts::for_staff(&self.addresses, actor, self.emojis.of_actor(actor));
        Some(shown(account, actor, self.behind.get(&id)))
    }

    fn report(&self, report: &Report, statuses: Vec<Status>) -> Option<AdminReport> {
        let someone = |id: Option<ActorId>| id.and_then(|id| self.account(id));
        Some(AdminReport {
            id: report.id.to_string(),
            action_taken: report.closed_at.is_some(),
            action_taken_at: report.closed_at.map(|at| at.to_string()),
            category: report.category.as_str(),
            comment: report.comment.clone(),
            forwarded: report.forwarded,
            created_at: report.at.to_string(),
            updated_at: report.updated_at.to_string(),
            account: self.reporter(report.reporter)?,
            target_account: self.account(report.target)?,
            assigned_account: someone(report.assigned),
            action_taken_by_account: someone(report.closed_by),
            statuses,
            rules: report
                .rules
                .iter()
                .filter_map(|id| rules::find(id))
                .map(|rule| Rule::new(&rule))
                .collect(),
        })
    }

    /// Who reported: one of ours, or another server. Of a person elsewhere only their server is named: who they are is
    /// for the staff there to know.
    fn reporter(&self, id: ActorId) -> Option<AdminAccount> {
        let actor = self.actors.get(&id)?;
        if may_be_named(actor) {
            return self.account(id);
        }
        let server = actor.server();
        let withheld = Actor {
            id: ActorId::new(0),
            handle: server.clone(),
            name: format!("Somebody at {server}"),
            host: server.clone(),
            uri: format!("https://{server}/"),
            url: format!("https://{server}/"),
            created_at: alongside_domain::clock::Timestamp::default(),
            note: String::new(),
            fields: Vec::new(),
            avatar: None,
            header: None,
            last_post_at: None,
            posts_count: 0,
            followers_count: 0,
            following_count: 0,
            ..actor.clone()
        };
        Some(shown(accounts::for_staff(&self.addresses, &withheld, Vec::new()), &withheld, None))
    }
}

fn shown(account: Account, actor: &Actor, behind: Option<&Person>) -> AdminAccount {
    let approved = behind.is_none_or(|person| person.approved_at.is_some());
    AdminAccount {
        id: account.id.clone(),
        username: actor.handle.clone(),
        domain: (!actor.is_local()).then(|| actor.host.clone()),
        created_at: account.created_at.clone(),
        email: String::new(),
        ip: None,
        ips: [],
        locale: behind
            .and_then(|person| person.default_language.clone())
            .unwrap_or_else(|| LOCALE.to_owned()),
        invite_request: behind.and_then(|person| person.sign_up_reason.clone()),
        role: Role::new(behind.map_or(account::Role::Member, |person| person.role)),
        confirmed: behind.is_none_or(|person| person.confirmed_at.is_some()),
        approved,
        disabled: behind.is_some_and(|person| person.disabled_at.is_some()),
        silenced: actor.silenced_at.is_some(),
        // Whoever waits is hidden like somebody who is suspended, and is not.
        suspended: actor.suspended_at.is_some()
            && approved
            && behind.is_none_or(|person| person.confirm_by.is_none()),
        sensitized: actor.sensitized_at.is_some(),
        account,
        created_by_application_id: None,
        invited_by_account_id: None,
    }
}
