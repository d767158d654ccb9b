//! What a statement gives back: columns by name, read into plain structs.

use crate::error::Error;
use alongside_domain::account::Role;
use alongside_domain::actor::ActorKind;
use alongside_domain::agreement;
use alongside_domain::barrier::{Network, Severity};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::erasure::ReceiptState;
use alongside_domain::filter::{FilterAction, FilterContext};
use alongside_domain::id;
use alongside_domain::letter::LinkKind;
use alongside_domain::list::RepliesPolicy;
use alongside_domain::marker::Timeline;
use alongside_domain::media::{MediaKind, MediaState};
use alongside_domain::moderation::MeasureKind;
use alongside_domain::notification::{NotificationKind, SeveranceKind};
use alongside_domain::post::Visibility;
use alongside_domain::push::PushPolicy;
use alongside_domain::reaction::Reaction;
use alongside_domain::reception::Handling;
use alongside_domain::report::ReportCategory;
use alongside_domain::sanction::SanctionKind;
use alongside_domain::scope::Scopes;
use alongside_domain::sign_up::Waits;
use alongside_domain::word::UnknownWord;
use rusqlite::types::FromSql;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use std::cell::{Cell, RefCell};
use std::str::FromStr;

/// One row, of either engine.
#[derive(Debug)]
pub enum Columns<'r> {
    /// From SQLite.
    Sqlite(SqliteColumns<'r>),
    /// From PostgreSQL.
    Postgres(&'r PgRow),
}

/// One row of SQLite, which knows columns by their places.
#[derive(Debug)]
pub struct SqliteColumns<'r> {
    row: &'r rusqlite::Row<'r>,
    places: &'r Places,
    /// How many columns were read before.
    read: Cell<usize>,
}

/// Where the columns were that a row was read from, in the order in which they were asked for. The next row is asked
/// for the same, and to look a name up takes longer than to read a number.
#[derive(Debug, Default)]
pub struct Places(RefCell<Vec<(&'static str, usize)>>);

impl<'r> SqliteColumns<'r> {
    /// The columns of this row.
    pub const fn of(row: &'r rusqlite::Row<'r>, places: &'r Places) -> Self {
        Self { row, places, read: Cell::new(0) }
    }

    fn get<T: FromSql>(&self, name: &'static str) -> rusqlite::Result<T> {
        let nth = self.read.replace(self.read.get() + 1);
        let known =
            self.places.0.borrow().get(nth).filter(|(asked, _)| *asked == name).map(|(_, place)| *place);
        let place = match known {
            Some(place) => place,
            None => self.find(nth, name)?,
        };
        self.row.get(place)
    }

    fn find(&self, nth: usize, name: &'static str) -> rusqlite::Result<usize> {
        let mut places = self.places.0.borrow_mut();
        places.truncate(nth);
        let statement = self.row.as_ref();
        // Mostly they are read in their order.
        let next = places.last().map_or(0, |(_, place)| place + 1);
        let is_next = statement.column_name(next).is_ok_and(|here| here == name);
        let place = if is_next { next } else { statement.column_index(name)? };
        places.push((name, place));
        Ok(place)
    }
}

/// Can be read from a column.
pub trait Column: Sized {
    /// Reads the column of this name.
    fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error>;
}

/// Can be read from a whole row.
pub trait Row: Sized {
    /// Reads the row.
    fn read(columns: &Columns<'_>) -> Result<Self, Error>;
}

impl Columns<'_> {
    /// Reads one column.
    pub fn get<T: Column>(&self, name: &'static str) -> Result<T, Error> {
        T::read(self, name)
    }
}

/// Declares a struct that is read from a row whose columns have the names of its fields.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name { $($(#[$doc])* pub $field: $type,)+ }

        impl $crate::column::Row for $name {
            fn read(columns: &$crate::column::Columns<'_>) -> Result<Self, $crate::error::Error> {
                Ok(Self { $($field: columns.get(stringify!($field))?,)+ })
            }
        }
    };
}

macro_rules! native {
    ($($type:ty,)+) => {
        $(impl Column for $type {
            fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
                match columns {
                    Columns::Sqlite(row) => row.get(name).map_err(|error| error.to_string()),
                    Columns::Postgres(row) => row.try_get(name).map_err(|error| error.to_string()),
                }
                .map_err(|reason| Error::Inconsistent { column: name, reason })
            }
        })+
    };
}

native! { i64, Option<i64>, f64, Option<f64>, bool, Option<bool>, String, Option<String>, }

macro_rules! from_number {
    ($($type:ty,)+) => {
        $(
            impl Column for $type {
                fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
                    i64::read(columns, name).map(Self::from)
                }
            }

            impl Column for Option<$type> {
                fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
                    Ok(Option::<i64>::read(columns, name)?.map(<$type>::from))
                }
            }
        )+
    };
}

from_number! {
    id::AccountId, id::ActorId, id::MemberId, id::CommunityId, id::AppId, id::TokenId, id::PostId, id::EntryId,
    id::ReactionId, id::FollowId, id::PollId, id::MediaId, id::NotificationId, id::ConversationId, id::ReportId,
    id::ListId, id::FilterId, id::KeywordId, id::ScheduledId, id::ActivityId, id::DeliveryId, id::InboxId, id::JobId,
    id::AuditId, id::MeasureId, id::ErasureId, id::FilteredPostId, id::FeaturedTagId, id::AnnouncementId,
    id::SanctionId, id::BarrierId, id::DecisionId, id::SeveranceId,
}

impl Column for Timestamp {
    fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
        i64::read(columns, name).map(Self::from_micros)
    }
}

impl Column for Option<Timestamp> {
    fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
        Ok(Option::<i64>::read(columns, name)?.map(Timestamp::from_micros))
    }
}

macro_rules! from_word {
    ($($type:ty,)+) => {
        $(
            impl Column for $type {
                fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
                    parse(name, &String::read(columns, name)?)
                }
            }

            impl Column for Option<$type> {
                fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
                    Option::<String>::read(columns, name)?.map(|word| parse(name, &word)).transpose()
                }
            }
        )+
    };
}

from_word! {
    Role, ActorKind, Audience, JoinPolicy, NotificationKind, Visibility, Reaction, FilterContext, FilterAction, MediaKind,
    RepliesPolicy, ReportCategory, Timeline, MeasureKind, agreement::Policy, agreement::Limits, ReceiptState,
    PushPolicy, Handling, SanctionKind, Severity, MediaState, LinkKind, Waits, SeveranceKind,
}

impl Column for Network {
    fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
        let text = String::read(columns, name)?;
        text.parse().map_err(|_| Error::Inconsistent { column: name, reason: "not a network".to_owned() })
    }
}

impl Column for Scopes {
    fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
        Self::parse(&String::read(columns, name)?)
            .map_err(|error| Error::Inconsistent { column: name, reason: error.to_string() })
    }
}

/// A list of texts, kept as JSON.
impl Column for Vec<String> {
    fn read(columns: &Columns<'_>, name: &'static str) -> Result<Self, Error> {
        serde_json::from_str(&String::read(columns, name)?)
            .map_err(|error| Error::Inconsistent { column: name, reason: error.to_string() })
    }
}

fn parse<T: FromStr<Err = UnknownWord>>(name: &'static str, word: &str) -> Result<T, Error> {
    word.parse().map_err(|error: UnknownWord| Error::Inconsistent { column: name, reason: error.to_string() })
}
