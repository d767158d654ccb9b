//! HTTP: the Mastodon client API, the pages, and the federation routes.
//!
//! What belongs here: reading a request, calling one verb, and rendering its answer. What does not:
//! a rule about who may do what (`domain`), a statement (`store`), a wire document (`federation`).
//!
//! A handler is a few lines in a file of its own. What it takes says what it needs: [`auth`] carries
//! the authority, [`params`] the values, [`page`] the part of a list. What it gives back is an
//! [`entities`] struct made by [`render`], or an [`error::Error`].

mod address;
mod alongside;
mod auth;
mod barred;
mod bearers;
mod browser;
mod discovery;
mod entities;
pub mod error;
mod etag;
mod federation;
mod files;
mod gate;
mod generations;
mod headers;
mod json;
mod mastodon;
mod metrics;
mod oauth;
mod observe;
mod openapi;
mod page;
mod pages;
mod params;
mod path;
mod rates;
mod render;
pub mod router;
mod routes;
pub mod state;
pub mod streaming;
mod unchanged;
