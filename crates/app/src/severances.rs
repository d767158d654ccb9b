//! Follows that end because a host is blocked: whoever loses some is told how many, and of which host.

use crate::context::App;
use crate::effects::noted;
use alongside_domain::id::SeveranceId;
use alongside_domain::notification::{NotificationKind, SeveranceKind};
use alongside_store::engine::Tx;
use alongside_store::notifications::Notice;
use alongside_store::partings::Crossing;
use alongside_store::{error, severances};

/// Tells these members what they lost.
pub(crate) async fn tell(
    tx: &mut Tx,
    app: &App,
    (kind, host): (SeveranceKind, &str),
    those: &[Crossing],
) -> Result<(), error::Error> {
    for lost in those {
        let id: SeveranceId = app.next_id();
        severances::insert(tx, id, (kind, host), lost, app.now()).await?;
        let notice = Notice {
            id: app.next_id(),
            member_id: lost.member_id,
            kind: NotificationKind::Severed,
            from_id: lost.member_id.actor(),
            post_id: None,
            subject_id: id.get(),
            at: app.now(),
            apart: false,
        };
        noted::tell(tx, app, &notice).await?;
    }
    Ok(())
}
