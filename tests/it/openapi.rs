//! The description of the API: `docs/openapi.json` is what a node serves, and says nothing that is not so.

use std::fs;

use alongside_testkit::engines;
use serde_json::Value;

use crate::peer::Peer;
use crate::{setting, source};

const COMMITTED: &str = "docs/openapi.json";

#[tokio::test]
async fn the_committed_description_is_the_one_a_node_serves() {
    engines::on_sqlite(|store| async {
        let node = Peer::beside(store, "127.0.0.1:9").await;
        let (status, served) = node.answers("/api/openapi.json").await;
        assert_eq!(status, 200, "{served}");
        let served: Value = serde_json::from_str(&served).expect("the description is JSON");
        let served = format!("{}\n", serde_json::to_string_pretty(&served).expect("it was JSON"));
        let path = source::root().join(COMMITTED);
        if setting::optional("ALONGSIDE_TEST_RENEW").is_some() {
            fs::write(&path, &served).expect("the description can be written");
        }
        let committed = fs::read_to_string(&path).expect("the description is there");
        assert!(
            committed == served,
            "The API has changed. Run this test with ALONGSIDE_TEST_RENEW=1, and look at what changed in {COMMITTED}."
        );
    })
    .await;
}
