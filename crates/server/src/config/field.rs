//! How plain fields are read: numbers, names and lists that have bounds but no type of their own.

use crate::config::network::Network;
use crate::config::value::LoopbackHost;
use alongside_domain::account::Email;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;
use std::path::PathBuf;

const TITLE_CHARS_MAX: usize = 60;

/// A whole number within bounds.
pub(super) fn whole<'de, const MIN: u64, const MAX: u64, T, D>(input: D) -> Result<T, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    struct Bounds<const MIN: u64, const MAX: u64, T>(PhantomData<T>);

    impl<const MIN: u64, const MAX: u64, T: TryFrom<u64>> Visitor<'_> for Bounds<MIN, MAX, T> {
        type Value = T;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(out, "a whole number from {MIN} to {MAX}")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
            let within = u64::try_from(number).ok().filter(|number| (MIN..=MAX).contains(number));
            (within.and_then(|number| T::try_from(number).ok()))
                .ok_or_else(|| E::invalid_value(Unexpected::Signed(number), &self))
        }
    }

    input.deserialize_i64(Bounds::<MIN, MAX, T>(PhantomData))
}

/// A whole number within bounds, where one is set.
pub(super) fn maybe_whole<'de, const MIN: u64, const MAX: u64, T, D>(input: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    whole::<MIN, MAX, T, D>(input).map(Some)
}

/// An address and a port to listen on.
pub(super) fn listen<'de, D: Deserializer<'de>>(input: D) -> Result<SocketAddr, D::Error> {
    match String::deserialize(input)?.parse::<SocketAddr>() {
        Ok(address) if address.port() != 0 => Ok(address),
        Ok(_) | Err(_) => Err(D::Error::custom("must be an address and a port, such as \"127.0.0.1:8080\"")),
    }
}

/// A list of hosts on this machine.
pub(super) fn loopback_hosts<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<LoopbackHost>, D::Error> {
    Vec::deserialize(input).map_err(|_| D::Error::custom(LoopbackHost::ACCEPTED))
}

/// A list of addresses and networks.
pub(super) fn networks<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<Network>, D::Error> {
    Vec::deserialize(input).map_err(|_| D::Error::custom(Network::ACCEPTED))
}

/// The name of a folder.
pub(super) fn folder<'de, D: Deserializer<'de>>(input: D) -> Result<PathBuf, D::Error> {
    match String::deserialize(input)? {
        text if text.trim().is_empty() => Err(D::Error::custom("must name a folder, such as \"./data\"")),
        text => Ok(text.into()),
    }
}

/// A short line of text.
pub(super) fn title<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let text = String::deserialize(input)?.trim().to_owned();
    if (1..=TITLE_CHARS_MAX).contains(&text.chars().count()) && !text.contains(char::is_control) {
        Ok(text)
    } else {
        Err(D::Error::custom(format_args!("must be one line of 1 to {TITLE_CHARS_MAX} characters")))
    }
}

/// An e-mail address, or none.
pub(super) mod email {
    use super::{Deserialize, Deserializer, Email, Error};
    use serde::Serializer;

    /// Reads it.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Email>, D::Error> {
        let text = String::deserialize(input)?;
        let accepted = "must be an e-mail address, such as \"safeguarding@example.org\"";
        Email::parse(&text).map(Some).map_err(|_| D::Error::custom(accepted))
    }

    /// Writes it.
    #[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
    pub(crate) fn serialize<S: Serializer>(email: &Option<Email>, output: S) -> Result<S::Ok, S::Error> {
        match email {
            Some(email) => output.serialize_str(email.as_str()),
            None => output.serialize_none(),
        }
    }
}

/// With whom the node talks.
pub(super) mod mode {
    use super::{Deserialize, Deserializer, Error};
    use alongside_domain::agreement::Mode;
    use serde::Serializer;

    /// Reads it.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Mode, D::Error> {
        let accepted = "must be \"open\", \"agreement\" or \"off\"";
        String::deserialize(input)?.parse().map_err(|_| D::Error::custom(accepted))
    }

    /// Writes it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over the field as it is")]
    pub(crate) fn serialize<S: Serializer>(mode: &Mode, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_str(mode.as_str())
    }
}

/// Who may open an account for themselves.
pub(super) mod registrations {
    use super::{Deserialize, Deserializer, Error};
    use alongside_domain::sign_up::Registrations;
    use serde::Serializer;

    /// Reads it.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Registrations, D::Error> {
        let accepted = "must be \"closed\", \"approval\" or \"open\"";
        String::deserialize(input)?.parse().map_err(|_| D::Error::custom(accepted))
    }

    /// Writes it.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over the field as it is")]
    pub(crate) fn serialize<S: Serializer>(
        registrations: &Registrations,
        output: S,
    ) -> Result<S::Ok, S::Error> {
        output.serialize_str(registrations.as_str())
    }
}
