//! Who asks, and what they may do. The extractors here carry the authority a handler needs: one that
//! takes an [`Author`] cannot be reached without a member's token of the right scope.

use crate::error::Error;
use alongside_domain::account::Role;
use alongside_domain::id::{ActorId, AppId, MemberId, TokenId};
use alongside_domain::sign_up::Waits;
use alongside_domain::staff::{self, Duty};
use alongside_store::oauth::Bearer;
use axum::extract::FromRequestParts;
use http::request::Parts;
use std::marker::PhantomData;
use std::sync::Arc;

/// What a token must be good for.
pub(crate) trait Scope {
    /// Its names in OAuth: any of them will do.
    const ANY_OF: &'static [&'static str];
}

macro_rules! scopes {
    ($($name:ident = $($scope:literal)|+,)+) => {
        $(
            #[doc = concat!($("`", $scope, "` "),+)]
            #[derive(Debug)]
            pub(crate) struct $name;

            impl Scope for $name {
                const ANY_OF: &'static [&'static str] = &[$($scope),+];
            }
        )+
    };
}

fn grants<S: Scope>(bearer: &Bearer) -> bool {
    S::ANY_OF.iter().any(|name| bearer.scopes.grants(name))
}

scopes! {
    AdminRead = "admin:read",
    AdminReadAccounts = "admin:read:accounts",
    AdminReadCanonicalEmailBlocks = "admin:read:canonical_email_blocks",
    AdminReadDomainAllows = "admin:read:domain_allows",
    AdminReadDomainBlocks = "admin:read:domain_blocks",
    AdminReadEmailDomainBlocks = "admin:read:email_domain_blocks",
    AdminReadIpBlocks = "admin:read:ip_blocks",
    AdminReadReports = "admin:read:reports",
    AdminWrite = "admin:write",
    AdminWriteAccounts = "admin:write:accounts",
    AdminWriteCanonicalEmailBlocks = "admin:write:canonical_email_blocks",
    AdminWriteDomainAllows = "admin:write:domain_allows",
    AdminWriteDomainBlocks = "admin:write:domain_blocks",
    AdminWriteEmailDomainBlocks = "admin:write:email_domain_blocks",
    AdminWriteIpBlocks = "admin:write:ip_blocks",
    AdminWriteReports = "admin:write:reports",
    ReadAccounts = "read:accounts",
    ReadBlocks = "read:blocks",
    ReadBookmarks = "read:bookmarks",
    ReadFavourites = "read:favourites",
    ReadFilters = "read:filters",
    ReadFollows = "read:follows",
    ReadGroups = "read:groups",
    ReadLists = "read:lists",
    ReadMe = "read:me",
    ReadMutes = "read:mutes",
    ReadNotifications = "read:notifications",
    ReadSearch = "read:search",
    ReadStatuses = "read:statuses",
    WriteAccounts = "write:accounts",
    WriteBlocks = "write:blocks",
    WriteBookmarks = "write:bookmarks",
    WriteConversations = "write:conversations",
    WriteFavourites = "write:favourites",
    WriteFilters = "write:filters",
    WriteFollows = "write:follows",
    WriteGroups = "write:groups",
    WriteLists = "write:lists",
    WriteMedia = "write:media",
    WriteMutes = "write:mutes",
    WriteNotifications = "write:notifications",
    WriteReports = "write:reports",
    WriteStatuses = "write:statuses",
    ProfileScope = "profile",
    Push = "push",
    OwnProfile = "profile" | "read:accounts",
    Suggestions = "read:accounts" | "write:accounts",
}

/// A kind of work, as a type.
pub(crate) trait Work {
    /// Which.
    const DUTY: Duty;
}

macro_rules! works {
    ($($name:ident,)+) => {
        $(
            #[doc = concat!("[`Duty::", stringify!($name), "`]")]
            #[derive(Debug)]
            pub(crate) struct $name;

            impl Work for $name {
                const DUTY: Duty = Duty::$name;
            }
        )+
    };
}

works! { Barriers, Figures, Hosts, People, Reports, Trends, }

/// The token a request came with, looked up once for everybody who needs it.
#[derive(Debug, Clone)]
pub(crate) enum Presented {
    /// None.
    Nothing,
    /// One that is unknown or revoked.
    Unknown,
    /// One of somebody who is not in yet.
    Newcomer(Arc<Bearer>, Waits),
    /// A good one.
    Token(Arc<Bearer>),
}

/// A member, through a client that may do `S` for them.
#[derive(Debug)]
pub(crate) struct Author<S> {
    /// Who.
    pub(crate) member: MemberId,
    /// The token of their client.
    pub(crate) token: TokenId,
    /// The name of their client.
    pub(crate) client: String,
    scope: PhantomData<fn() -> S>,
}

/// A member, or somebody who is not in yet, through a client that may do `S` for them.
#[derive(Debug)]
pub(crate) struct Newcomer<S> {
    /// Who.
    pub(crate) member: MemberId,
    /// What they wait for; nothing, if they are in.
    pub(crate) waits: Option<Waits>,
    scope: PhantomData<fn() -> S>,
}

/// Whoever runs this node, through a client that may do `S` for them.
#[derive(Debug)]
pub(crate) struct Operator<S>(PhantomData<fn() -> S>);

/// Somebody who looks after this node and may do work `W`, through a client that may do `S` for them.
#[derive(Debug)]
pub(crate) struct Staff<W, S> {
    /// Who.
    pub(crate) member: MemberId,
    /// What they may do on this node.
    pub(crate) role: Role,
    kind: PhantomData<fn() -> (W, S)>,
}

/// A member, if the request came with a token; a token must be good, and good for `S`.
#[derive(Debug)]
pub(crate) struct Viewer<S>(pub(crate) Option<MemberId>, PhantomData<fn() -> S>);

/// A client application with any good token, its own or a member's.
#[derive(Debug)]
pub(crate) struct Client(pub(crate) AppId);

/// A client application with a good token, its own or a member's, that may do `S`.
#[derive(Debug)]
pub(crate) struct Application<S> {
    /// Which.
    pub(crate) id: AppId,
    /// Whom the token speaks for, if not for the application alone.
    pub(crate) member: Option<MemberId>,
    scope: PhantomData<fn() -> S>,
}

impl<S> Author<S> {
    /// The actor that acts.
    pub(crate) const fn actor(&self) -> ActorId {
        self.member.actor()
    }
}

impl<S> Viewer<S> {
    /// The actor that looks.
    pub(crate) fn actor(&self) -> Option<ActorId> {
        self.0.map(ActorId::from)
    }
}

impl<S: Scope> Author<S> {
    fn of(bearer: &Bearer) -> Result<Self, Error> {
        if !grants::<S>(bearer) {
            return Err(Error::OutOfScope);
        }
        let Some(member) = bearer.member_id else { return Err(Error::NoMember) };
        Ok(Self { member, token: bearer.id, client: bearer.app_name.clone(), scope: PhantomData })
    }
}

impl<T: Send + Sync, S: Scope> FromRequestParts<T> for Author<S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        Self::of(token(parts)?)
    }
}

impl<T: Send + Sync, S: Scope> FromRequestParts<T> for Newcomer<S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        let (bearer, waits) = match parts.extensions.get() {
            Some(Presented::Newcomer(bearer, waits)) => (&**bearer, Some(*waits)),
            Some(Presented::Token(_) | Presented::Unknown | Presented::Nothing) | None => {
                (token(parts)?, None)
            }
        };
        let member = Author::<S>::of(bearer)?.member;
        Ok(Self { member, waits, scope: PhantomData })
    }
}

impl<T: Send + Sync, S: Scope> FromRequestParts<T> for Operator<S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        let bearer = token(parts)?;
        Author::<S>::of(bearer)?;
        // Asked now and not when the token was given: whoever looks after the node may change.
        if bearer.role != Some(Role::Admin) {
            return Err(Error::Forbidden("This is for whoever runs this node".to_owned()));
        }
        Ok(Self(PhantomData))
    }
}

impl<T: Send + Sync, W: Work, S: Scope> FromRequestParts<T> for Staff<W, S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        let bearer = token(parts)?;
        let member = Author::<S>::of(bearer)?.member;
        let role = bearer.role.filter(|role| staff::may(*role, W::DUTY));
        let says = "This is for those who look after this node".to_owned();
        Ok(Self { member, role: role.ok_or(Error::Forbidden(says))?, kind: PhantomData })
    }
}

impl<T: Send + Sync, S: Scope> FromRequestParts<T> for Viewer<S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        if matches!(parts.extensions.get(), None | Some(Presented::Nothing)) {
            return Ok(Self(None, PhantomData));
        }
        let bearer = token(parts)?;
        if !grants::<S>(bearer) {
            return Err(Error::OutOfScope);
        }
        Ok(Self(bearer.member_id, PhantomData))
    }
}

impl<T: Send + Sync, S: Scope> FromRequestParts<T> for Application<S> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        let bearer = token(parts)?;
        if !grants::<S>(bearer) {
            return Err(Error::OutOfScope);
        }
        Ok(Self { id: bearer.app_id, member: bearer.member_id, scope: PhantomData })
    }
}

impl<T: Send + Sync> FromRequestParts<T> for Client {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Error> {
        token(parts).map(|bearer| Self(bearer.app_id))
    }
}

fn token(parts: &Parts) -> Result<&Bearer, Error> {
    match parts.extensions.get() {
        Some(Presented::Token(bearer)) => Ok(bearer),
        Some(Presented::Newcomer(_, waits)) => Err(Error::Waits(*waits)),
        Some(Presented::Unknown | Presented::Nothing) | None => Err(Error::Unauthenticated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alongside_domain::clock::Timestamp;
    use alongside_domain::scope::Scopes;
    use http::{Request, StatusCode};

    fn parts(presented: Presented) -> Parts {
        let (mut parts, ()) = Request::get("/").body(()).unwrap().into_parts();
        parts.extensions.insert(presented);
        parts
    }

    fn token(scopes: &str, member: Option<i64>) -> Presented {
        Presented::Token(Arc::new(Bearer {
            id: TokenId::new(1),
            app_id: AppId::new(2),
            app_name: "Client".to_owned(),
            member_id: member.map(MemberId::from),
            role: member.map(|_| Role::Member),
            scopes: Scopes::parse(scopes).unwrap(),
            created_at: Timestamp::default(),
            waits: None,
        }))
    }

    fn newcomer(scopes: &str, waits: Waits) -> Presented {
        match token(scopes, Some(7)) {
            Presented::Token(bearer) => Presented::Newcomer(bearer, waits),
            other => other,
        }
    }

    async fn status<E: FromRequestParts<(), Rejection = Error>>(presented: Presented) -> StatusCode {
        E::from_request_parts(&mut parts(presented), &())
            .await
            .map_or_else(|error| error.status(), |_| StatusCode::OK)
    }

    #[tokio::test]
    async fn an_author_has_a_token_of_the_right_scope() {
        let ask = status::<Author<WriteStatuses>>;
        assert_eq!(ask(token("write", Some(7))).await, StatusCode::OK);
        assert_eq!(ask(token("read", Some(7))).await, StatusCode::FORBIDDEN);
        assert_eq!(ask(token("write", None)).await, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(ask(Presented::Unknown).await, StatusCode::UNAUTHORIZED);
        assert_eq!(ask(Presented::Nothing).await, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn a_newcomer_may_do_nothing_but_ask_about_coming_in() {
        for waits in [Waits::Confirmation, Waits::Approval] {
            let shown = || newcomer("read write", waits);
            assert_eq!(status::<Author<WriteStatuses>>(shown()).await, StatusCode::FORBIDDEN);
            assert_eq!(status::<Viewer<ReadStatuses>>(shown()).await, StatusCode::FORBIDDEN);
            assert_eq!(status::<Client>(shown()).await, StatusCode::FORBIDDEN);
            let asks = Newcomer::<WriteAccounts>::from_request_parts(&mut parts(shown()), &()).await.unwrap();
            assert_eq!((asks.member, asks.waits), (MemberId::from(7), Some(waits)));
            let narrow = newcomer("read", waits);
            assert_eq!(status::<Newcomer<WriteAccounts>>(narrow).await, StatusCode::FORBIDDEN);
        }
        assert_eq!(status::<Newcomer<WriteAccounts>>(token("write", Some(7))).await, StatusCode::OK);
        assert_eq!(status::<Newcomer<WriteAccounts>>(Presented::Unknown).await, StatusCode::UNAUTHORIZED);
    }

    #[tokio::test]
    async fn any_of_several_scopes_will_do() {
        let ask = status::<Author<OwnProfile>>;
        assert_eq!(ask(token("profile", Some(7))).await, StatusCode::OK);
        assert_eq!(ask(token("read:accounts", Some(7))).await, StatusCode::OK);
        assert_eq!(ask(token("read:statuses", Some(7))).await, StatusCode::FORBIDDEN);
    }

    #[tokio::test]
    async fn a_viewer_may_come_without_a_token_but_not_with_a_wrong_one() {
        let ask = status::<Viewer<ReadStatuses>>;
        assert_eq!(ask(Presented::Nothing).await, StatusCode::OK);
        assert_eq!(ask(token("read:statuses", Some(7))).await, StatusCode::OK);
        assert_eq!(ask(token("write", Some(7))).await, StatusCode::FORBIDDEN);
        assert_eq!(ask(Presented::Unknown).await, StatusCode::UNAUTHORIZED);
    }
}
