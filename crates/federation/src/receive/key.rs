//! Whose key made a signature: of a request at the door, or of a proof inside an activity.

use crate::node::Federation;
use crate::receive::Refused;
use crate::resolve;
use alongside_domain::fold;
use http_signatures::keys::PublicKey;
use http_signatures::refused::Refused as Unsigned;
use url::Url;

/// New looks at a key that did not fit, each minute and key.
const REFRESHES_PER_MIN: u32 = 2;

/// Verifies with the key as it is known here; if there is none or it does not fit, with the key as its
/// origin lists it now. Gives the address of the actor whose key it is.
pub(crate) async fn of_signer(
    node: &Federation,
    key: &Url,
    verify: impl Fn(&PublicKey) -> Result<(), Unsigned>,
) -> Result<String, Refused> {
    let known = node.keys().public(node.app(), key.as_str()).await?;
    let misfit = match &known {
        Some(known) => match verify(&known.key) {
            Ok(()) => return Ok(known.owner.clone()),
            Err(misfit) => Some(misfit),
        },
        None => None,
    };
    let now = node.app().now();
    let host = fold::host_of(key).ok_or(Refused::UnusableKey("its id has no host"))?;
    let may_look = node.budget().spend(&host, now)
        && (misfit.is_none() || node.budget().spend_of(key.as_str(), REFRESHES_PER_MIN, now));
    if !may_look {
        // Later it may be known: the sender must not take this for a final no.
        return Err(misfit.map_or(Refused::TooMany, Refused::Signature));
    }
    resolve::owner_of_key(node, key).await.map_err(|error| match error {
        resolve::Error::Unusable(reason) => Refused::UnusableKey(reason),
        resolve::Error::UnknownKind => Refused::UnknownKind,
        error => Refused::Key(Box::new(error)),
    })?;
    let listed = node.keys().public(node.app(), key.as_str()).await?;
    let listed = listed.ok_or(Refused::UnusableKey("its owner does not list it"))?;
    verify(&listed.key)?;
    Ok(listed.owner.clone())
}
