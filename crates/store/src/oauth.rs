//! Client applications, the codes they exchange, and the tokens they hold. Only hashes are kept of
//! what they hold.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use crate::value::numbers;
use alongside_domain::account::Role;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::{AppId, MemberId, TokenId};
use alongside_domain::scope::Scopes;
use alongside_domain::sign_up::Waits;

crate::row! {
    /// A client application.
    pub struct ClientApp {
        /// Its id.
        pub id: AppId,
        /// Its name.
        pub name: String,
        /// Its website.
        pub website: Option<String>,
        /// The name it gives when it asks.
        pub client_id: String,
        /// The hash of its secret.
        pub secret_hash: String,
        /// Where an answer may be sent.
        pub redirect_uris: Vec<String>,
        /// What it may ask for.
        pub scopes: Scopes,
        /// When it was registered.
        pub created_at: Timestamp,
    }
}

/// The application with this client id.
pub async fn find_app(session: &mut impl Session, client_id: &str) -> Result<Option<ClientApp>, Error> {
    session
        .query(
            "select id, name, website, client_id, secret_hash, redirect_uris, scopes, created_at
            from oauth_app where client_id = $1",
        )
        .bind(client_id)
        .optional()
        .await
}

/// The application with this id.
pub async fn find_app_by_id(session: &mut impl Session, id: AppId) -> Result<Option<ClientApp>, Error> {
    session
        .query(
            "select id, name, website, client_id, secret_hash, redirect_uris, scopes, created_at
            from oauth_app where id = $1",
        )
        .bind(id)
        .optional()
        .await
}

/// Writes a new application, unless one has its client id; says whether it was written.
pub async fn insert_app(tx: &mut Tx, app: &ClientApp) -> Result<bool, Error> {
    let written = tx
        .query(
            "insert into oauth_app (id, name, website, client_id, secret_hash, redirect_uris, scopes, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (client_id) do nothing",
        )
        .bind(app.id)
        .bind(&app.name)
        .bind(app.website.clone())
        .bind(&app.client_id)
        .bind(&app.secret_hash)
        .bind(&app.redirect_uris)
        .bind(&app.scopes)
        .bind(app.created_at)
        .execute()
        .await?;
    Ok(written > 0)
}

crate::row! {
    /// What a code stands for.
    pub struct Code {
        /// The application it was given to.
        pub app_id: AppId,
        /// Who gave it.
        pub member_id: MemberId,
        /// What it allows.
        pub scopes: Scopes,
        /// Where it was sent.
        pub redirect_uri: String,
        /// What the verifier must hash to (S256).
        pub challenge: Option<String>,
        /// Until when it can be exchanged.
        pub expires_at: Timestamp,
        /// The token it was exchanged for.
        pub used_by: Option<TokenId>,
    }
}

/// Writes a new code.
pub async fn insert_code(tx: &mut Tx, code_hash: &str, code: &Code) -> Result<(), Error> {
    tx.query(
        "insert into oauth_code (code_hash, app_id, member_id, scopes, redirect_uri, challenge, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(code_hash)
    .bind(code.app_id)
    .bind(code.member_id)
    .bind(&code.scopes)
    .bind(&code.redirect_uri)
    .bind(code.challenge.clone())
    .bind(code.expires_at)
    .execute()
    .await?;
    Ok(())
}

/// The code with this hash.
pub async fn find_code(session: &mut impl Session, code_hash: &str) -> Result<Option<Code>, Error> {
    session
        .query(
            "select app_id, member_id, scopes, redirect_uri, challenge, expires_at, used_by
            from oauth_code where code_hash = $1",
        )
        .bind(code_hash)
        .optional()
        .await
}

/// Marks a code as exchanged for a token; false if it was exchanged before.
pub async fn use_code(tx: &mut Tx, code_hash: &str, token: TokenId) -> Result<bool, Error> {
    let used = tx
        .query("update oauth_code set used_by = $2 where code_hash = $1 and used_by is null")
        .bind(code_hash)
        .bind(token)
        .execute()
        .await?;
    Ok(used > 0)
}

/// Forgets the codes that expired before a moment; says how many.
pub async fn sweep_codes(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    tx.query("delete from oauth_code where expires_at < $1").bind(before).execute().await
}

/// A new token.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Its id.
    pub id: TokenId,
    /// The hash of what the client holds.
    pub token_hash: String,
    /// The application that holds it.
    pub app_id: AppId,
    /// Whom it acts for; none when it acts for the application alone.
    pub member_id: Option<MemberId>,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was given.
    pub created_at: Timestamp,
}

crate::row! {
    /// A token that is good, and whom it speaks for.
    pub struct Bearer {
        /// The token.
        pub id: TokenId,
        /// The application that holds it.
        pub app_id: AppId,
        /// That application's name.
        pub app_name: String,
        /// Whom it acts for; none when it acts for the application alone.
        pub member_id: Option<MemberId>,
        /// What the account behind the member may do on this node.
        pub role: Option<Role>,
        /// What they wait for, if they are not in yet: then the token is good for nothing but asking about that.
        pub waits: Option<Waits>,
        /// What it allows.
        pub scopes: Scopes,
        /// When it was given.
        pub created_at: Timestamp,
    }
}

/// Writes a new token.
pub async fn insert_token(tx: &mut Tx, token: &NewToken) -> Result<(), Error> {
    tx.query(
        "insert into oauth_token (id, token_hash, app_id, member_id, scopes, created_at)
        values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token.id)
    .bind(&token.token_hash)
    .bind(token.app_id)
    .bind(token.member_id)
    .bind(&token.scopes)
    .bind(token.created_at)
    .execute()
    .await?;
    Ok(())
}

/// Whom a token speaks for, if it was not revoked, its account is open and its member may act, or waits for a letter
/// or for what comes after it.
pub async fn bearer(session: &mut impl Session, token_hash: &str) -> Result<Option<Bearer>, Error> {
    session
        .query(
            "select t.id, t.app_id, p.name as app_name, t.member_id, c.role, t.scopes, t.created_at,
                case when c.confirm_by is not null then 'confirmation'
                    when c.approved_at is null and c.confirmed_at is not null then 'approval' end as waits
            from oauth_token t join oauth_app p on p.id = t.app_id
            left join member m on m.actor_id = t.member_id
            left join account c on c.id = m.account_id
            left join actor a on a.id = m.actor_id
            where t.token_hash = $1 and t.revoked_at is null and (t.member_id is null
                or (c.disabled_at is null and m.disabled_at is null and a.deleted_at is null
                    and (a.suspended_at is null or c.confirm_by is not null
                        or (c.approved_at is null and c.confirmed_at is not null))))",
        )
        .bind(token_hash)
        .optional()
        .await
}

crate::row! {
    /// Names a token.
    pub struct Good {
        /// Its id.
        pub id: TokenId,
    }
}

/// Of these tokens those that [`bearer`] would still find good.
pub async fn still_good(session: &mut impl Session, tokens: &[TokenId]) -> Result<Vec<TokenId>, Error> {
    let good: Vec<Good> = session
        .query(
            "select t.id from oauth_token t
            left join member m on m.actor_id = t.member_id
            left join account c on c.id = m.account_id
            left join actor a on a.id = m.actor_id
            where t.id in (select value from json_each($1)) and t.revoked_at is null and (t.member_id is null
                or (c.disabled_at is null and m.disabled_at is null and a.deleted_at is null and a.suspended_at is null))",
        )
        .bind(numbers(tokens.iter().map(|token| token.get())))
        .all()
        .await?;
    Ok(good.into_iter().map(|token| token.id).collect())
}

/// Revokes the token with this hash if this application holds it, and what was to be pushed to it; false if there is none.
pub async fn revoke(tx: &mut Tx, token_hash: &str, app: AppId, now: Timestamp) -> Result<bool, Error> {
    let held = tx
        .query("update oauth_token set revoked_at = coalesce(revoked_at, $3) where token_hash = $1 and app_id = $2")
        .bind(token_hash)
        .bind(app)
        .bind(now)
        .execute()
        .await?;
    tx.query("delete from push_subscription where token_id in (select id from oauth_token where token_hash = $1 and app_id = $2)")
        .bind(token_hash)
        .bind(app)
        .execute()
        .await?;
    Ok(held > 0)
}
