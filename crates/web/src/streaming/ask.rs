//! What a client asks to listen to, and whether it may.

use crate::address::ClientAddress;
use crate::auth::Presented;
use crate::error::Error;
use crate::openapi::handler::Input;
use crate::openapi::operation::Operation;
use crate::state::Web;
use crate::streaming::frames::Form;
use crate::streaming::hub::{Guest, Seat};
use alongside_app::lists;
use alongside_domain::channel::{Channel, Named, NoChannel};
use alongside_domain::id::{ActorId, MemberId};
use alongside_store::actors;
use alongside_store::oauth::Bearer;
use axum::extract::FromRequestParts;
use http::request::Parts;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use std::net::IpAddr;
use std::sync::Arc;

/// What a client says, in the address or in a message.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Asked {
    /// What is to be done.
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    /// The name of the channel; clients may send it as a list of one.
    pub(super) stream: Vec<String>,
    pub(super) tag: Option<String>,
    pub(super) list: Option<String>,
    pub(super) group: Option<String>,
    pub(super) only_media: bool,
}

/// The member who listens, the token they came with, and from where.
#[derive(Debug, Clone)]
pub(super) struct Listener {
    member: MemberId,
    bearer: Arc<Bearer>,
    from: IpAddr,
}

impl Asked {
    /// The channel that is meant, and its name as JSON, as the client wrote it.
    pub(super) fn channel(&self) -> Result<(String, Channel), NoChannel> {
        let stream = self.stream.first().map(String::as_str).unwrap_or_default();
        let named = Named { tag: self.tag.clone(), list: self.list.clone(), group: self.group.clone() };
        let channel = Channel::parse(stream, &named)?;
        let which = match channel {
            Channel::Hashtag { .. } => named.tag,
            Channel::List(_) => named.list,
            Channel::Group(_) => named.group,
            Channel::User | Channel::Notifications | Channel::Direct | Channel::Public { .. } => None,
        };
        let name: Vec<&str> = std::iter::once(stream).chain(which.as_deref()).collect();
        Ok((json!(name).to_string(), channel))
    }
}

impl Listener {
    /// Takes a place among those who listen; what happens from now on is heard.
    pub(super) async fn sit(&self, web: &Web, form: Form) -> Result<Seat, Error> {
        super::catch_up(web).await?;
        let guest = Guest {
            token: self.bearer.id,
            member: self.member,
            reads_notifications: self.bearer.scopes.grants("read:notifications"),
            form,
            from: self.from,
        };
        let seat = web.hub().sit(guest, web.app().now())?;
        // Whoever sits is ended when their network is kept out. It may have been since they were let in at the door.
        web.barred().check(web, self.from).await?;
        Ok(seat)
    }

    /// Listens to what the client asks for, if it is there and theirs to hear.
    pub(super) async fn listen(&self, web: &Web, seat: &Seat, asked: &Asked) -> Result<(), Error> {
        let (name, channel) = asked.channel()?;
        self.check(web, &channel).await?;
        seat.listen(name, channel)
    }

    /// Whether the client may listen to a channel. What it is told there is asked again for each piece of news.
    pub(super) async fn check(&self, web: &Web, channel: &Channel) -> Result<(), Error> {
        if !self.bearer.scopes.grants(channel.scope()) {
            return Err(Error::OutOfScope);
        }
        let mut reader = web.app().reader();
        let is_there = match channel {
            Channel::List(list) => lists::find(&mut reader, self.member, *list).await?.is_some(),
            Channel::Group(group) => is_community(web, *group).await?,
            Channel::User
            | Channel::Notifications
            | Channel::Direct
            | Channel::Public { .. }
            | Channel::Hashtag { .. } => true,
        };
        if is_there { Ok(()) } else { Err(Error::NotFound) }
    }
}

async fn is_community(web: &Web, id: ActorId) -> Result<bool, Error> {
    let found = actors::find(&mut web.app().reader(), id).await?;
    Ok(found.is_some_and(|actor| actor.is_community() && actor.is_present()))
}

impl<S: Send + Sync> FromRequestParts<S> for Listener {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match parts.extensions.get() {
            Some(Presented::Token(bearer)) => {
                let member = bearer.member_id.ok_or(Error::NoMember)?;
                Ok(Self { member, bearer: bearer.clone(), from: ClientAddress::of(parts).0 })
            }
            Some(Presented::Newcomer(_, waits)) => Err(Error::Waits(*waits)),
            Some(Presented::Unknown | Presented::Nothing) | None => Err(Error::Unauthenticated),
        }
    }
}

/// Which scope it must be good for, the channel says.
impl Input for Listener {
    fn tell(operation: &mut Operation<'_>) {
        operation.needs_token(&["read:statuses", "read:notifications"], false);
        operation.may_be_refused(&[422]);
    }
}

impl From<NoChannel> for Error {
    fn from(none: NoChannel) -> Self {
        Self::Malformed(none.to_string())
    }
}
