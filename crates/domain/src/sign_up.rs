//! Opening an account for oneself: who may, how old one has to be, and what a newcomer waits for.

use crate::clock::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

crate::words! {
    /// Who may open an account for themselves.
    pub enum Registrations {
        /// Nobody: whoever runs the node opens accounts.
        Closed = "closed",
        /// Whoever asks, and is let in by staff.
        Approval = "approval",
        /// Whoever confirms an address.
        Open = "open",
    }
}

crate::words! {
    /// What a newcomer waits for.
    pub enum Waits {
        /// That they confirm their address.
        Confirmation = "confirmation",
        /// That somebody lets them in.
        Approval = "approval",
    }
}

/// Why somebody is not known to be old enough. The texts are shown to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AgeError {
    /// They did not say when they were born.
    #[error("the day you were born is needed")]
    Missing,
    /// It is no day.
    #[error("the day you were born is written like 2001-12-31")]
    NoDay,
    /// They are too young.
    #[error("you are too young to have an account here")]
    TooYoung,
}

/// Checks that whoever was born on this day is old enough today. The day is looked at and kept nowhere.
pub fn check_age(born: Option<&str>, now: Timestamp, years_min: u8) -> Result<(), AgeError> {
    let born = born.map(str::trim).filter(|born| !born.is_empty()).ok_or(AgeError::Missing)?;
    let born: Date = born.parse().map_err(|_| AgeError::NoDay)?;
    let today = jiff::Timestamp::from_microsecond(now.as_micros()).map_err(|_| AgeError::NoDay)?;
    let today = today.to_zoned(TimeZone::UTC).date();
    let before_birthday = (today.month(), today.day()) < (born.month(), born.day());
    let years = i32::from(today.year()) - i32::from(born.year()) - i32::from(before_birthday);
    if years >= i32::from(years_min) { Ok(()) } else { Err(AgeError::TooYoung) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_old_enough_from_one_s_birthday_on() {
        let now = Timestamp::parse("2026-11-23T02:00:00Z").unwrap();
        for (born, answer) in [
            (Some("2010-11-23"), Ok(())),
            (Some(" 1950-02-28 "), Ok(())),
            (Some("2010-11-24"), Err(AgeError::TooYoung)),
            (Some("2026-11-24"), Err(AgeError::TooYoung)),
            (Some("2010-02-30"), Err(AgeError::NoDay)),
            (Some("yesterday"), Err(AgeError::NoDay)),
            (Some(" "), Err(AgeError::Missing)),
            (None, Err(AgeError::Missing)),
        ] {
            assert_eq!(check_age(born, now, 16), answer, "{born:?}");
        }
    }

    #[test]
    fn who_was_born_on_a_leap_day_is_a_year_older_on_the_first_of_march() {
        let at = |day: &str| Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap();
        assert_eq!(check_age(Some("2008-02-29"), at("2024-02-28"), 16), Err(AgeError::TooYoung));
        assert_eq!(check_age(Some("2008-02-29"), at("2024-02-29"), 16), Ok(()));
        assert_eq!(check_age(Some("2008-02-29"), at("2025-02-28"), 17), Err(AgeError::TooYoung));
        assert_eq!(check_age(Some("2008-02-29"), at("2025-03-01"), 17), Ok(()));
    }
}
