//! Pictures that stand for a word between colons: the node's own, and those used by people elsewhere.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session;
use alongside_domain::clock::Timestamp;

crate::row! {
    /// A picture that stands for a word.
    pub struct Emoji {
        /// Whose it is; empty for the node's own.
        pub host: String,
        /// The word, without colons.
        pub shortcode: String,
        /// The name of its file here, for one of the node's own.
        pub file: Option<String>,
        /// Where it lies, for one of others.
        pub url: Option<String>,
        /// Under which heading it is shown to choose from.
        pub category: Option<String>,
        /// When it became this picture.
        pub updated_at: Timestamp,
    }
}

crate::row! {
    /// How many there are.
    pub struct Count {
        /// So many.
        pub emojis: i64,
    }
}

/// Keeps one in place of the one before.
pub async fn put(tx: &mut Tx, emoji: &Emoji) -> Result<(), Error> {
    tx.query(
        "insert into emoji (host, shortcode, file, url, category, updated_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (host, shortcode) do update set file = excluded.file, url = excluded.url,
            category = excluded.category, updated_at = excluded.updated_at",
    )
    .bind(&emoji.host)
    .bind(&emoji.shortcode)
    .bind(emoji.file.clone())
    .bind(emoji.url.clone())
    .bind(emoji.category.clone())
    .bind(emoji.updated_at)
    .execute()
    .await?;
    Ok(())
}

/// One of them.
pub async fn find(session: &mut impl Session, host: &str, shortcode: &str) -> Result<Option<Emoji>, Error> {
    session
        .query(
            "select host, shortcode, file, url, category, updated_at from emoji where host = $1 and shortcode = $2",
        )
        .bind(host)
        .bind(shortcode)
        .optional()
        .await
}

/// All of a host, in the order of their words.
pub async fn of_host(session: &mut impl Session, host: &str, limit: i64) -> Result<Vec<Emoji>, Error> {
    session
        .query(
            "select host, shortcode, file, url, category, updated_at from emoji
            where host = $1 order by shortcode limit $2",
        )
        .bind(host)
        .bind(limit)
        .all()
        .await
}

/// How many a host has.
pub async fn count(session: &mut impl Session, host: &str) -> Result<i64, Error> {
    let found: Count =
        session.query("select count(*) as emojis from emoji where host = $1").bind(host).one().await?;
    Ok(found.emojis)
}

/// Those with these words, of these hosts.
pub async fn named(
    session: &mut impl Session,
    hosts: &[String],
    shortcodes: &[String],
) -> Result<Vec<Emoji>, Error> {
    if hosts.is_empty() || shortcodes.is_empty() {
        return Ok(Vec::new());
    }
    session
        .query(
            "select host, shortcode, file, url, category, updated_at from emoji
            where host in (select atom from json_tree($1) where atom is not null)
                and shortcode in (select atom from json_tree($2) where atom is not null)",
        )
        .bind(&hosts.to_vec())
        .bind(&shortcodes.to_vec())
        .all()
        .await
}

/// Forgets one; false if there was none.
pub async fn remove(tx: &mut Tx, host: &str, shortcode: &str) -> Result<bool, Error> {
    let removed = tx
        .query("delete from emoji where host = $1 and shortcode = $2")
        .bind(host)
        .bind(shortcode)
        .execute()
        .await?;
    Ok(removed > 0)
}
