//! `/api/v1/admin` and `/api/v2/admin`: what the node's staff do from a client. Who may do what is a table in
//! `domain::staff`; each address asks for its kind of work and its scope by the type of its extractor.

mod accounts;
mod barriers;
mod figures;
mod hosts;
mod reports;
mod tags;
mod trends;

use crate::routes::Routes;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .merge(accounts::routes())
        .merge(barriers::routes())
        .merge(figures::routes())
        .merge(hosts::routes())
        .merge(reports::routes())
        .merge(tags::routes())
        .merge(trends::routes())
}

#[cfg(test)]
mod tests;
