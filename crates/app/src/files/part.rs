//! Which part of a file is wanted: all, or one stretch of it, as players of films ask.

use std::ops::Range;

/// What is wanted of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// From this byte to its end.
    From(u64),
    /// From this byte to that one, both included.
    Between(u64, u64),
    /// So many bytes at its end.
    Last(u64),
}

impl Wanted {
    /// What a `Range` header asks for. What is no range, or several of them, is answered with the whole
    /// file, as the standard has it (RFC 9110).
    pub fn read(header: Option<&str>) -> Self {
        Self::one(header.unwrap_or_default()).unwrap_or(Self::Whole)
    }

    fn one(header: &str) -> Option<Self> {
        let (first, last) = header.trim().strip_prefix("bytes=")?.split_once('-')?;
        let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())?;
        match (first, last) {
            ("", last) => number(last).map(Self::Last),
            (first, "") => number(first).map(Self::From),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::Between(first, last))
            }
        }
    }

    /// The bytes this means of a file with so many; none if it does not reach that far.
    pub fn of(self, whole: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::Whole => return Some(0..whole),
            Self::From(first) => first..whole,
            Self::Between(first, last) => first..last.saturating_add(1).min(whole),
            Self::Last(count) => whole.saturating_sub(count)..whole,
        };
        (range.start < range.end).then_some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_stretch_is_understood() {
        for (header, wanted, of_ten) in [
            ("bytes=0-", Wanted::From(0), Some(0..10)),
            ("bytes=9-", Wanted::From(9), Some(9..10)),
            ("bytes=10-", Wanted::From(10), None),
            ("bytes=2-4", Wanted::Between(2, 4), Some(2..5)),
            ("bytes=2-99", Wanted::Between(2, 99), Some(2..10)),
            ("bytes=2-18446744073709551615", Wanted::Between(2, u64::MAX), Some(2..10)),
            ("bytes=-3", Wanted::Last(3), Some(7..10)),
            ("bytes=-30", Wanted::Last(30), Some(0..10)),
            ("bytes=-0", Wanted::Last(0), None),
        ] {
            assert_eq!((Wanted::read(Some(header)), wanted.of(10)), (wanted, of_ten), "{header}");
        }
    }

    #[test]
    fn anything_else_is_the_whole_file() {
        for header in
            ["", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=0-1,3-4", "items=0-1", "bytes=+1-2"]
        {
            assert_eq!(Wanted::read(Some(header)), Wanted::Whole, "{header}");
        }
        assert_eq!(Wanted::read(None), Wanted::Whole);
        assert_eq!(Wanted::Whole.of(0), Some(0..0), "an empty file is whole");
    }
}
