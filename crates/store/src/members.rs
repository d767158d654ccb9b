//! Members: the public personas that an account acts as, with the settings only they see.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::account::Role;
use alongside_domain::fold::fold;
use alongside_domain::id::{AccountId, ActorId, MemberId};
use alongside_domain::post::Visibility;

crate::row! {
    /// A persona of an account here.
    pub struct Member {
        /// The actor it is in public.
        pub id: MemberId,
        /// The account behind it.
        pub account_id: AccountId,
        /// What that account may do on this node.
        pub role: Role,
        /// Who may read what it writes, where it does not say.
        pub default_visibility: Visibility,
        /// Its images are covered, where it does not say.
        pub default_sensitive: bool,
        /// The language it writes in, where it does not say.
        pub default_language: Option<String>,
        /// The newest notification it has seen.
        pub notifications_read_id: i64,
    }
}

/// What a member chose for posts that do not say otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defaults {
    /// Who may read them.
    pub visibility: Visibility,
    /// Their images are covered.
    pub sensitive: bool,
    /// Their language.
    pub language: Option<String>,
}

/// The member with this id.
pub async fn find(session: &mut impl Session, id: MemberId) -> Result<Option<Member>, Error> {
    session
        .query(
            "select m.actor_id as id, m.account_id, c.role, m.default_visibility, m.default_sensitive, m.default_language,
                m.notifications_read_id
            from member m join account c on c.id = m.account_id where m.actor_id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// The member of this name who can act: not deleted, not suspended, its account open.
pub async fn find_by_handle(session: &mut impl Session, handle: &str) -> Result<Option<Member>, Error> {
    session
        .query(
            "select m.actor_id as id, m.account_id, c.role, m.default_visibility, m.default_sensitive, m.default_language,
                m.notifications_read_id
            from actor a join member m on m.actor_id = a.id join account c on c.id = m.account_id
            where a.host = '' and a.handle_folded = $1 and a.deleted_at is null and a.suspended_at is null
                and c.disabled_at is null and m.disabled_at is null",
        )
        .bind(fold(handle))
        .optional()
        .await
}

/// Whether an actor is a member of this node who is still there.
pub async fn exists(session: &mut impl Session, actor: ActorId) -> Result<bool, Error> {
    Ok(default_visibility(session, actor).await?.is_some())
}

/// Whether a member can act: not deleted, suspended or locked out, and its account open.
pub async fn can_act(session: &mut impl Session, id: MemberId) -> Result<bool, Error> {
    let found: Option<DefaultVisibility> = session
        .query(
            "select m.default_visibility from member m join account c on c.id = m.account_id
            join actor a on a.id = m.actor_id
            where m.actor_id = $1 and a.deleted_at is null and a.suspended_at is null and c.disabled_at is null
                and m.disabled_at is null",
        )
        .bind(id)
        .optional()
        .await?;
    Ok(found.is_some())
}

crate::row! {
    /// Who may read what a member writes.
    pub struct DefaultVisibility {
        /// Where a post does not say.
        pub default_visibility: Visibility,
    }
}

/// Who may read what a member writes where a post does not say; none for who is no member here.
pub async fn default_visibility(
    session: &mut impl Session,
    actor: ActorId,
) -> Result<Option<Visibility>, Error> {
    let found: Option<DefaultVisibility> = session
        .query(
            "select m.default_visibility from member m join actor a on a.id = m.actor_id
            where m.actor_id = $1 and a.deleted_at is null",
        )
        .bind(actor)
        .optional()
        .await?;
    Ok(found.map(|found| found.default_visibility))
}

/// The personas of an account that can act, by their names.
pub async fn of_account(session: &mut impl Session, account: AccountId) -> Result<Vec<Member>, Error> {
    session
        .query(
            "select m.actor_id as id, m.account_id, c.role, m.default_visibility, m.default_sensitive, m.default_language,
                m.notifications_read_id
            from member m join account c on c.id = m.account_id join actor a on a.id = m.actor_id
            where m.account_id = $1 and a.deleted_at is null and a.suspended_at is null and m.disabled_at is null
            order by a.handle_folded",
        )
        .bind(account)
        .all()
        .await
}

crate::row! {
    /// Names a persona.
    pub struct Id {
        /// Its id.
        pub id: MemberId,
    }
}

/// Whether an account has a persona besides this one that is not deleted, though it may not act just now.
pub async fn has_another(
    session: &mut impl Session,
    account: AccountId,
    besides: MemberId,
) -> Result<bool, Error> {
    let found: Option<Id> = session
        .query(
            "select m.actor_id as id from member m join actor a on a.id = m.actor_id
            where m.account_id = $1 and m.actor_id <> $2 and a.deleted_at is null limit 1",
        )
        .bind(account)
        .bind(besides)
        .optional()
        .await?;
    Ok(found.is_some())
}

/// The personas of those who look after this node.
pub async fn staff(session: &mut impl Session) -> Result<Vec<Member>, Error> {
    session
        .query(
            "select m.actor_id as id, m.account_id, c.role, m.default_visibility, m.default_sensitive, m.default_language,
                m.notifications_read_id
            from account c join member m on m.account_id = c.id join actor a on a.id = m.actor_id
            where c.role <> $1 and c.disabled_at is null and m.disabled_at is null and a.deleted_at is null
                and a.suspended_at is null order by m.actor_id",
        )
        .bind(Role::Member)
        .all()
        .await
}

/// Writes a new persona; its actor is there already.
pub async fn insert(tx: &mut Tx, id: MemberId, account: AccountId) -> Result<(), Error> {
    tx.query(
        "insert into member (actor_id, account_id, default_visibility, default_sensitive) values ($1, $2, $3, false)",
    )
    .bind(id)
    .bind(account)
    .bind(Visibility::Public)
    .execute()
    .await?;
    Ok(())
}

/// Keeps what a member chose for its posts.
pub async fn set_defaults(tx: &mut Tx, id: MemberId, defaults: &Defaults) -> Result<(), Error> {
    tx.query(
        "update member set default_visibility = $2, default_sensitive = $3, default_language = $4 where actor_id = $1",
    )
    .bind(id)
    .bind(defaults.visibility)
    .bind(defaults.sensitive)
    .bind(defaults.language.clone())
    .execute()
    .await?;
    Ok(())
}

/// Notes the newest notification a member has seen.
pub async fn set_notifications_read(tx: &mut Tx, id: MemberId, last: i64) -> Result<(), Error> {
    tx.touching(&[])
        .query("update member set notifications_read_id = $2 where actor_id = $1")
        .bind(id)
        .bind(last)
        .execute()
        .await?;
    Ok(())
}
