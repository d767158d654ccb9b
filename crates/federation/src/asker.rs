//! Who asks for a document: what the signature of a request for it proves.

use crate::node::Federation;
use crate::receive::{self, Arriving, Refused};
use alongside_domain::agreement::{Mode, Silence};
use alongside_domain::fold;
use http_signatures::refused::Refused as Unsigned;
use url::Url;

/// Who asks for a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// Whoever asks has not said who they are.
    Nobody,
    /// An actor of a host that this node talks with, proven by the signature.
    Proven {
        /// The actor's address.
        actor: String,
        /// The host that answers for it.
        host: String,
    },
}

impl Asker {
    /// An error for one who has not said who they are.
    pub fn known(self) -> Result<Self, Refused> {
        match self {
            Self::Nobody => Err(Refused::Signature(Unsigned::NotSigned)),
            Self::Proven { .. } => Ok(self),
        }
    }
}

/// Whether everybody who reads documents here has to say who they are. An error where nobody reads them.
pub fn must_be_known(node: &Federation) -> Result<bool, Silence> {
    let terms = node.app().settings().terms;
    match terms.mode {
        Mode::Off => Err(Silence::Off),
        Mode::Open | Mode::Agreement => Ok(terms.signed_fetch),
    }
}

/// Finds out who asks. A signature that proves nothing is an error, not nobody.
pub async fn who(node: &Federation, asking: &Arriving<'_>) -> Result<Asker, Refused> {
    if !asking.headers.contains_key("signature") {
        return Ok(Asker::Nobody);
    }
    let checked = receive::check_signature(node, asking)?;
    let key = receive::key_of(node, &checked)?;
    let host = fold::host_of(&key).ok_or(Refused::UnusableKey("its id has no host"))?;
    // Before the key is asked for: a host that is not talked with cannot make us look at anything.
    node.may_talk(&mut node.app().reader(), &host).await?;
    let actor = receive::key::of_signer(node, &key, |key| checked.verify(key)).await?;
    let own = Url::parse(&actor).ok().as_ref().and_then(fold::host_of);
    if own.as_deref() != Some(host.as_str()) {
        return Err(Refused::UnusableKey("it is on another host than its owner"));
    }
    Ok(Asker::Proven { actor, host })
}
