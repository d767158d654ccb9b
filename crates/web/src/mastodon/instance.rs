//! `/api/v1/instance` and `/api/v2/instance`: what this node is, and what it can take.

mod domain_blocks;
mod extended_description;
mod peers;
mod privacy_policy;
mod terms_of_service;
mod v1;
mod v2;

use crate::entities::instance::Rule;
use crate::json::Json;
use crate::state::Web;
use axum::Router;
use axum::routing::get;

/// The addresses of this family.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/api/v1/instance", get(v1::show))
        .route("/api/v2/instance", get(v2::show))
        .route("/api/v1/instance/rules", get(async || Json(rules())))
        .route("/api/v1/instance/peers", get(peers::show))
        .route("/api/v1/instance/extended_description", get(extended_description::show))
        .route("/api/v1/instance/domain_blocks", get(domain_blocks::show))
        .route("/api/v1/instance/privacy_policy", get(privacy_policy::show))
        .route("/api/v1/instance/terms_of_service", get(terms_of_service::show))
        .route("/api/v1/instance/terms_of_service/{date}", get(terms_of_service::of_date))
}

/// What holds in every community of this node; each has rules of its own in its profile.
pub(crate) fn rules() -> Vec<Rule> {
    const RULES: [(&str, &str); 4] = [
        ("Be kind", "You may disagree. You may not attack, shame or threaten anybody."),
        (
            "Keep others safe",
            "Talk about how you feel. Leave out methods, amounts and places of harming oneself.",
        ),
        ("Keep secrets", "What somebody tells here stays here. Do not say who anybody is outside."),
        (
            "No selling, no cures",
            "Tell what helped you. Do not advertise, and do not tell others to stop a treatment.",
        ),
    ];
    (1..).zip(RULES).map(|(id, (text, hint))| Rule { id: id.to_string(), text, hint }).collect()
}
