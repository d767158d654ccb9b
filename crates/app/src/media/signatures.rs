//! Signatures in the addresses of files, and the one key they are made with.
//!
//! An address that carries one was written by this node. For whom is kept nowhere.

use crate::context::App;
use crate::copies::Size;
use crate::media::{Holder, Ticket};
use alongside_domain::place::{Place, Places};
use alongside_store::{error, settings};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use data_encoding::HEXLOWER;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The setting that keeps the key.
const KEY_SETTING: &str = "media.key";

/// The key of this node; it is made when it is first needed.
pub(super) async fn key(app: &App) -> Result<hmac::Key, error::Error> {
    let kept = if let Some(kept) = settings::find(&mut app.reader(), KEY_SETTING).await? {
        kept
    } else {
        let mut tx = app.store().begin().await?;
        let kept = settings::put_first(&mut tx, KEY_SETTING, &HEXLOWER.encode(&app.random::<32>())).await?;
        tx.commit().await?;
        kept
    };
    Ok(hmac::Key::new(HMAC_SHA256, kept.as_bytes()))
}

/// The ticket for the file of this name and for whom it is, good until this second.
pub(super) fn ticket(key: &hmac::Key, name: &str, until: i64, holder: Holder) -> Ticket {
    Ticket { until, signature: sign(key, &file(name, until, holder)) }
}

/// For whom a ticket for the file of this name was signed, if it is one of ours.
pub(super) fn holder(key: &hmac::Key, name: &str, ticket: &Ticket) -> Option<Holder> {
    let is_of = |holder: &Holder| verify(key, &file(name, ticket.until, *holder), &ticket.signature);
    [Holder::Reader, Holder::Staff].into_iter().find(is_of)
}

/// The address of a copy of what lies elsewhere, good until this second, or for ever if that is nought.
pub(super) fn copy_address(places: &Places, key: &hmac::Key, url: &str, size: Size, until: i64) -> String {
    let signature = sign(key, &copy(url, size, until));
    let url = BASE64_URL_SAFE_NO_PAD.encode(url);
    places.of(Place::Copy(&format!("{}.{until}.{signature}.{url}", size.as_str())))
}

/// What such an address leads to, if it is one of ours: a copy of which file, how large, and until when.
pub(super) fn read_copy(key: &hmac::Key, ticket: &str) -> Option<(String, Size, i64)> {
    let [size, until, signature, url] = *ticket.split('.').collect::<Vec<_>>() else { return None };
    let url = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(url).ok()?).ok()?;
    let (size, until): (Size, i64) = (size.parse().ok()?, until.parse().ok()?);
    verify(key, &copy(&url, size, until), signature).then_some((url, size, until))
}

/// The same addresses of the node, and with them those of copies, once the key is there.
pub(crate) fn giving_copies(places: Places, key: Arc<OnceCell<hmac::Key>>) -> Places {
    let plain = places.clone();
    places.with_copies(move |url| Some(copy_address(&plain, key.get()?, url, Size::Original, 0)))
}

fn file(name: &str, until: i64, holder: Holder) -> String {
    let staff = if holder == Holder::Staff { "staff:" } else { "" };
    format!("{staff}{until}:{name}")
}

fn copy(url: &str, size: Size, until: i64) -> String {
    format!("copy:{}:{until}:{url}", size.as_str())
}

fn sign(key: &hmac::Key, text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(hmac::sign(key, text.as_bytes()))
}

fn verify(key: &hmac::Key, text: &str, signature: &str) -> bool {
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    hmac::verify(key, text.as_bytes(), &signature).is_ok()
}
