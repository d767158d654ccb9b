//! Where clients want to be told of notifications: one address for each token.

use crate::column::{Columns, Row};
use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::id::{MemberId, TokenId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::push::Subscription;
use alongside_domain::word::UnknownWord;

impl Row for Subscription {
    fn read(columns: &Columns<'_>) -> Result<Self, Error> {
        let alerts: Vec<String> = columns.get("alerts")?;
        let alerts: Result<Vec<NotificationKind>, UnknownWord> =
            alerts.iter().map(|word| word.parse()).collect();
        Ok(Self {
            token: columns.get("token_id")?,
            endpoint: columns.get("endpoint")?,
            p256dh: columns.get("p256dh")?,
            auth: columns.get("auth")?,
            standard: columns.get("standard")?,
            policy: columns.get("policy")?,
            alerts: alerts
                .map_err(|error| Error::Inconsistent { column: "alerts", reason: error.to_string() })?,
        })
    }
}

/// The one of a token.
pub async fn find(session: &mut impl Session, token: TokenId) -> Result<Option<Subscription>, Error> {
    session
        .query(
            "select token_id, endpoint, p256dh, auth, standard, policy, alerts from push_subscription
            where token_id = $1",
        )
        .bind(token)
        .optional()
        .await
}

/// Those of a member's clients whose tokens were not revoked, of so many the newest.
pub async fn of_member(
    session: &mut impl Session,
    member: MemberId,
    limit: i64,
) -> Result<Vec<Subscription>, Error> {
    session
        .query(
            "select s.token_id, s.endpoint, s.p256dh, s.auth, s.standard, s.policy, s.alerts
            from push_subscription s join oauth_token t on t.id = s.token_id
            where t.member_id = $1 and t.revoked_at is null order by s.token_id desc limit $2",
        )
        .bind(member)
        .bind(limit)
        .all()
        .await
}

/// Writes it, in place of the one its token had.
pub async fn put(tx: &mut Tx, subscription: &Subscription) -> Result<(), Error> {
    let alerts: Vec<String> = subscription.alerts.iter().map(ToString::to_string).collect();
    tx.query(
        "insert into push_subscription (token_id, endpoint, p256dh, auth, standard, policy, alerts)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (token_id) do update set endpoint = excluded.endpoint, p256dh = excluded.p256dh,
            auth = excluded.auth, standard = excluded.standard, policy = excluded.policy, alerts = excluded.alerts",
    )
    .bind(subscription.token)
    .bind(&subscription.endpoint)
    .bind(&subscription.p256dh)
    .bind(&subscription.auth)
    .bind(subscription.standard)
    .bind(subscription.policy)
    .bind(&alerts)
    .execute()
    .await?;
    Ok(())
}

/// Forgets the one of a token.
pub async fn remove(tx: &mut Tx, token: TokenId) -> Result<(), Error> {
    tx.query("delete from push_subscription where token_id = $1").bind(token).execute().await?;
    Ok(())
}

/// Forgets the one of a token, if it is still sent there: a client may have asked for another address meanwhile.
pub async fn remove_if_at(tx: &mut Tx, token: TokenId, endpoint: &str) -> Result<(), Error> {
    tx.query("delete from push_subscription where token_id = $1 and endpoint = $2")
        .bind(token)
        .bind(endpoint)
        .execute()
        .await?;
    Ok(())
}

/// Forgets those whose tokens were revoked; says how many.
pub async fn sweep(tx: &mut Tx) -> Result<u64, Error> {
    tx.query(
        "delete from push_subscription where exists (select 1 from oauth_token t
            where t.id = push_subscription.token_id and t.revoked_at is not null)",
    )
    .execute()
    .await
}
