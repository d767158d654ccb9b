//! What is bound to a statement: a few plain kinds that both engines know.
//!
//! Ids and words are turned into these here, so that `domain` knows no database.

use alongside_domain::account::{Email, Role};
use alongside_domain::actor::{ActorKind, Field};
use alongside_domain::agreement;
use alongside_domain::barrier::{Network, Severity};
use alongside_domain::clock::Timestamp;
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::erasure::ReceiptState;
use alongside_domain::filter::FilterAction;
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

/// A value on its way into a statement.
#[derive(Debug, Clone)]
pub enum Value {
    /// A number, an id or a moment.
    Int(Option<i64>),
    /// A fraction.
    Real(Option<f64>),
    /// Text, or a word of a closed set.
    Text(Option<String>),
    /// Yes or no.
    Bool(Option<bool>),
}

/// Can be bound to a statement.
pub trait Bind {
    /// What nothing of this kind is bound as.
    const NULL: Value;

    /// What it is bound as.
    fn value(self) -> Value;
}

impl<T: Bind> Bind for Option<T> {
    const NULL: Value = T::NULL;

    fn value(self) -> Value {
        self.map_or(T::NULL, Bind::value)
    }
}

/// Numbers for `in (select value from json_each($n))`.
pub fn numbers(ids: impl IntoIterator<Item = i64>) -> String {
    let mut out = String::from("[");
    for (index, id) in ids.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&id.to_string());
    }
    out.push(']');
    out
}

macro_rules! bind {
    ($kind:ident: $($type:ty => |$it:ident| $value:expr,)+) => {
        $(impl Bind for $type {
            const NULL: Value = Value::$kind(None);

            fn value(self) -> Value {
                let $it = self;
                Value::$kind(Some($value))
            }
        })+
    };
}

bind! { Int:
    i64 => |it| it,
    i32 => |it| i64::from(it),
    Timestamp => |it| it.as_micros(),
    id::AccountId => |it| it.get(),
    id::ActorId => |it| it.get(),
    id::MemberId => |it| it.get(),
    id::CommunityId => |it| it.get(),
    id::AppId => |it| it.get(),
    id::TokenId => |it| it.get(),
    id::PostId => |it| it.get(),
    id::EntryId => |it| it.get(),
    id::ReactionId => |it| it.get(),
    id::FollowId => |it| it.get(),
    id::PollId => |it| it.get(),
    id::MediaId => |it| it.get(),
    id::NotificationId => |it| it.get(),
    id::ConversationId => |it| it.get(),
    id::ReportId => |it| it.get(),
    id::ListId => |it| it.get(),
    id::FilterId => |it| it.get(),
    id::KeywordId => |it| it.get(),
    id::ScheduledId => |it| it.get(),
    id::ActivityId => |it| it.get(),
    id::DeliveryId => |it| it.get(),
    id::ErasureId => |it| it.get(),
    id::InboxId => |it| it.get(),
    id::JobId => |it| it.get(),
    id::AuditId => |it| it.get(),
    id::MeasureId => |it| it.get(),
    id::FilteredPostId => |it| it.get(),
    id::FeaturedTagId => |it| it.get(),
    id::AnnouncementId => |it| it.get(),
    id::SanctionId => |it| it.get(),
    id::BarrierId => |it| it.get(),
    id::DecisionId => |it| it.get(),
    id::SeveranceId => |it| it.get(),
}

bind! { Real: f64 => |it| it, }

bind! { Bool: bool => |it| it, }

bind! { Text:
    &str => |it| it.to_owned(),
    String => |it| it,
    &String => |it| it.clone(),
    &Email => |it| it.as_str().to_owned(),
    Role => |it| it.as_str().to_owned(),
    ActorKind => |it| it.as_str().to_owned(),
    agreement::Policy => |it| it.as_str().to_owned(),
    Audience => |it| it.as_str().to_owned(),
    JoinPolicy => |it| it.as_str().to_owned(),
    NotificationKind => |it| it.as_str().to_owned(),
    ReceiptState => |it| it.as_str().to_owned(),
    Visibility => |it| it.as_str().to_owned(),
    Reaction => |it| it.as_str().to_owned(),
    FilterAction => |it| it.as_str().to_owned(),
    MediaKind => |it| it.as_str().to_owned(),
    MediaState => |it| it.as_str().to_owned(),
    RepliesPolicy => |it| it.as_str().to_owned(),
    ReportCategory => |it| it.as_str().to_owned(),
    Timeline => |it| it.as_str().to_owned(),
    Handling => |it| it.as_str().to_owned(),
    MeasureKind => |it| it.as_str().to_owned(),
    PushPolicy => |it| it.as_str().to_owned(),
    SanctionKind => |it| it.as_str().to_owned(),
    Severity => |it| it.as_str().to_owned(),
    LinkKind => |it| it.as_str().to_owned(),
    SeveranceKind => |it| it.as_str().to_owned(),
    &Network => |it| it.to_string(),
    &Scopes => |it| it.to_string(),
    agreement::Limits => |it| it.to_string(),
    &Vec<String> => |it| serde_json::json!(it).to_string(),
    &[Field] => |it| serde_json::json!(it).to_string(),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_a_profile_are_written_as_they_are_read() {
        let line = Field { name: "\"name\"".to_owned(), value: "<b>\\</b>".to_owned() };
        for lines in [Vec::new(), vec![line.clone(), line]] {
            let Value::Text(Some(text)) = lines.as_slice().value() else { panic!("it is a text") };
            assert_eq!(serde_json::from_str::<Vec<Field>>(&text).unwrap(), lines);
        }
    }
}
