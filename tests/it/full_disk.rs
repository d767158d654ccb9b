//! A node whose disk is full: it says so, keeps what it had acknowledged, writes nothing by halves, and goes
//! on by itself when there is room again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::process::Node;
use crate::setting;

const DISK_MEGABYTES: u32 = 24;

/// More than one page of what the disk may still have free.
const LONG: usize = 4_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_stays_and_the_rest_is_refused() {
    let Some((node, token)) = Node::start_on_small_disk(DISK_MEGABYTES) else {
        setting::tell("skipped: a disk of its own for the node (unshare, mount) is not to be had here");
        return;
    };
    let member = Member { base: node.base.clone(), token };
    assert_eq!(member.writes("before").await, StatusCode::OK);
    let filler = node.data().join("filler");
    fill(&filler);
    // What is still free in the database's own pages may take a few more.
    let mut kept = vec!["before".to_owned()];
    let mut refused = 0;
    for number in 0..200 {
        let says = format!("while it is full {number}");
        match member.writes(&says).await {
            StatusCode::OK => kept.push(says),
            StatusCode::SERVICE_UNAVAILABLE => refused += 1,
            other => panic!("{other}: {}", node.log()),
        }
        if refused >= 5 {
            break;
        }
    }
    assert!(refused >= 5, "the disk was never full");
    assert_eq!(member.posts().await, kept, "it can be read meanwhile, and nothing refused is there");
    fs::remove_file(&filler).expect("there is room again");
    assert_eq!(member.writes("after").await, StatusCode::OK, "{}", node.log());
    kept.push("after".to_owned());
    assert_eq!(member.posts().await, kept);
}

/// Writes until nothing more can be written.
fn fill(filler: &Path) {
    let mut file = File::create(filler).expect("there is room at first");
    for size in [64 * 1_024, 512] {
        while file.write_all(&vec![0; size]).is_ok() {}
    }
}

struct Member {
    base: String,
    token: String,
}

impl Member {
    #[expect(clippy::disallowed_methods, reason = "a client of the API, on loopback")]
    async fn writes(&self, says: &str) -> StatusCode {
        let body = json!({ "status": format!("{says} {}", "z".repeat(LONG)) }).to_string();
        let request = reqwest::Client::new()
            .post(format!("{}/api/v1/statuses", self.base))
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .body(body);
        let answer = request.send().await.expect("the node answers");
        let status = answer.status();
        let body = answer.text().await.expect("the answer is text");
        let body: Value = serde_json::from_str(&body).expect("the answer is JSON");
        assert_eq!(body["error"].is_string(), !status.is_success(), "{body}");
        status
    }

    /// The member's posts by how they begin, the oldest first.
    #[expect(clippy::disallowed_methods, reason = "a client of the API, on loopback")]
    async fn posts(&self) -> Vec<String> {
        let url = format!("{}/api/v1/timelines/home?limit=40", self.base);
        let answer = reqwest::Client::new().get(url).bearer_auth(&self.token).send().await;
        let text = answer.expect("the node answers").text().await.expect("the answer is text");
        let shown: Vec<Value> = serde_json::from_str(&text).expect("a list of posts");
        let begins = |post: &Value| {
            let words =
                alongside_federation::sanitise::plain_text(post["content"].as_str().unwrap_or_default());
            words.rsplit_once(' ').map(|(begins, _)| begins.to_owned()).unwrap_or_default()
        };
        shown.iter().rev().map(begins).collect()
    }
}
