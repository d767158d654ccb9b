//! Multikey (FEP-521a, W3C Controlled Identifiers): a key as one base58 text, its kind told by
//! a multicodec prefix.

/// The longest text read. Decoding base58 takes quadratic time, and an RSA-8192 key has 1,450
/// characters.
const MULTIBASE_CHARS_MAX: usize = 2048;

const BASE58_BTC: char = 'z';

/// The kinds of public key FEP-521a knows, as multicodec prefixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    /// Ed25519: the 32 bytes of the key follow.
    Ed25519,
    /// RSA: a PKCS#1 `RSAPublicKey` in DER follows.
    Rsa,
}

impl Codec {
    fn prefix(self) -> [u8; 2] {
        match self {
            Self::Ed25519 => [0xed, 0x01],
            Self::Rsa => [0x85, 0x24],
        }
    }
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MultikeyError {
    /// Not base58 behind a `z`.
    Malformed,
    /// A kind of key this crate does not know.
    UnknownCodec,
}

/// Writes a key as `z…`.
pub(crate) fn encode(codec: Codec, key: &[u8]) -> String {
    let bytes = [&codec.prefix()[..], key].concat();
    format!("{BASE58_BTC}{}", bs58::encode(bytes).into_string())
}

/// Reads a key from `z…`.
pub(crate) fn decode(text: &str) -> Result<(Codec, Vec<u8>), MultikeyError> {
    let base58 = text
        .strip_prefix(BASE58_BTC)
        .filter(|base58| base58.len() <= MULTIBASE_CHARS_MAX)
        .ok_or(MultikeyError::Malformed)?;
    let bytes = bs58::decode(base58).into_vec().map_err(|_| MultikeyError::Malformed)?;
    [Codec::Ed25519, Codec::Rsa]
        .into_iter()
        .find_map(|codec| bytes.strip_prefix(&codec.prefix()).map(|key| (codec, key.to_vec())))
        .ok_or(MultikeyError::UnknownCodec)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_there_and_back() {
        for codec in [Codec::Ed25519, Codec::Rsa] {
            assert_eq!(decode(&encode(codec, &[0, 1, 2])), Ok((codec, vec![0, 1, 2])));
        }
    }

    #[test]
    fn other_bases_and_other_codecs_are_refused() {
        assert_eq!(decode(""), Err(MultikeyError::Malformed));
        assert_eq!(decode("u7QEu"), Err(MultikeyError::Malformed));
        assert_eq!(decode("z0OIl"), Err(MultikeyError::Malformed));
        assert_eq!(decode("z"), Err(MultikeyError::UnknownCodec));
        let too_long = format!("z{}", "2".repeat(MULTIBASE_CHARS_MAX + 1));
        assert_eq!(decode(&too_long), Err(MultikeyError::Malformed));
    }
}
