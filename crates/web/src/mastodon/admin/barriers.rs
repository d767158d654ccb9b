//! `/api/v1/admin/email_domain_blocks`, `ip_blocks` and `canonical_email_blocks`: from where nobody signs up.

mod addresses;
mod mail_hosts;
mod networks;

use crate::routes::{Routes, get, post};

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    let network = get(networks::show).put(networks::change).delete(networks::remove);
    Routes::new()
        .route("/api/v1/admin/email_domain_blocks", get(mail_hosts::list).post(mail_hosts::add))
        .route("/api/v1/admin/email_domain_blocks/{id}", get(mail_hosts::show).delete(mail_hosts::remove))
        .route("/api/v1/admin/ip_blocks", get(networks::list).post(networks::add))
        .route("/api/v1/admin/ip_blocks/{id}", network)
        .route("/api/v1/admin/canonical_email_blocks", get(addresses::list).post(addresses::add))
        .route("/api/v1/admin/canonical_email_blocks/test", post(addresses::test))
        .route("/api/v1/admin/canonical_email_blocks/{id}", get(addresses::show).delete(addresses::remove))
}

#[cfg(test)]
mod tests;
