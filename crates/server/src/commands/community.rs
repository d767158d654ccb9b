//! `community create`.

use crate::config::Config;
use alongside_domain::account::Email;

/// Nobody could be reached if a member of the community were in danger.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a community needs someone to reach when a member is in danger: \
     give --safeguarding-contact EMAIL, or set `contact` in the configuration"
)]
pub struct NobodyToReach;

/// Whom to reach about safeguarding: who was named, else the node's contact. Nobody, on a trial node alone.
pub fn safeguarding_contact(named: Option<Email>, config: &Config) -> Result<Option<Email>, NobodyToReach> {
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
