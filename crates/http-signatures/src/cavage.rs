//! draft-cavage-http-signatures-12: one `Signature` header of parameters, over a list of headers
//! and the pseudo-headers `(request-target)`, `(created)` and `(expires)`.

use base64::prelude::{BASE64_STANDARD, Engine};
use http::header::DATE;
use http::{HeaderMap, HeaderName};

use crate::algorithm::Algorithm;
use crate::digest;
use crate::policy::Policy;
use crate::refused::Refused;
use crate::request::Request;
use crate::time::UnixSeconds;
use crate::verify::{COMPONENTS_MAX, Checked, SIGNATURE};

/// One thing that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Component {
    /// `(request-target)`: method, path and query.
    RequestTarget,
    /// `(created)`: the parameter of that name.
    Created,
    /// `(expires)`: the parameter of that name.
    Expires,
    /// A header.
    Header(HeaderName),
}

/// A `Signature` header, parsed; nothing in it is believed yet.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) key_id: String,
    claimed: Option<Algorithm>,
    times: Times,
    components: Vec<Component>,
    signature: Vec<u8>,
}

/// The times a signature carries as parameters.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    created: Option<UnixSeconds>,
    expires: Option<UnixSeconds>,
}

/// Reads the `Signature` header.
pub(crate) fn parse(headers: &HeaderMap) -> Result<Parsed, Refused> {
    let mut values = headers.get_all(SIGNATURE).iter();
    let value = values.next().ok_or(Refused::NotSigned)?;
    if values.next().is_some() {
        return Err(Refused::RepeatedHeader(SIGNATURE));
    }
    let parameters = Parameters::parse(value.to_str().map_err(|_| malformed())?)?;
    let claimed = match parameters.get("algorithm") {
        Some(name) => Algorithm::from_cavage(name)?,
        None => None,
    };
    let components = parse_components(parameters.get("headers").unwrap_or("date"))?;
    let has_times = components.contains(&Component::Created) || components.contains(&Component::Expires);
    if has_times && claimed.is_some() {
        return Err(Refused::TimeNeedsHs2019);
    }
    let signature = parameters.require("signature")?;
    Ok(Parsed {
        key_id: parameters.require("keyId")?.to_owned(),
        claimed,
        times: Times { created: parameters.time("created")?, expires: parameters.time("expires")? },
        components,
        signature: BASE64_STANDARD.decode(signature).map_err(|_| malformed())?,
    })
}

impl Parsed {
    /// Everything that can be checked without the key.
    pub(crate) fn check(
        self,
        request: &Request<'_>,
        policy: &Policy,
        now: UnixSeconds,
    ) -> Result<Checked, Refused> {
        policy.demand(self.covers("(request-target)"), "(request-target)")?;
        policy.demand(self.covers("host"), "host")?;
        policy.check_time(self.signed_at(request)?, self.times.expires, now)?;
        policy.demand(self.covers("digest") || !request.needs_digest(), "digest")?;
        digest::check_covered(request, policy, |name| self.covers(name))?;

        let bases = request_targets(request, policy)
            .iter()
            .map(|path_and_query| signing_string(&self.components, request, path_and_query, self.times))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Checked {
            key_id: self.key_id,
            claimed: self.claimed,
            signature: self.signature,
            bases,
            rsa_bits_min: policy.rsa_bits_min,
        })
    }

    fn covers(&self, name: &str) -> bool {
        self.components.iter().any(|component| component.name() == name)
    }

    fn signed_at(&self, request: &Request<'_>) -> Result<UnixSeconds, Refused> {
        if self.covers("(created)") {
            return self.times.created.ok_or(Refused::MissingParameter("created"));
        }
        if !self.covers("date") {
            return Err(Refused::NotCovered("date or (created)"));
        }
        let date = request.single_text(&DATE, "Date")?;
        UnixSeconds::from_http_date(date).ok_or(Refused::Malformed("Date"))
    }
}

impl Component {
    fn parse(name: &str) -> Result<Self, Refused> {
        match name {
            "(request-target)" => Ok(Self::RequestTarget),
            "(created)" => Ok(Self::Created),
            "(expires)" => Ok(Self::Expires),
            header => match HeaderName::from_bytes(header.as_bytes()) {
                Ok(header) => Ok(Self::Header(header)),
                Err(_) => Err(Refused::UnsupportedComponent(header.to_owned())),
            },
        }
    }

    /// The name as it stands in `headers` and in the signing string.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::RequestTarget => "(request-target)",
            Self::Created => "(created)",
            Self::Expires => "(expires)",
            Self::Header(header) => header.as_str(),
        }
    }
}

/// The text that is signed: a line for each component, in the order of `headers`.
pub(crate) fn signing_string(
    components: &[Component],
    request: &Request<'_>,
    path_and_query: &str,
    times: Times,
) -> Result<Vec<u8>, Refused> {
    let time = |time: Option<UnixSeconds>, name| match time {
        Some(UnixSeconds(secs)) => Ok(secs.to_string().into_bytes()),
        None => Err(Refused::MissingParameter(name)),
    };
    let mut lines = Vec::with_capacity(components.len());
    for component in components {
        let value = match component {
            Component::RequestTarget => {
                let method = request.method.as_str().to_ascii_lowercase();
                format!("{method} {path_and_query}").into_bytes()
            }
            Component::Created => time(times.created, "created")?,
            Component::Expires => time(times.expires, "expires")?,
            Component::Header(name) => request.header(name)?,
        };
        lines.push([component.name().as_bytes(), b": ", &value].concat());
    }
    Ok(lines.join(&b'\n'))
}

/// The paths a signer may have meant: some leave out the query.
fn request_targets(request: &Request<'_>, policy: &Policy) -> Vec<String> {
    let mut targets = vec![request.target.path_and_query()];
    let has_query = request.target.query().is_some();
    if policy.query_optional && has_query {
        targets.push(request.target.path().to_owned());
    }
    targets
}

fn parse_components(list: &str) -> Result<Vec<Component>, Refused> {
    let mut components = Vec::new();
    for name in list.split_ascii_whitespace() {
        let component = Component::parse(&name.to_ascii_lowercase())?;
        if components.contains(&component) {
            return Err(Refused::RepeatedComponent(component.name().to_owned()));
        }
        if components.len() == COMPONENTS_MAX {
            return Err(Refused::TooLarge);
        }
        components.push(component);
    }
    if components.is_empty() { Err(malformed()) } else { Ok(components) }
}

/// The header's parameters: names, each once, with quoted or bare values.
struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    fn parse(mut rest: &'a str) -> Result<Self, Refused> {
        let mut found = Self(Vec::new());
        loop {
            let (name, after) = rest.split_once('=').ok_or_else(malformed)?;
            let (value, after) = split_value(after.trim_ascii_start())?;
            let name = name.trim_ascii();
            if name.is_empty() || found.get(name).is_some() {
                return Err(malformed());
            }
            if found.0.len() == COMPONENTS_MAX {
                return Err(Refused::TooLarge);
            }
            found.0.push((name, value));
            let after = after.trim_ascii_start();
            if after.is_empty() {
                return Ok(found);
            }
            rest = after.strip_prefix(',').ok_or_else(malformed)?;
        }
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    fn require(&self, name: &'static str) -> Result<&'a str, Refused> {
        self.get(name).filter(|value| !value.is_empty()).ok_or(Refused::MissingParameter(name))
    }

    fn time(&self, name: &str) -> Result<Option<UnixSeconds>, Refused> {
        let secs = self.get(name).map(str::parse).transpose();
        secs.map(|secs| secs.map(UnixSeconds)).map_err(|_| malformed())
    }
}

/// Splits a value from what follows it. Escapes are refused: no honest value needs one.
fn split_value(text: &str) -> Result<(&str, &str), Refused> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return Ok((value.trim_ascii_end(), rest));
    };
    let (value, rest) = quoted.split_once('"').ok_or_else(malformed)?;
    if value.contains('\\') { Err(malformed()) } else { Ok((value, rest)) }
}

fn malformed() -> Refused {
    Refused::Malformed("Signature")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn parsed(header: &str) -> Result<Parsed, Refused> {
        parse(&HeaderMap::from_iter([(SIGNATURE, HeaderValue::from_str(header).unwrap())]))
    }

    #[test]
    fn parameters_may_be_quoted_or_bare_and_spaced() {
        let found = parsed(r#"keyId="k" , created=5,expires="6", x=, headers="(created)",signature="AA==""#);
        let found = found.unwrap();
        assert_eq!(found.key_id, "k");
        assert_eq!(found.times.created, Some(UnixSeconds(5)));
        assert_eq!(found.times.expires, Some(UnixSeconds(6)));
        assert_eq!(found.components, [Component::Created]);
        assert_eq!(found.signature, [0]);
    }

    #[test]
    fn broken_headers_are_malformed() {
        for header in [
            "",
            "keyId",
            "=x",
            r#"keyId="k"#,
            r#"keyId="k" signature="AA==""#,
            r#"keyId="k",keyId="k",signature="AA==""#,
            r#"keyId="k\"",signature="AA==""#,
            r#"keyId="k",signature="!""#,
            r#"keyId="k",created=soon,signature="AA==""#,
            r#"keyId="k",headers="",signature="AA==""#,
        ] {
            assert_eq!(parsed(header).unwrap_err(), malformed(), "{header}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(parse(&HeaderMap::new()).unwrap_err(), Refused::NotSigned);
        let no_key = parsed(r#"signature="AA==""#).unwrap_err();
        assert_eq!(no_key, Refused::MissingParameter("keyId"));
        let no_signature = parsed(r#"keyId="k",signature="""#).unwrap_err();
        assert_eq!(no_signature, Refused::MissingParameter("signature"));
    }

    #[test]
    fn components_are_known_and_named_once() {
        let headers = |list: &str| parse_components(list).unwrap_err();
        assert_eq!(headers("date Date"), Refused::RepeatedComponent("date".to_owned()));
        assert_eq!(headers("(status)"), Refused::UnsupportedComponent("(status)".to_owned()));
        let many: Vec<String> = (0..=COMPONENTS_MAX).map(|n| format!("x-{n}")).collect();
        assert_eq!(headers(&many.join(" ")), Refused::TooLarge);
    }
}
