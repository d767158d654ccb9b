//! What is for the members of a community, shown to the nodes where they live. To everybody else it is as if it were
//! not there: the answer is the same, and takes the same steps.

use super::asker::Asking;
use crate::error::Error;
use alongside_app::reading::{self, Peer, Viewer};
use alongside_domain::post::{Post, Visibility};
use alongside_federation::asker::Asker;
use alongside_federation::node::Federation;
use alongside_federation::receive::Refused;
use alongside_federation::vouch;

/// Another node that has proved who it is.
#[derive(Debug)]
pub(super) struct Proven {
    /// The actor that signed.
    pub(super) actor: String,
    /// Its node.
    pub(super) peer: Peer,
}

/// Who asks. A signature that proves nothing is nobody's: an error would tell that there is something. It is one
/// only where the signature could not be checked now.
pub(super) async fn who_asks(node: &Federation, asking: &Asking) -> Result<Option<Proven>, Error> {
    match asking.who(node).await {
        Ok(Asker::Proven { actor, .. }) => Ok(vouch::peer(&actor).map(|peer| Proven { actor, peer })),
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Key(error)) if error.is_temporary() => Err(Error::Unavailable(error.into())),
        Ok(Asker::Nobody) | Err(_) => Ok(None),
    }
}

/// Whether whoever asks may know of a post that is there, or was; of what is not, nobody may.
pub(crate) async fn may_know_of(
    node: &Federation,
    asking: &Asking,
    post: Option<&Post>,
) -> Result<bool, Error> {
    if post.is_some_and(|post| post.visibility.is_open()) {
        return Ok(true);
    }
    let Some(proven) = who_asks(node, asking).await? else { return Ok(false) };
    let Some(post) = post.filter(|post| post.visibility == Visibility::Members) else { return Ok(false) };
    let (mut reader, now) = (node.app().reader(), node.app().now());
    if reading::may_know_of(&mut reader, Viewer::Node(&proven.peer), post, now).await? {
        return Ok(true);
    }
    let vouched = vouch::about(node, proven.peer, &proven.actor, post).await?;
    Ok(reading::may_know_of(&mut reader, Viewer::Node(&vouched), post, now).await?)
}
