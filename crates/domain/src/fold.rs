//! One spelling for comparing: what two people would call the same handle, address or word.
//!
//! Folding happens here and the folded text is stored, because the two engines disagree on case
//! outside ASCII.

use url::{Host, Url};

/// Lower case and trimmed, for handles, e-mail addresses, hosts and search.
pub fn fold(text: &str) -> String {
    text.trim().chars().flat_map(char::to_lowercase).collect()
}

/// The words of a text, folded and separated by single spaces, for the search index.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// A host as it is compared and kept: in ASCII (IDNA), in lower case, without a dot at its end, invisible
/// characters, or the port that https has anyway. What is no name of a host is only folded.
pub fn host(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
        .collect();
    let folded = fold(&visible);
    let (name, port) = name_and_port(&folded);
    let name = name.trim_end_matches('.');
    let name = Host::parse(name).map_or_else(|_| name.to_owned(), |host| host.to_string());
    let name = name.trim_end_matches('.');
    match port {
        Some(port) if port != HTTPS_PORT => format!("{name}:{port}"),
        Some(_) | None => name.to_owned(),
    }
}

/// The name of a host as somebody wrote it, in the spelling of [`host`]; none if it is no such name.
pub fn name_of_host(text: &str) -> Option<String> {
    let name = host(text);
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '[' | ']')) {
        return None;
    }
    let url = Url::parse(&format!("https://{name}")).ok()?;
    let origin = url.origin().ascii_serialization();
    let is_bare = url.as_str().strip_suffix('/') == Some(&origin);
    (is_bare && origin.strip_prefix("https://") == Some(&name)).then_some(name)
}

/// The host in an address, as [`host`] spells it.
pub fn host_of(address: &Url) -> Option<String> {
    let name = address.host_str()?;
    Some(host(&address.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))))
}

/// The port a host is reached at where none is named.
const HTTPS_PORT: u16 = 443;

fn name_and_port(host: &str) -> (&str, Option<u16>) {
    match host.rsplit_once(':') {
        // Colons within an address of IPv6 stand in brackets.
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => {
            port.parse().map_or((host, None), |port| (name, Some(port)))
        }
        Some(_) | None => (host, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_is_the_same_for_what_looks_the_same() {
        assert_eq!(fold(" ÉMILIE "), "émilie");
        assert_eq!(words("Can't sleep… at 2 AM!"), "can t sleep at 2 am");
    }

    #[test]
    fn cve_2023_42451_a_host_has_one_spelling_when_it_is_decided_about() {
        for spelling in [
            "example.org",
            "Example.ORG",
            "example.org.",
            " example.org ",
            "exa\u{200b}mple.org",
            "exam\u{ad}ple\u{2060}.org\u{feff}",
            "example.org:443",
            "example.org.:443",
            "example\u{3002}org",
            "ｅｘａｍｐｌｅ.org",
        ] {
            assert_eq!(host(spelling), "example.org", "{spelling:?}");
        }
        assert_eq!(host("BÜCHER.example"), "xn--bcher-kva.example");
        assert_eq!(host("bu\u{308}cher.example"), "xn--bcher-kva.example");
        assert_eq!(host("xn--bcher-kva.example:8443"), "xn--bcher-kva.example:8443");
        assert_eq!(host("127.0.0.1:7101"), "127.0.0.1:7101");
        assert_eq!(host("[::1]:7101"), "[::1]:7101");
        assert_eq!(host("[0:0::1]"), "[::1]");
        for nonsense in ["", "a b", "a/b", ":", "a:b:c", "example.org:99999"] {
            assert_eq!(host(nonsense), nonsense);
        }
        for wrong in ["", "a b", "a/b", "user@a.example", "https://a.example", "ex*mple.org", "a.example/"] {
            assert_eq!(name_of_host(wrong), None, "{wrong:?}");
        }
        assert_eq!(name_of_host("Example.ORG.").as_deref(), Some("example.org"));
        let odd = host("exa\u{200b}mple.org:8443.");
        assert_eq!(host(&odd), odd, "what was folded stays as it is");
    }
}
