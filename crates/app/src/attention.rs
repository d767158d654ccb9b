//! Newcomers ask for the attention of those who look after the node: these are told in their apps at once and, of
//! somebody who has to be let in, by mail.

use crate::confirmations::Confirmed;
use crate::context::App;
use crate::effects::noted;
use crate::letters;
use alongside_domain::id::ActorId;
use alongside_domain::letter::Letter;
use alongside_domain::notification::NotificationKind;
use alongside_store::engine::Tx;
use alongside_store::notifications::Notice;
use alongside_store::{error, members};

/// Somebody came, and is in or waits to be let in.
pub(crate) async fn newcomer(
    tx: &mut Tx,
    app: &App,
    who: ActorId,
    stands: Confirmed,
) -> Result<(), error::Error> {
    for member in members::staff(tx).await? {
        let notice = Notice {
            id: app.next_id(),
            member_id: member.id,
            kind: NotificationKind::SignUp,
            from_id: who,
            post_id: None,
            subject_id: who.get(),
            at: app.now(),
            apart: false,
        };
        noted::tell(tx, app, &notice).await?;
    }
    match stands {
        Confirmed::Waits => letters::queue_for_staff(tx, app, Letter::SomebodyWaits).await,
        Confirmed::LetIn => Ok(()),
    }
}
