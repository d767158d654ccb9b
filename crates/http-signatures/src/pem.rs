//! PEM (RFC 7468): the armour around keys in actor documents and key files.
//! Lenient about line lengths and line ends, since actors' PEMs pass through many hands.

use base64::prelude::{BASE64_STANDARD, Engine};

/// The longest PEM read; an RSA-8192 private key has about 6.5 kB.
pub(crate) const PEM_BYTES_MAX: usize = 16 * 1024;

const LINE_CHARS: usize = 64;

/// The label and the bytes of the first block in a text.
pub(crate) fn decode(text: &str) -> Option<(&str, Vec<u8>)> {
    if text.len() > PEM_BYTES_MAX {
        return None;
    }
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, rest) = rest.split_once("-----END ")?;
    let (end_label, _) = rest.split_once("-----")?;
    let base64: String = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    (label == end_label).then_some(())?;
    BASE64_STANDARD.decode(base64).ok().map(|der| (label, der))
}

/// A block with lines of 64 characters and a final line end.
pub(crate) fn encode(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let mut lines = Vec::new();
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(LINE_CHARS));
        lines.push(line);
        lines.push("\n");
        rest = tail;
    }
    format!("-----BEGIN {label}-----\n{}-----END {label}-----\n", lines.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_go_there_and_back() {
        for len in [0, 1, 47, 48, 49, 300] {
            let der = vec![7; len];
            assert_eq!(decode(&encode("PUBLIC KEY", &der)), Some(("PUBLIC KEY", der)));
        }
    }

    #[test]
    fn line_ends_and_lengths_do_not_matter() {
        let crlf = "text before\r\n-----BEGIN X-----\r\nAQ\r\nID\r\n-----END X-----";
        assert_eq!(decode(crlf), Some(("X", vec![1, 2, 3])));
        assert_eq!(decode("-----BEGIN X-----AQID-----END X-----"), Some(("X", vec![1, 2, 3])));
    }

    #[test]
    fn broken_blocks_are_none() {
        for text in [
            "",
            "-----BEGIN ",
            "-----BEGIN X-----AQID",
            "-----BEGIN X-----AQID-----END Y-----",
            "-----BEGIN X-----A!ID-----END X-----",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
        assert_eq!(decode(&encode("X", &vec![0; PEM_BYTES_MAX])), None);
    }
}
