//! What is fuzzed of reading documents, apart from who feeds it: the fuzzer, or the test that replays the
//! corpus.

use alongside_federation::canonical::canonical;
use alongside_federation::documents::activity::Action;
use alongside_federation::documents::reference::Reference;
use alongside_federation::documents::{self, Document, discovery};
use http_signatures::keys::PublicKey;
use serde_json::Value;

const KEY: &str = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";

/// How far a text came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// It is not JSON, or no document.
    Nothing,
    /// It is a document.
    Document,
    /// It has a document inside that carries a proof.
    Proof,
}

/// Reads the input in every way in which what others send is read. Nobody has the key, so whatever it proves
/// is a forgery.
pub(crate) fn run(input: &[u8]) -> Reached {
    if let Ok(json) = serde_json::from_slice::<Value>(input) {
        let _ = discovery::webfinger(&json);
        let _ = discovery::nodeinfo_link(&json);
        let _ = discovery::software(&json);
        let spelled = canonical(&json);
        let again: Value = serde_json::from_str(&spelled).expect("what is canonical is JSON");
        assert_eq!(canonical(&again), spelled);
    }
    let Ok(document) = documents::parse(input) else { return Reached::Nothing };
    if carries_a_proof(&document) { Reached::Proof } else { Reached::Document }
}

fn carries_a_proof(document: &Document) -> bool {
    let Document::Activity(activity) = document else { return false };
    let key = PublicKey::from_multibase(KEY).expect("the key is one of FEP-521a's examples");
    if let Some(proof) = &activity.proof {
        assert!(!proof.is_by(&key));
        return true;
    }
    let (Action::Announce { objects } | Action::Create { objects }) = &activity.action else { return false };
    objects.iter().filter_map(Reference::embedded).any(carries_a_proof)
}
