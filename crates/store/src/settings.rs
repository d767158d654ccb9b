//! What the node keeps about itself under a name: its own keys, and marks of where it is.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;

crate::row! {
    /// A value kept under a name.
    pub struct Setting {
        /// The value.
        pub value: String,
    }
}

/// The value under a name.
pub async fn find(session: &mut impl Session, key: &str) -> Result<Option<String>, Error> {
    let found: Option<Setting> =
        session.query("select value from setting where key = $1").bind(key).optional().await?;
    Ok(found.map(|setting| setting.value))
}

/// Keeps a value under a name unless there is one, and gives the one that is kept. Whoever comes
/// second waits for the first, so this also serves as a lock on the name.
pub async fn put_first(tx: &mut Tx, key: &str, value: &str) -> Result<String, Error> {
    let kept: Setting = tx
        .query(
            "insert into setting (key, value) values ($1, $2)
            on conflict (key) do update set value = setting.value returning value",
        )
        .bind(key)
        .bind(value)
        .one()
        .await?;
    Ok(kept.value)
}
