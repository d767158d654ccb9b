//! What a member notes about somebody, for their own eyes.

use crate::engine::Tx;
use crate::error::Error;
use crate::session::Session as _;
use alongside_domain::id::{ActorId, MemberId};

/// Keeps a note; an empty one is no note. Notes are read in [`crate::relationships`].
pub async fn put(tx: &mut Tx, member: MemberId, target: ActorId, text: &str) -> Result<(), Error> {
    if text.is_empty() {
        tx.query("delete from private_note where member_id = $1 and target_id = $2")
            .bind(member)
            .bind(target)
            .execute()
            .await?;
        return Ok(());
    }
    tx.query(
        "insert into private_note (member_id, target_id, text) values ($1, $2, $3)
        on conflict (member_id, target_id) do update set text = excluded.text",
    )
    .bind(member)
    .bind(target)
    .bind(text)
    .execute()
    .await?;
    Ok(())
}
