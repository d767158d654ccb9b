//! RFC 9421 HTTP Message Signatures, for requests: `Signature-Input` says what is covered,
//! `Signature` holds the signature, both structured fields under one label.

use form_urlencoded::parse as parse_query;
use http::{HeaderMap, HeaderName};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sfv::{
    BareItem, Dictionary, InnerList, Item, ItemSerializer, ListEntry, ListSerializer, Parameters, Parser,
};

use crate::algorithm::Algorithm;
use crate::digest;
use crate::policy::Policy;
use crate::refused::Refused;
use crate::request::{Request, joined};
use crate::time::UnixSeconds;
use crate::verify::{COMPONENTS_MAX, Checked, SIGNATURE, SIGNATURE_INPUT};

/// What `@query-param` leaves as it is (RFC 9421, 2.2.8): the form-urlencoded set.
const QUERY_PARAM_SET: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// The one usable signature of a request, parsed; nothing in it is believed yet.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) key_id: String,
    claimed: Option<Algorithm>,
    created: UnixSeconds,
    expires: Option<UnixSeconds>,
    input: InnerList,
    signature: Vec<u8>,
}

/// Reads `Signature-Input` and `Signature`.
pub(crate) fn parse(headers: &HeaderMap) -> Result<Parsed, Refused> {
    let inputs = dictionary(headers, &SIGNATURE_INPUT, "Signature-Input")?;
    let signatures = dictionary(headers, &SIGNATURE, "Signature")?;
    let mut usable: Vec<(ListEntry, &ListEntry)> = inputs
        .into_iter()
        .filter_map(|(label, input)| signatures.get(&label).map(|signature| (input, signature)))
        .collect();
    let count = usable.len();
    let (Some((input, signature)), 1) = (usable.pop(), count) else {
        return Err(Refused::SignatureCount(count));
    };
    let ListEntry::InnerList(input) = input else { return Err(malformed()) };
    let ListEntry::Item(Item { bare_item: BareItem::ByteSequence(signature), .. }) = signature else {
        return Err(Refused::Malformed("Signature"));
    };
    check_components(&input.items)?;
    let parameters = &input.params;
    Ok(Parsed {
        key_id: string(parameters, "keyid")?.ok_or(Refused::MissingParameter("keyid"))?.to_owned(),
        claimed: string(parameters, "alg")?.map(Algorithm::from_rfc9421).transpose()?,
        created: time(parameters, "created")?.ok_or(Refused::MissingParameter("created"))?,
        expires: time(parameters, "expires")?,
        signature: signature.clone(),
        input,
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
        policy.demand(self.covers("@method"), "@method")?;
        policy.demand(self.covers("@target-uri"), "@target-uri")?;
        policy.check_time(self.created, self.expires, now)?;
        policy.demand(self.covers("content-digest") || !request.needs_digest(), "content-digest")?;
        digest::check_covered(request, policy, |name| self.covers(name))?;
        Ok(Checked {
            bases: vec![signature_base(&self.input, request)?],
            key_id: self.key_id,
            claimed: self.claimed,
            signature: self.signature,
            rsa_bits_min: policy.rsa_bits_min,
        })
    }

    /// Whether a component is covered as it is; one with parameters is another component.
    fn covers(&self, name: &str) -> bool {
        self.input.items.iter().any(|item| item.params.is_empty() && component_name(item) == Some(name))
    }
}

/// The text that is signed (RFC 9421, 2.5).
pub(crate) fn signature_base(input: &InnerList, request: &Request<'_>) -> Result<Vec<u8>, Refused> {
    let mut base = Vec::new();
    for item in &input.items {
        base.extend_from_slice(identifier(item).as_bytes());
        base.extend_from_slice(b": ");
        base.extend_from_slice(&component_value(item, request)?);
        base.push(b'\n');
    }
    base.extend_from_slice(b"\"@signature-params\": ");
    base.extend_from_slice(signature_params(input).as_bytes());
    Ok(base)
}

/// The covered components and parameters, as they stand in `Signature-Input` after the label.
pub(crate) fn signature_params(input: &InnerList) -> String {
    let mut serializer = ListSerializer::new();
    serializer.members([&ListEntry::InnerList(input.clone())]);
    serializer.finish().expect("a list with one member is not empty")
}

/// What one component is worth in this request (RFC 9421, 2.1 and 2.2).
fn component_value(item: &Item, request: &Request<'_>) -> Result<Vec<u8>, Refused> {
    let unsupported = || Refused::UnsupportedComponent(identifier(item));
    let name = component_name(item).ok_or_else(unsupported)?;
    if name == "@query-param" {
        return query_param(item, request).map(String::into_bytes).ok_or_else(unsupported);
    }
    if !item.params.is_empty() {
        return Err(unsupported());
    }
    let target = request.target;
    let derived = match name {
        "@method" => request.method.as_str().to_owned(),
        "@target-uri" => format!("{}://{}{}", target.scheme(), target.authority(), target.path_and_query()),
        "@authority" => target.authority().to_owned(),
        "@scheme" => target.scheme().to_owned(),
        "@request-target" => target.path_and_query(),
        "@path" => target.path().to_owned(),
        "@query" => format!("?{}", target.query().unwrap_or_default()),
        field => {
            let lower_case = !field.bytes().any(|byte| byte.is_ascii_uppercase());
            let header = HeaderName::from_bytes(field.as_bytes()).ok().filter(|_| lower_case);
            return request.header(&header.ok_or_else(unsupported)?);
        }
    };
    Ok(derived.into_bytes())
}

/// The value of the query parameter named in `"@query-param";name="…"`, if there is exactly one.
fn query_param(item: &Item, request: &Request<'_>) -> Option<String> {
    let wanted = string(&item.params, "name").ok()?.filter(|_| item.params.len() == 1)?;
    let wanted = percent_decode_str(wanted).decode_utf8().ok()?;
    let query = request.target.query()?;
    let mut values = parse_query(query.as_bytes()).filter(|(name, _)| *name == wanted);
    let (_, value) = values.next()?;
    match values.next() {
        Some(_) => None,
        None => Some(utf8_percent_encode(&value, QUERY_PARAM_SET).to_string()),
    }
}

/// Components are strings, not too many, each once.
fn check_components(items: &[Item]) -> Result<(), Refused> {
    if items.len() > COMPONENTS_MAX {
        return Err(Refused::TooLarge);
    }
    for (index, item) in items.iter().enumerate() {
        if component_name(item).is_none() {
            return Err(malformed());
        }
        if items.iter().take(index).any(|earlier| earlier == item) {
            return Err(Refused::RepeatedComponent(identifier(item)));
        }
    }
    Ok(())
}

fn component_name(item: &Item) -> Option<&str> {
    item.bare_item.as_string().map(sfv::StringRef::as_str)
}

/// A component's name with its parameters, as it stands in the signature base.
fn identifier(item: &Item) -> String {
    ItemSerializer::new().bare_item(&item.bare_item).parameters(&item.params).finish()
}

fn dictionary(headers: &HeaderMap, name: &HeaderName, shown: &'static str) -> Result<Dictionary, Refused> {
    let value = joined(headers, name).ok_or(Refused::NotSigned)?;
    Parser::new(&value).parse().map_err(|_| Refused::Malformed(shown))
}

fn string<'a>(parameters: &'a Parameters, name: &str) -> Result<Option<&'a str>, Refused> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    value.as_string().map(|text| Some(text.as_str())).ok_or_else(malformed)
}

fn time(parameters: &Parameters, name: &str) -> Result<Option<UnixSeconds>, Refused> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    value.as_integer().map(|secs| Some(UnixSeconds(secs.into()))).ok_or_else(malformed)
}

fn malformed() -> Refused {
    Refused::Malformed("Signature-Input")
}

#[cfg(test)]
mod tests {
    use http::Method;
    use sfv::FieldType;

    use super::*;
    use crate::request::Target;

    /// The line that a component adds for a GET of a URL.
    fn line(component: &str, url: &str) -> Result<String, Refused> {
        let target = Target::new(&url.parse().unwrap()).unwrap();
        let headers = HeaderMap::new();
        let request = Request { method: &Method::GET, target: &target, headers: &headers, body: b"" };
        let item: Item = Parser::new(component).parse().unwrap();
        let value = component_value(&item, &request)?;
        Ok(format!("{}: {}", item.serialize(), String::from_utf8(value).unwrap()))
    }

    #[test]
    fn derived_components_are_what_section_2_2_says() {
        let url = "https://www.Example.com:443/path?param=value";
        for (component, value) in [
            ("\"@method\"", "GET"),
            ("\"@target-uri\"", "https://www.example.com/path?param=value"),
            ("\"@authority\"", "www.example.com"),
            ("\"@scheme\"", "https"),
            ("\"@request-target\"", "/path?param=value"),
            ("\"@path\"", "/path"),
            ("\"@query\"", "?param=value"),
        ] {
            assert_eq!(line(component, url), Ok(format!("{component}: {value}")));
        }
        assert_eq!(line("\"@query\"", "https://www.example.com"), Ok("\"@query\": ?".to_owned()));
    }

    #[test]
    fn query_parameters_are_decoded_and_encoded_again() {
        let url = "https://www.example.com/?var=this%20is%20a%20big%0Amultiline%20value\
                   &bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something";
        for (name, value) in [
            ("var", "this%20is%20a%20big%0Amultiline%20value"),
            ("bar", "with%20plus%20whitespace"),
            ("fa%C3%A7ade%22%3A%20", "something"),
        ] {
            let component = format!("\"@query-param\";name=\"{name}\"");
            assert_eq!(line(&component, url), Ok(format!("{component}: {value}")));
        }
    }

    #[test]
    fn a_query_parameter_must_be_there_once() {
        let component = "\"@query-param\";name=\"a\"";
        for url in ["https://e.example/", "https://e.example/?b=1", "https://e.example/?a=1&a=2"] {
            assert_eq!(line(component, url), Err(Refused::UnsupportedComponent(component.to_owned())));
        }
    }
}
