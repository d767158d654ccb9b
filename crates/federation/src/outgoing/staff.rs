//! What a community of ours says of itself or does itself, for software that hears people and programs and no community:
//! there the staff of the node say it.

use super::{Envelope, bare};
use crate::build;
use crate::keys;
use crate::node::Federation;
use crate::software;
use crate::worker::JobError;
use alongside_domain::actor::Actor;
use alongside_store::follows::Inbox;
use serde_json::Value;
use std::collections::BTreeSet;

/// The same as the staff say it, to those who would not hear it of the community; that goes to all others.
pub(super) async fn instead(
    node: &Federation,
    who: &Actor,
    activity: &Value,
    own: &mut Envelope,
    heard: &[Inbox],
) -> Result<Option<Envelope>, JobError> {
    let hears_people = |inbox: &&Inbox| software::hears_no_community(inbox.software.as_deref());
    let inboxes: BTreeSet<String> =
        heard.iter().filter(hears_people).map(|inbox| inbox.inbox.clone()).collect();
    if !who.is_community() || inboxes.is_empty() {
        return Ok(None);
    }
    own.inboxes.retain(|inbox| !inboxes.contains(inbox));
    let staff = keys::staff_actor(node.app()).await?;
    let said = build::actor::said_by_staff(activity.clone(), who, &staff);
    let (erasure, thread) = (own.erasure, own.thread.clone());
    let bare = bare(&said, &staff)?;
    Ok(Some(Envelope { inboxes, erasure, thread, about: own.about, open: own.open, ..bare }))
}
