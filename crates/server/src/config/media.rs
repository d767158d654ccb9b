//! The settings about files: where they are kept, and what is done with them.

use crate::config::field;
use crate::config::value::{Secret, ServiceAddress};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where files are kept, and what is done with them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table of settings")]
pub struct Media {
    /// The bucket that keeps them; absent, the data folder does.
    pub bucket: Option<String>,
    /// The service the bucket is at; absent, Amazon's.
    pub endpoint: Option<ServiceAddress>,
    /// The region of the bucket.
    pub region: Option<String>,
    /// The name of the key to it.
    pub key_id: Option<String>,
    /// The secret of that key.
    pub secret_key: Option<Secret>,
    /// Whether those who may see a file are sent to the bucket for it.
    pub presigned: bool,
    /// Whether films and sounds are taken.
    pub films: bool,
    /// The folder of the programs that encode them; absent, where programs are.
    pub ffmpeg: Option<PathBuf>,
    /// Whether members get copies of what lies elsewhere.
    pub copies: bool,
    /// Bytes that all copies may take.
    #[serde(deserialize_with = "field::whole::<1_048_576, 1_099_511_627_776, _, _>")]
    pub copies_bytes: i64,
    /// Days that a copy is kept which nobody looks at.
    #[serde(deserialize_with = "field::whole::<1, 365, _, _>")]
    pub copies_days: u16,
}

impl Default for Media {
    fn default() -> Self {
        Self {
            bucket: None,
            endpoint: None,
            region: None,
            key_id: None,
            secret_key: None,
            presigned: false,
            films: true,
            ffmpeg: None,
            copies: false,
            copies_bytes: 1_073_741_824,
            copies_days: 7,
        }
    }
}

impl Media {
    /// What is right by itself and wrong together: the key, whether it is wrong, and what would be right.
    pub(super) fn clashes(&self) -> [(&'static str, bool, &'static str); 6] {
        let (kept, needed) = (self.bucket.is_some(), "must be set where `media.bucket` is");
        let unused = "has no use without `media.bucket`: name the bucket, or remove it";
        [
            ("media.region", kept && self.region.is_none(), needed),
            ("media.key_id", kept && self.key_id.is_none(), needed),
            ("media.secret_key", kept && self.secret_key.is_none(), needed),
            ("media.endpoint", !kept && self.endpoint.is_some(), unused),
            ("media.presigned", !kept && self.presigned, unused),
            (
                "media.bucket",
                self.bucket.as_deref().is_some_and(|name| !is_bucket(name)),
                "must be the name of a bucket, such as \"alongside-media\"",
            ),
        ]
    }
}

/// Whether a name is one that every service takes for a bucket.
fn is_bucket(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    (3..=63).contains(&name.len()) && name.bytes().all(fits)
}
