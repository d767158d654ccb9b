//! Everybody who is known here, as the node's staff see them: their public names, and of those who live here the
//! state of the account behind.

use crate::actors::Id;
use crate::engine::Tx;
use crate::error::Error;
use crate::page::Page;
use crate::search::beginning;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::account::Role;
use alongside_domain::actor::Actor;
use alongside_domain::clock::Timestamp;
use alongside_domain::fold::fold;
use alongside_domain::id::{AccountId, ActorId};

crate::row! {
    /// What is behind a persona that lives here.
    pub struct Person {
        /// The persona.
        pub id: ActorId,
        /// The account it belongs to.
        pub account_id: AccountId,
        /// The address that account signs in with.
        pub email: String,
        /// What it may do.
        pub role: Role,
        /// When its address was confirmed.
        pub confirmed_at: Option<Timestamp>,
        /// By when its address has to be confirmed, if it still has to be.
        pub confirm_by: Option<Timestamp>,
        /// When somebody let it in.
        pub approved_at: Option<Timestamp>,
        /// What it wrote when it asked to be let in.
        pub sign_up_reason: Option<String>,
        /// When the persona was kept from signing in, or the account was.
        pub disabled_at: Option<Timestamp>,
        /// The language it writes in.
        pub default_language: Option<String>,
    }
}

impl Person {
    /// Whether it waits to come in.
    pub const fn waits(&self) -> bool {
        self.approved_at.is_none() || self.confirm_by.is_some()
    }
}

/// Whether somebody waits to come in. Until they are, they are suspended, and nobody is to know of them.
pub async fn waits(session: &mut impl Session, actor: &Actor) -> Result<bool, Error> {
    if !actor.is_local() || actor.suspended_at.is_none() {
        return Ok(false);
    }
    Ok(behind(session, &[actor.id]).await?.iter().any(Person::waits))
}

/// What is behind those of these personas that live here.
pub async fn behind(session: &mut impl Session, ids: &[ActorId]) -> Result<Vec<Person>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select m.actor_id as id, c.id as account_id, c.email, c.role, c.confirmed_at, c.confirm_by,
                c.approved_at, c.sign_up_reason, coalesce(m.disabled_at, c.disabled_at) as disabled_at, m.default_language
            from member m join account c on c.id = m.account_id
            where m.actor_id in (select value from json_each($1))",
        )
        .bind(numbers(ids.iter().map(|id| id.get())))
        .all()
        .await
}

/// Who is looked for. An empty text leaves a question open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// `local` or `remote`.
    pub origin: &'static str,
    /// `active`, `pending`, `disabled`, `silenced`, `suspended` or `sensitized`; `present` for all but the suspended.
    pub status: &'static str,
    /// Only those who look after the node.
    pub staff: bool,
    /// Only those with one of these roles, as their words one after the other.
    pub roles: Option<Vec<Role>>,
    /// What their name begins with.
    pub handle: String,
    /// What the name they go by begins with.
    pub name: String,
    /// Their host.
    pub host: String,
    /// The address of their account, whole.
    pub email: String,
}

/// Those who are looked for, the newest first.
pub async fn page(session: &mut impl Session, wanted: &Wanted, page: &Page) -> Result<Vec<ActorId>, Error> {
    let statement = if page.is_upward() { PAGE_UPWARD } else { PAGE };
    let roles = wanted.roles.as_ref().map_or(String::new(), |roles| {
        roles.iter().map(|role| format!(" {role} ")).chain([" nobody ".to_owned()]).collect()
    });
    let rows: Vec<Id> = session
        .query(statement)
        .bind_page(page)
        .bind(wanted.origin)
        .bind(wanted.status)
        .bind(wanted.staff)
        .bind(roles)
        .bind(beginning(&wanted.handle))
        .bind(beginning(&wanted.name))
        .bind(&wanted.host)
        .bind(fold(&wanted.email))
        .all()
        .await?;
    Ok(page.newest_first(rows).into_iter().map(|row| row.id).collect())
}

const PAGE: &str = "select a.id from actor a
        left join member m on m.actor_id = a.id left join account c on c.id = m.account_id
    where a.id < $1 and a.id > $2 and a.kind <> 'application' and a.deleted_at is null
        and ($4 = '' or ($4 = 'local') = (a.host = ''))
        and ($5 = '' or ($5 = 'pending' and c.approved_at is null and c.confirm_by is null and c.id is not null)
            or ($5 = 'active' and a.suspended_at is null and m.disabled_at is null and c.disabled_at is null
                and (c.id is null or (c.approved_at is not null and c.confirm_by is null)))
            or ($5 = 'disabled' and (m.disabled_at is not null or c.disabled_at is not null))
            or ($5 = 'silenced' and a.silenced_at is not null)
            or ($5 = 'suspended' and a.suspended_at is not null and (c.id is null
                or (c.approved_at is not null and c.confirm_by is null)))
            or ($5 = 'present' and (a.suspended_at is null or (c.id is not null
                and (c.approved_at is null or c.confirm_by is not null))))
            or ($5 = 'sensitized' and a.sensitized_at is not null))
        and (not $6 or c.role in ('moderator', 'admin'))
        and ($7 = '' or $7 like '% ' || c.role || ' %')
        and a.handle_folded like $8 escape '!' and a.name_folded like $9 escape '!'
        and ($10 = '' or a.host = $10) and ($11 = '' or c.email = $11)
    order by a.id desc limit $3";

const PAGE_UPWARD: &str = "select a.id from actor a
        left join member m on m.actor_id = a.id left join account c on c.id = m.account_id
    where a.id < $1 and a.id > $2 and a.kind <> 'application' and a.deleted_at is null
        and ($4 = '' or ($4 = 'local') = (a.host = ''))
        and ($5 = '' or ($5 = 'pending' and c.approved_at is null and c.confirm_by is null and c.id is not null)
            or ($5 = 'active' and a.suspended_at is null and m.disabled_at is null and c.disabled_at is null
                and (c.id is null or (c.approved_at is not null and c.confirm_by is null)))
            or ($5 = 'disabled' and (m.disabled_at is not null or c.disabled_at is not null))
            or ($5 = 'silenced' and a.silenced_at is not null)
            or ($5 = 'suspended' and a.suspended_at is not null and (c.id is null
                or (c.approved_at is not null and c.confirm_by is null)))
            or ($5 = 'present' and (a.suspended_at is null or (c.id is not null
                and (c.approved_at is null or c.confirm_by is not null))))
            or ($5 = 'sensitized' and a.sensitized_at is not null))
        and (not $6 or c.role in ('moderator', 'admin'))
        and ($7 = '' or $7 like '% ' || c.role || ' %')
        and a.handle_folded like $8 escape '!' and a.name_folded like $9 escape '!'
        and ($10 = '' or a.host = $10) and ($11 = '' or c.email = $11)
    order by a.id limit $3";

/// Lets an account in that waits; false if it does not.
pub async fn approve(tx: &mut Tx, account: AccountId, now: Timestamp) -> Result<bool, Error> {
    let approved = tx
        .query("update account set approved_at = $2, sign_up_reason = null where id = $1 and approved_at is null")
        .bind(account)
        .bind(now)
        .execute()
        .await?;
    Ok(approved > 0)
}

/// Whether anybody waits to be let in.
pub async fn is_anybody_waiting(session: &mut impl Session) -> Result<bool, Error> {
    let found: Option<Overdue> = session
        .query(
            "select id from account where approved_at is null and confirm_by is null and disabled_at is null limit 1",
        )
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Makes an account wait to be let in, with what it wrote; for one that was made just now.
pub async fn wait(tx: &mut Tx, account: AccountId, reason: Option<&str>) -> Result<(), Error> {
    tx.query("update account set approved_at = null, confirmed_at = null, sign_up_reason = $2 where id = $1")
        .bind(account)
        .bind(reason)
        .execute()
        .await?;
    Ok(())
}

/// Makes an account wait until its address is confirmed; for one that waits to be let in as well.
pub async fn await_confirmation(tx: &mut Tx, account: AccountId, by: Timestamp) -> Result<(), Error> {
    tx.query("update account set confirm_by = $2, confirmed_at = null where id = $1")
        .bind(account)
        .bind(by)
        .execute()
        .await?;
    Ok(())
}

/// Makes an account wait to be let in after all, because of what became known before it was.
pub async fn hold_back(tx: &mut Tx, account: AccountId) -> Result<(), Error> {
    tx.query("update account set approved_at = null where id = $1 and confirm_by is not null")
        .bind(account)
        .execute()
        .await?;
    Ok(())
}

/// The persona of an account that nobody was let in with yet: there is one.
pub async fn persona(session: &mut impl Session, account: AccountId) -> Result<Option<ActorId>, Error> {
    let found: Option<Id> = session
        .query("select actor_id as id from member where account_id = $1 order by actor_id limit 1")
        .bind(account)
        .optional()
        .await?;
    Ok(found.map(|row| row.id))
}

crate::row! {
    /// Names an account.
    pub struct Overdue {
        /// Its id.
        pub id: AccountId,
    }
}

/// Accounts whose address should have been confirmed by now, and whose letters have no link that still works.
pub async fn overdue(
    session: &mut impl Session,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<AccountId>, Error> {
    let found: Vec<Overdue> = session
        .query(
            "select a.id from account a where a.confirm_by <= $1 and not exists
                (select 1 from mail_link l where l.account_id = a.id and l.expires_at > $1)
            order by a.confirm_by limit $2",
        )
        .bind(now)
        .bind(limit)
        .all()
        .await?;
    Ok(found.into_iter().map(|overdue| overdue.id).collect())
}

/// Forgets an account that was never let in, and its name with it: nobody ever saw it. False if it does not wait.
pub async fn turn_away(tx: &mut Tx, persona: ActorId, account: AccountId) -> Result<bool, Error> {
    // Nobody lets it in from here on.
    let waits = tx
        .query(
            "update account set sign_up_reason = null
            where id = $1 and (approved_at is null or confirm_by is not null)",
        )
        .bind(account)
        .execute()
        .await?;
    if waits == 0 {
        return Ok(false);
    }
    forget_persona(tx, persona, account).await?;
    tx.query("delete from account where id = $1").bind(account).execute().await?;
    Ok(true)
}

/// The same, but that its address is kept until its holder was told.
pub async fn dismiss(
    tx: &mut Tx,
    persona: ActorId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, Error> {
    let waits = tx
        .query(
            "update account set password_hash = '', sign_up_reason = null, confirm_by = null, disabled_at = $2
            where id = $1 and approved_at is null",
        )
        .bind(account)
        .bind(now)
        .execute()
        .await?;
    if waits == 0 {
        return Ok(false);
    }
    forget_persona(tx, persona, account).await?;
    Ok(true)
}

/// Nobody should have known of it, and yet what others keep may name it.
async fn forget_persona(tx: &mut Tx, persona: ActorId, account: AccountId) -> Result<(), Error> {
    for statement in [
        "delete from notification where member_id = $1 or from_id = $1",
        "delete from notification_permission where from_id = $1",
        "delete from conversation where member_id = $1",
        "delete from post_mention where actor_id = $1",
        "delete from block where target_id = $1",
        "delete from mute where target_id = $1",
        "delete from private_note where target_id = $1",
        "delete from suggestion_dismissal where target_id = $1",
        "delete from report_post where report_id in (select id from report where target_id = $1)",
        "delete from report where target_id = $1",
        "delete from measure where member_id = $1",
        "delete from community_ban where actor_id = $1",
        "delete from delivery where activity_id in (select id from activity where actor_id = $1)",
        "delete from activity where actor_id = $1",
        "delete from heard where actor_id = $1",
        "delete from oauth_token where member_id = $1",
        "delete from oauth_code where member_id = $1",
        "delete from member where actor_id = $1",
        "delete from actor_key where actor_id = $1",
        "delete from actor where id = $1",
    ] {
        tx.query(statement).bind(persona).execute().await?;
    }
    for statement in
        ["delete from session where account_id = $1", "delete from mail_link where account_id = $1"]
    {
        tx.query(statement).bind(account).execute().await?;
    }
    Ok(())
}

/// Forgets an account that was dismissed, because its holder was told.
pub async fn forget_dismissed(tx: &mut Tx, account: AccountId) -> Result<(), Error> {
    tx.query("delete from account where id = $1 and approved_at is null and disabled_at is not null")
        .bind(account)
        .execute()
        .await?;
    Ok(())
}

/// Forgets the accounts that were dismissed before a moment; says how many.
pub async fn sweep_dismissed(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("delete from account where approved_at is null and disabled_at < $1")
        .bind(before)
        .execute()
        .await
}
