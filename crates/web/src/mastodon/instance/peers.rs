//! `GET /api/v1/instance/peers`: the nodes this one knows; `GET /api/v1/peers/search`: those whose name begins so.

use crate::error::Error;
use crate::json::Json;
use crate::params::Query;
use alongside_app::context::App;
use alongside_domain::agreement::Policy;
use alongside_domain::fold::fold;
use alongside_store::hosts;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// Nodes named.
const PEERS_MAX: i64 = 5_000;
/// Nodes named where one is looked for.
const FOUND_MAX: usize = 10;

/// How the name begins.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Beginning {
    q: String,
}

/// Names them.
pub(crate) async fn show(State(app): State<App>) -> Result<Json<Vec<String>>, Error> {
    Ok(Json(known(&app).await?.collect()))
}

/// Names those whose name begins so.
pub(crate) async fn search(
    State(app): State<App>,
    Query(beginning): Query<Beginning>,
) -> Result<Json<Vec<String>>, Error> {
    let beginning = fold(&beginning.q);
    if beginning.is_empty() {
        return Ok(Json(Vec::new()));
    }
    let found = known(&app).await?.filter(|name| name.starts_with(&beginning));
    Ok(Json(found.take(FOUND_MAX).collect()))
}

/// Those it talks with. Of the others some are told of elsewhere, and some only in part.
async fn known(app: &App) -> Result<impl Iterator<Item = String>, Error> {
    let known = hosts::list(&mut app.reader(), "", PEERS_MAX).await?;
    Ok(known.into_iter().filter(|host| host.policy != Policy::Block).map(|host| host.name))
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_app::hosts;
    use alongside_domain::agreement::{Limit, Limits};
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use serde_json::json;

    both_engines! {
        async fn a_node_is_found_by_how_its_name_begins(store: Store) {
            let door = Door::new(store);
            for host in ["bees.example", "bears.example", "owls.example"] {
                hosts::limit(&door.node.app, host, Limits::of(&[Limit::NoMedia])).await.unwrap();
            }
            hosts::block(&door.node.app, "beetles.example").await.unwrap();
            let search = async |q: &str| door.get(&format!("/api/v1/peers/search?q={q}"), "").await.ok();
            assert_eq!(search("BE").await, json!(["bears.example", "bees.example"]));
            assert_eq!(search("bees.").await, json!(["bees.example"]));
            let all = door.get("/api/v1/instance/peers", "").await.ok();
            assert_eq!(all, json!(["bears.example", "bees.example", "owls.example"]), "and none that is blocked");
            assert_eq!((search("cats").await, search("").await), (json!([]), json!([])));
        }
    }
}
