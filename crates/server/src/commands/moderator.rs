//! `community moderator add` and `community moderator remove`: who looks after a community, as the operator
//! decides. The community itself takes the measure.

use alongside_app::effects::Via;
use alongside_app::moderation;
use alongside_domain::actor::{Actor, Address, Handle};
use alongside_domain::id::CommunityId;
use alongside_domain::moderation::Measure;
use alongside_federation::node::Federation;
use alongside_federation::resolve;
use alongside_store::{actors, error};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such community here.
    #[error("this node has no community {0}")]
    NoCommunity(String),
    /// Nobody was found.
    #[error("nobody was found at @{0}")]
    Nobody(Address, #[source] Box<resolve::Error>),
    /// The measure was not taken.
    #[error(transparent)]
    Refused(#[from] moderation::Error),
    /// The store could not do it.
    #[error("the community cannot be read")]
    Store(#[from] error::Error),
}

/// Makes somebody look after a community; they may live on another node.
pub async fn add(node: &Federation, community: &Handle, who: &Address) -> Result<String, Error> {
    let (group, person) = found(node, community, who).await?;
    Ok(if take(node, &group, Measure::Appoint(person.id)).await? {
        format!("@{} looks after @{community} now.", person.acct())
    } else {
        format!("@{} looked after @{community} before.", person.acct())
    })
}

/// Ends that somebody looks after a community.
pub async fn remove(node: &Federation, community: &Handle, who: &Address) -> Result<String, Error> {
    let (group, person) = found(node, community, who).await?;
    Ok(if take(node, &group, Measure::Dismiss(person.id)).await? {
        format!("@{} does not look after @{community} any more.", person.acct())
    } else {
        format!("@{} did not look after @{community}.", person.acct())
    })
}

async fn found(node: &Federation, community: &Handle, who: &Address) -> Result<(Actor, Actor), Error> {
    let group = actors::find_by_address(&mut node.app().reader(), community.as_str(), "").await?;
    let group = group.filter(|group| group.is_community() && group.is_present());
    let group = group.ok_or_else(|| Error::NoCommunity(community.to_string()))?;
    let person = resolve::address(node, who).await;
    let person = person.map_err(|error| Error::Nobody(who.clone(), Box::new(error)))?;
    Ok((group, person))
}

async fn take(node: &Federation, group: &Actor, measure: Measure) -> Result<bool, Error> {
    Ok(moderation::take(node.app(), group, CommunityId::of(group.id), measure, "", Via::Here).await?)
}
