//! `GET /api/v1/instance/domain_blocks`: the hosts that are blocked or silenced here, and why.

use crate::entities::instance::DomainBlock;
use crate::error::Error;
use crate::json::Json;
use alongside_app::context::App;
use alongside_app::hosts;
use alongside_domain::agreement::{self, Limit, Policy};
use alongside_store::decisions::{self, Decision};
use alongside_store::page::Page;
use axum::extract::State;

/// Hosts named.
const HOSTS_MAX: i64 = 5_000;

/// Names them.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<Vec<DomainBlock>>, Error> {
    let mut decided = decisions::page(&mut app.reader(), false, &Page::newest(HOSTS_MAX)).await?;
    decided.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Json(decided.into_iter().filter_map(shown).collect()))
}

fn shown(decision: Decision) -> Option<DomainBlock> {
    let severity = match decision.policy {
        Policy::Block => "suspend",
        Policy::Open | Policy::Allow if decision.limits.has(Limit::Silence) => "silence",
        Policy::Open | Policy::Allow => return None,
    };
    Some(DomainBlock {
        digest: hosts::digest(&decision.name),
        domain: if decision.obfuscate { agreement::in_part(&decision.name) } else { decision.name },
        severity,
        comment: decision.comment,
    })
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_app::hosts;
    use alongside_domain::agreement::{Limit, Limits, Mode, Terms};
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use alongside_testkit::node::Node;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn whoever_asks_is_told_which_hosts_are_kept_away(store: Store) {
            let door = Door::new(store);
            let app = &door.node.app;
            hosts::block(app, "bad.example").await.unwrap();
            hosts::limit(app, "loud.example", Limits::of(&[Limit::Silence])).await.unwrap();
            hosts::limit(app, "plain.example", Limits::of(&[Limit::NoMedia])).await.unwrap();
            let shown = door.get("/api/v1/instance/domain_blocks", "").await.ok();
            assert_eq!(each(&shown, "/domain"), ["bad.example", "loud.example"]);
            assert_eq!(each(&shown, "/severity"), ["suspend", "silence"]);
            assert_eq!(shown[0]["digest"], "86bbe8ffb912a153c9a8b396246aeeae079cd324af4dd947a2bf59a698eabc62");
        }

        async fn a_node_says_whether_it_keeps_to_an_agreement(store: Store) {
            let terms = Terms { mode: Mode::Agreement, signed_fetch: false };
            let node = Node::keeping(store, "http://127.0.0.1:7100", terms, |_| {});
            let door = Door::of(node, Vec::new());
            for version in [1, 2] {
                let instance = door.get(&format!("/api/v{version}/instance"), "").await.ok();
                assert_eq!(instance["configuration"]["limited_federation"], true, "{version}");
            }
        }

        async fn the_terms_hold_what_is_asked_of_everybody(store: Store) {
            let door = Door::new(store);
            let terms = door.get("/api/v1/instance/terms_of_service", "").await.ok();
            assert!(terms["content"].as_str().unwrap().contains("Be kind"), "{terms}");
            let day = terms["effective_date"].as_str().unwrap();
            let path = format!("/api/v1/instance/terms_of_service/{day}");
            assert_eq!(door.get(&path, "").await.ok(), terms);
            let other = door.get("/api/v1/instance/terms_of_service/1999-01-01", "").await;
            assert_eq!(other.status, StatusCode::NOT_FOUND);
            let instance = door.get("/api/v2/instance", "").await.ok();
            assert_eq!(instance["configuration"]["urls"]["terms_of_service"], json!("http://127.0.0.1:7100/terms"));
        }
    }
}
