//! What each kind of argument takes from a request.

use crate::address::ClientAddress;
use crate::auth::{Application, Author, Client, Newcomer, Operator, Scope, Staff, Viewer};
use crate::browser::Browser;
use crate::openapi::handler::Input;
use crate::openapi::operation::Operation;
use crate::page::{Asked, Paging};
use crate::params::{Anywhere, Files, Params, Query, Uploads, Word};
use crate::path::Path;
use alongside_domain::id::{
    ActorId, AnnouncementId, BarrierId, ConversationId, DecisionId, FeaturedTagId, FilterId, FilteredPostId,
    KeywordId, ListId, MediaId, NotificationId, PollId, PostId, ReportId, ScheduledId,
};
use alongside_domain::word::Words;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use http::HeaderMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// An id as clients know it: a number written as text.
#[derive(Debug)]
pub(crate) struct Id;

impl JsonSchema for Id {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,18}$" })
    }
}

impl<T: Words> JsonSchema for Word<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Word".into()
    }

    fn schema_id() -> Cow<'static, str> {
        std::any::type_name::<T>().into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": T::WORDS })
    }
}

/// What stands in an address, in the order of its open parts.
pub(crate) trait Segments {
    /// Tells it.
    fn tell(operation: &mut Operation<'_>);
}

macro_rules! ids {
    ($($name:ident,)+) => {
        $(
            impl Segments for $name {
                fn tell(operation: &mut Operation<'_>) {
                    operation.takes_segment::<Id>();
                }
            }
        )+
    };
}

ids! {
    i64,
    ActorId,
    AnnouncementId,
    BarrierId,
    ConversationId,
    DecisionId,
    FeaturedTagId,
    FilterId,
    FilteredPostId,
    KeywordId,
    ListId,
    MediaId,
    NotificationId,
    PollId,
    PostId,
    ReportId,
    ScheduledId,
}

impl Segments for String {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_segment::<Self>();
    }
}

impl<A: Segments, B: Segments> Segments for (A, B) {
    fn tell(operation: &mut Operation<'_>) {
        A::tell(operation);
        B::tell(operation);
    }
}

impl<T: Segments> Input for Path<T> {
    fn tell(operation: &mut Operation<'_>) {
        T::tell(operation);
    }
}

impl<T: JsonSchema> Input for Query<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_query::<T>();
    }
}

impl<T: JsonSchema> Input for Anywhere<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_query::<T>();
    }
}

impl Input for Paging {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_query::<Asked>();
    }
}

impl<T: JsonSchema> Input for Params<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_body::<T>(&[]);
    }
}

impl<T: JsonSchema + Files> Input for Uploads<T> {
    fn tell(operation: &mut Operation<'_>) {
        operation.takes_body::<T>(T::FILES);
    }
}

impl<S: Scope> Input for Author<S> {
    fn tell(operation: &mut Operation<'_>) {
        operation.needs_token(S::ANY_OF, false);
        // A client's own token speaks for nobody.
        operation.may_be_refused(&[422]);
    }
}

impl<S: Scope> Input for Newcomer<S> {
    fn tell(operation: &mut Operation<'_>) {
        Author::<S>::tell(operation);
    }
}

impl<S: Scope> Input for Operator<S> {
    fn tell(operation: &mut Operation<'_>) {
        Author::<S>::tell(operation);
    }
}

impl<W, S: Scope> Input for Staff<W, S> {
    fn tell(operation: &mut Operation<'_>) {
        Author::<S>::tell(operation);
    }
}

impl<S: Scope> Input for Application<S> {
    fn tell(operation: &mut Operation<'_>) {
        operation.needs_token(S::ANY_OF, false);
    }
}

impl<S: Scope> Input for Viewer<S> {
    fn tell(operation: &mut Operation<'_>) {
        operation.needs_token(S::ANY_OF, true);
    }
}

impl Input for Client {
    fn tell(operation: &mut Operation<'_>) {
        operation.needs_token(&[], false);
    }
}

impl<T> Input for State<T> {
    fn tell(_: &mut Operation<'_>) {}
}

impl Input for ClientAddress {
    fn tell(_: &mut Operation<'_>) {}
}

impl Input for Browser {
    fn tell(_: &mut Operation<'_>) {}
}

impl Input for Result<WebSocketUpgrade, WebSocketUpgradeRejection> {
    fn tell(_: &mut Operation<'_>) {}
}

impl Input for HeaderMap {
    fn tell(_: &mut Operation<'_>) {}
}
