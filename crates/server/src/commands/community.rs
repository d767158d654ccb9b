//! `community create` and `community describe`.

use crate::cli;
use crate::config::Config;
use alongside_app::communities::settings::{self, Changes};
use alongside_app::communities::{self, NewCommunity};
use alongside_app::context::App;
use alongside_domain::account::Email;
use alongside_domain::actor::Actor;
use alongside_domain::fold::fold;
use alongside_domain::id::CommunityId;
use alongside_store::{actors, error};

/// A community that was opened.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// What is said about it.
    pub says: String,
    /// What the operator should know as well.
    pub warning: Option<&'static str>,
}

/// Why no community was opened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody could be reached.
    #[error(transparent)]
    NobodyToReach(#[from] NobodyToReach),
    /// There is no such community here.
    #[error("this node has no community {0}")]
    NoCommunity(String),
    /// The node would not open or change it.
    #[error(transparent)]
    Refused(#[from] communities::Error),
    /// The store could not do it.
    #[error("the community cannot be read")]
    Store(#[from] error::Error),
}

/// Nobody could be reached if a member of the community were in danger.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a community needs someone to reach when a member is in danger: \
     give --safeguarding-contact EMAIL, or set `contact` in the configuration"
)]
pub struct NobodyToReach;

/// Opens a community, and says where it is.
pub async fn create(app: &App, config: &Config, new: cli::community::NewCommunity) -> Result<Opened, Error> {
    let contact = safeguarding_contact(new.safeguarding_contact, config)?;
    let warning = contact.is_none().then_some(
        "nobody is named to reach when a member is in danger. That is for trials on this machine; a node that \
         others can reach refuses it",
    );
    let new = NewCommunity {
        handle: new.name,
        title: new.title,
        summary: String::new(),
        audience: new.audience,
        join_policy: new.join,
        safeguarding_contact: contact.map(|contact| contact.as_str().to_owned()),
    };
    communities::create(app, &new).await?;
    Ok(Opened { says: format!("@{}@{} is open.", new.handle, app.places().host()), warning })
}

/// Changes what a community says of itself, and says so.
pub async fn describe(app: &App, says: cli::community::Description) -> Result<String, Error> {
    let handle = says.community.as_str();
    let found = actors::find_by_address(&mut app.reader(), &fold(handle), "").await?;
    let group = found.filter(Actor::is_community).ok_or_else(|| Error::NoCommunity(handle.to_owned()))?;
    let changes = Changes {
        title: says.title,
        summary: says.about,
        rules: Some(says.rules).filter(|rules| !rules.is_empty()),
        staffed_hours: says.staffed_hours,
        avatar: None,
        header: None,
    };
    settings::update_as_operator(app, CommunityId::of(group.id), &changes).await?;
    Ok(format!("@{handle} says so now."))
}

/// Whom to reach about safeguarding: who was named, else the node's contact. Nobody, on a trial node alone.
fn safeguarding_contact(named: Option<Email>, config: &Config) -> Result<Option<Email>, NobodyToReach> {
    match named.or_else(|| config.contact.clone()) {
        Some(contact) => Ok(Some(contact)),
        None if config.url.is_loopback() => Ok(None),
        None => Err(NobodyToReach),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_community_opens_only_where_someone_can_be_reached() {
        let address = |text| Email::parse(text).unwrap();
        let trial = Config::default();
        let public = Config { url: "https://community.example.org".parse().unwrap(), ..Config::default() };
        let reachable = Config { contact: Some(address("node@example.org")), ..public.clone() };
        let named = Some(address("sleep@example.org"));
        assert_eq!(safeguarding_contact(named.clone(), &reachable), Ok(named));
        assert_eq!(safeguarding_contact(None, &reachable), Ok(reachable.contact.clone()));
        assert_eq!(safeguarding_contact(None, &public), Err(NobodyToReach));
        assert_eq!(safeguarding_contact(None, &trial), Ok(None));
    }
}
