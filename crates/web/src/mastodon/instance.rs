//! `/api/v1/instance` and `/api/v2/instance`: what this node is, and what it can take.

pub(crate) mod activity;
mod domain_blocks;
mod extended_description;
mod languages;
mod peers;
mod privacy_policy;
mod terms_of_service;
mod v1;
mod v2;

use crate::entities::instance::Rule;
use crate::json::Json;
use crate::routes::{Routes, get};
use alongside_domain::rules;

/// The addresses of this family.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/instance", get(v1::show))
        .route("/api/v2/instance", get(v2::show))
        .route("/api/v1/instance/rules", get(async || Json(rules())))
        .route("/api/v1/instance/activity", get(activity::show))
        .route("/api/v1/instance/languages", get(languages::show))
        .route("/api/v1/instance/peers", get(peers::show))
        .route("/api/v1/peers/search", get(peers::search))
        .route("/api/v1/instance/extended_description", get(extended_description::show))
        .route("/api/v1/instance/domain_blocks", get(domain_blocks::show))
        .route("/api/v1/instance/privacy_policy", get(privacy_policy::show))
        .route("/api/v1/instance/terms_of_service", get(terms_of_service::show))
        .route("/api/v1/instance/terms_of_service/{date}", get(terms_of_service::of_date))
}

/// What holds in every community of this node.
pub(crate) fn rules() -> Vec<Rule> {
    rules::RULES.iter().map(Rule::new).collect()
}
