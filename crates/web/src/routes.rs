//! The addresses of the API. What each takes and gives is read off its handler's types, so the router and the
//! description of it ([`crate::openapi`]) are made in one breath and cannot differ.

use crate::openapi::handler::Told;
use crate::openapi::operation::Operation;
use crate::params::room::Room;
use crate::state::Web;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter};
use axum::{Extension, Router};

/// Addresses, and what is told about them.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    router: Router<Web>,
    told: Vec<Route>,
}

/// Tells what a handler takes and gives.
pub(crate) type Tell = fn(&mut Operation<'_>);

/// One method of one address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Route {
    /// With its open parts in braces.
    pub(crate) path: &'static str,
    /// In small letters.
    pub(crate) method: &'static str,
    /// Tells what its handler takes and gives.
    pub(crate) tell: Tell,
}

/// What stands at one address: a handler for each method.
#[derive(Debug, Default)]
pub(crate) struct Methods {
    router: MethodRouter<Web>,
    told: Vec<(&'static str, Tell)>,
}

impl Routes {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds an address.
    pub(crate) fn route(mut self, path: &'static str, methods: Methods) -> Self {
        self.told.extend(methods.told.into_iter().map(|(method, tell)| Route { path, method, tell }));
        Self { router: self.router.route(path, methods.router), told: self.told }
    }

    /// Adds those of another family.
    pub(crate) fn merge(mut self, others: Self) -> Self {
        self.told.extend(others.told);
        Self { router: self.router.merge(others.router), told: self.told }
    }

    /// Takes bodies of other sizes than the rest of the API, and has room for some of them at once.
    pub(crate) fn with_bodies_up_to(self, bytes_max: usize) -> Self {
        let room = Extension(Room::for_bodies_up_to(bytes_max));
        Self { router: self.router.layer(DefaultBodyLimit::max(bytes_max)).layer(room), ..self }
    }

    /// What is told about them.
    pub(crate) fn told(&self) -> &[Route] {
        &self.told
    }

    /// The routes themselves.
    pub(crate) fn into_router(self) -> Router<Web> {
        self.router
    }
}

impl Methods {
    /// The same for one address.
    pub(crate) fn with_bodies_up_to(self, bytes_max: usize) -> Self {
        let limited: MethodRouter<Web> = self.router.layer(DefaultBodyLimit::max(bytes_max));
        Self { router: limited.layer(Extension(Room::for_bodies_up_to(bytes_max))), ..self }
    }

    fn on<H, T>(mut self, filter: MethodFilter, method: &'static str, handler: H) -> Self
    where
        H: Handler<T, Web> + Told<T>,
        T: 'static,
    {
        self.told.push((method, <H as Told<T>>::tell));
        Self { router: self.router.on(filter, handler), told: self.told }
    }
}

macro_rules! first {
    ($($name:ident)+) => {
        $(
            #[doc = concat!("What stands at an address, beginning with its handler for `", stringify!($name), "`.")]
            pub(crate) fn $name<H: Handler<T, Web> + Told<T>, T: 'static>(handler: H) -> Methods {
                Methods::default().$name(handler)
            }
        )+
    };
}

macro_rules! methods {
    ($($name:ident = $filter:ident,)+) => {
        impl Methods {
            $(
                #[doc = concat!("The same with a handler for `", stringify!($name), "`.")]
                pub(crate) fn $name<H: Handler<T, Web> + Told<T>, T: 'static>(self, handler: H) -> Self {
                    self.on(MethodFilter::$filter, stringify!($name), handler)
                }
            )+
        }
    };
}

// A row of a table begins with one of these.
first! { get post put patch delete }

methods! {
    get = GET,
    post = POST,
    put = PUT,
    patch = PATCH,
    delete = DELETE,
}
