//! For the tests in this crate: a node as federation sees it.

use crate::fetch;
use crate::node::{Federation, Settings};
use alongside_testkit::node::Node;

/// It reaches these hosts of this machine, and tries after a second what failed.
pub(crate) fn federation(node: &Node, insecure_hosts: Vec<String>) -> Federation {
    let settings = Settings {
        fetch: fetch::Settings {
            user_agent: "test".to_owned(),
            insecure_hosts,
            limits: fetch::Limits::default(),
        },
        retry_first_secs: 1,
        retry_max_secs: 1,
        fetches_per_host_per_min: 10,
        arrivals_per_host_per_min: 10,
    };
    Federation::new(node.app.clone(), settings).unwrap()
}
