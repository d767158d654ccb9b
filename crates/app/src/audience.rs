//! To which other nodes goes what is for the members of a community.

use alongside_domain::fold;
use alongside_store::error::Error;
use alongside_store::hosts;
use alongside_store::session::Session;
use url::Url;

/// Whether what is for members may go to a host: to those in this node's federation agreement of which
/// the operator says so, and nowhere else. Asked before somebody there is let in, before each delivery, and
/// before anything is shown.
pub async fn may_go_to(session: &mut impl Session, host: &str) -> Result<bool, Error> {
    Ok(hosts::standing(session, &fold::host(host)).await?.takes_members_only())
}

/// As [`may_go_to`], for the host of an address.
pub async fn may_go_to_host_of(session: &mut impl Session, address: &str) -> Result<bool, Error> {
    match Url::parse(address).ok().as_ref().and_then(fold::host_of) {
        Some(host) => may_go_to(session, &host).await,
        None => Ok(false),
    }
}
