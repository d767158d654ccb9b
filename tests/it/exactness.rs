//! Answers of the client API are as Mastodon's own are described: every `GET` that the published schema has, asked
//! by a program that lies beside the project, and what is written, asked here.
//!
//! The node has something of everything, so that lists are not empty and what is in them is looked at too.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::process::Node;
use crate::{setting, source};

/// What the program finds otherwise than the schema, and why it stays so.
const OTHERWISE: [(&str, &str); 6] = [
    ("/.well-known/oauth-authorization-server", "the scopes of the groups extension are named too"),
    ("/api/v1/accounts/{account_id}/collections", "collections are not offered"),
    ("/api/v1/accounts/{account_id}/in_collections", "collections are not offered"),
    ("/api/v1/filters", "the schema has one filter where the API gives a list of them"),
    ("/api/v1/push/subscription", "the token has none, which is documented to be a 404"),
    ("/api/v2/filters/statuses/{id}", "the program asks with the id of a post"),
];

#[tokio::test]
async fn every_get_is_answered_as_the_schema_says() {
    let Some(tools) = Tools::find() else { return };
    let stage = Stage::new();
    stage.fill().await;
    let output = tools.python("../shared/harness/openapi_check.py", &[&stage.node.base, &stage.ada]).output();
    let printed = output.expect("the program runs").stdout;
    let printed = String::from_utf8_lossy(&printed);
    let is_wrong = |line: &&str| line.starts_with("BAD") || line.starts_with("MISSING");
    let wrong: Vec<&str> = printed.lines().filter(is_wrong).collect();
    let expected = |line: &&&str| OTHERWISE.iter().any(|(path, _)| names(line, path));
    let surprises: Vec<&&str> = wrong.iter().filter(|line| !expected(line)).collect();
    assert!(surprises.is_empty(), "{surprises:#?}\n{}", stage.node.log());
    for (path, reason) in OTHERWISE {
        assert!(wrong.iter().any(|line| names(line, path)), "{path} is as the schema says now: {reason}");
    }
    let conforming = printed.lines().filter(|line| line.starts_with("OK")).count();
    assert!(conforming >= 70, "only {conforming} were looked at:\n{printed}");
    setting::tell(&format!("{conforming} answers are as the schema says"));
}

#[tokio::test]
async fn what_is_written_is_answered_as_the_schema_says() {
    let Some(tools) = Tools::find() else { return };
    let stage = Stage::new();
    let answers = stage.write().await;
    let mut program = tools.python("tests/tools/answers.py", &[]);
    let mut program = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program runs");
    let mut lines = program.stdin.take().expect("it reads");
    for answer in &answers {
        writeln!(lines, "{answer}").expect("it listens");
    }
    drop(lines);
    let output = program.wait_with_output().expect("it ends");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}\n{}", stage.node.log());
    setting::tell(printed.trim().lines().next_back().unwrap_or_default());
}

fn names(line: &str, path: &str) -> bool {
    line.split_whitespace().any(|word| word == path)
}

/// What the programs run on.
struct Tools {
    python: String,
    schema: String,
}

impl Tools {
    /// `None`, with a printed reason, where something is missing.
    fn find() -> Option<Self> {
        let schema = source::root().join("../shared/openapi/mastodon.json");
        if !schema.is_file() {
            setting::tell("skipped: there is no ../shared/openapi beside the project");
            return None;
        }
        let tools = setting::needed("ALONGSIDE_TOOLS")?;
        if !Path::new(&tools).join("venv/bin/jsonschema").exists() {
            setting::tell("skipped: jsonschema is not among the tools; `./dev test` fetches it");
            return None;
        }
        Some(Self { python: format!("{tools}/venv/bin/python"), schema: schema.display().to_string() })
    }

    fn python(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.python);
        command.arg(source::root().join(program)).arg(&self.schema).args(arguments);
        command
    }
}

/// A node with two members and a community.
struct Stage {
    node: Node,
    ada: String,
    ben: String,
    client: Client,
}

impl Stage {
    #[expect(clippy::disallowed_methods, reason = "a client of the API, on loopback")]
    fn new() -> Self {
        let node = Node::start("");
        let mut tokens = Vec::new();
        for handle in ["ada", "ben"] {
            let email = format!("{handle}@example.org");
            let password = "correct horse battery staple";
            node.run(&["account", "create", handle, "--email", &email, "--password", password]);
            tokens.push(node.run(&["token", "create", handle, "--scopes", "read write follow push profile"]));
        }
        node.run(&["community", "create", "sleep", "--title", "Sleep"]);
        node.run(&["announcement", "publish", "Closed on #monday"]);
        node.run(&["host", "block", "spam.example"]);
        let [ada, ben] = <[String; 2]>::try_from(tokens).expect("there are two");
        Self { node, ada, ben, client: Client::new() }
    }

    /// Asks for something, as JSON, and gives the answer, which must be 200.
    async fn ask(&self, token: &str, method: Method, path: &str, body: Value) -> Value {
        let request = self.client.request(method.clone(), format!("{}{path}", self.node.base));
        let request = request.bearer_auth(token).header("content-type", "application/json");
        let answer = request.body(body.to_string()).send().await.expect("the node answers");
        let (status, text) = (answer.status(), answer.text().await.expect("with a body"));
        assert_eq!(status, 200, "{method} {path}: {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> Value {
        self.ask(token, Method::POST, path, body).await
    }

    /// Something of everything, so that there is something in every list.
    async fn fill(&self) {
        let (ada, ben) = (&self.ada, &self.ben);
        let me = self.ask(ben, Method::GET, "/api/v1/accounts/verify_credentials", json!({})).await;
        let sleep = self.ask(ada, Method::GET, "/api/v1/accounts/lookup?acct=sleep", json!({})).await;
        let own = self.ask(ada, Method::GET, "/api/v1/accounts/verify_credentials", json!({})).await;
        let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
        for (token, whom) in [(ada, id(&me)), (ben, id(&own)), (ada, id(&sleep))] {
            self.post(token, &format!("/api/v1/accounts/{whom}/follow"), json!({})).await;
        }
        self.post(ada, &format!("/api/v1/accounts/{}/endorse", id(&me)), json!({})).await;
        let post = self
            .post(ada, "/api/v1/statuses", json!({ "status": "Hello @ben, about #walk https://example.org" }))
            .await;
        self.post(
            ada,
            "/api/v1/statuses",
            json!({ "status": "A vote", "poll": { "options": ["tea", "milk"], "expires_in": 3600 } }),
        )
        .await;
        let answer = json!({ "status": "@ada yes", "in_reply_to_id": id(&post), "spoiler_text": "a note" });
        self.post(ben, "/api/v1/statuses", answer).await;
        self.post(ben, "/api/v1/statuses", json!({ "status": "@ada a letter", "visibility": "direct" }))
            .await;
        let post = format!("/api/v1/statuses/{}", id(&post));
        for verb in ["favourite", "reblog", "bookmark"] {
            self.post(ben, &format!("{post}/{verb}"), json!({})).await;
            self.post(ada, &format!("{post}/{verb}"), json!({})).await;
        }
        self.post(ada, &format!("{post}/pin"), json!({})).await;
        self.ask(ada, Method::PUT, &post, json!({ "status": "Hello @ben, all about #walk" })).await;
        let list = self.post(ada, "/api/v1/lists", json!({ "title": "friends" })).await;
        self.post(ada, &format!("/api/v1/lists/{}/accounts", id(&list)), json!({ "account_ids": [id(&me)] }))
            .await;
        let filter =
            json!({ "title": "note", "context": ["home"], "keywords_attributes": [{ "keyword": "note" }] });
        self.post(ada, "/api/v2/filters", filter).await;
        self.post(ada, "/api/v1/featured_tags", json!({ "name": "walk" })).await;
        self.post(ada, "/api/v1/tags/walk/follow", json!({})).await;
        self.post(ada, "/api/v1/domain_blocks", json!({ "domain": "loud.example" })).await;
        self.post(ada, "/api/v1/markers", json!({ "home": { "last_read_id": "1" } })).await;
        let shown = json!({ "discoverable": true, "note": "About me" });
        self.ask(ada, Method::PATCH, "/api/v1/accounts/update_credentials", shown).await;
        for (verb, handle) in [("block", "cleo"), ("mute", "dan")] {
            let email = format!("{handle}@example.org");
            let password = "correct horse battery staple";
            self.node.run(&["account", "create", handle, "--email", &email, "--password", password]);
            let path = format!("/api/v1/accounts/lookup?acct={handle}");
            let other = self.ask(ada, Method::GET, &path, json!({})).await;
            self.post(ada, &format!("/api/v1/accounts/{}/{verb}", id(&other)), json!({})).await;
        }
    }

    /// Everything a member can write, one after another; each answer with the operation as the schema names it.
    async fn write(&self) -> Vec<Value> {
        let mut story = Writing { stage: self, answers: Vec::new() };
        let ben = self.ask(&self.ben, Method::GET, "/api/v1/accounts/verify_credentials", json!({})).await;
        let ben = ben["id"].as_str().expect("an id").to_owned();
        story.profiles().await;
        story.people(&ben).await;
        story.posts().await;
        story.things_of_ones_own(&ben).await;
        story.answers
    }
}

/// What was answered so far.
struct Writing<'a> {
    stage: &'a Stage,
    answers: Vec<Value>,
}

impl Writing<'_> {
    /// Does something as ada, and keeps the answer. Names in braces stand for what `named` says.
    async fn does(&mut self, method: Method, path: &str, named: &[(&str, &str)], body: Value) -> Value {
        let mut address = path.to_owned();
        for (name, value) in named {
            address = address.replace(&format!("{{{name}}}"), value);
        }
        let answer = self.stage.ask(&self.stage.ada, method.clone(), &address, body).await;
        let method = method.as_str().to_lowercase();
        self.answers.push(json!({ "method": method, "path": path, "status": 200, "body": answer }));
        answer
    }

    async fn posts_to(&mut self, path: &str, named: &[(&str, &str)], body: Value) -> String {
        let answer = self.does(Method::POST, path, named, body).await;
        answer["id"].as_str().unwrap_or_default().to_owned()
    }

    async fn profiles(&mut self) {
        let app = json!({ "client_name": "walk", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob" });
        self.posts_to("/api/v1/apps", &[], app).await;
        let about = json!({ "note": "About me", "fields_attributes": [{ "name": "likes", "value": "tea" }] });
        self.does(Method::PATCH, "/api/v1/accounts/update_credentials", &[], about.clone()).await;
        self.does(Method::PATCH, "/api/v1/profile", &[], about).await;
        self.does(Method::DELETE, "/api/v1/profile/avatar", &[], json!({})).await;
        self.does(Method::DELETE, "/api/v1/profile/header", &[], json!({})).await;
    }

    async fn people(&mut self, ben: &str) {
        const VERBS: [&str; 12] = [
            "follow",
            "endorse",
            "unendorse",
            "pin",
            "unpin",
            "mute",
            "unmute",
            "note",
            "remove_from_followers",
            "unfollow",
            "block",
            "unblock",
        ];
        for verb in VERBS {
            let path = format!("/api/v1/accounts/{{id}}/{verb}");
            self.posts_to(&path, &[("id", ben)], json!({ "comment": "met once" })).await;
        }
        let locked = json!({ "locked": true });
        self.does(Method::PATCH, "/api/v1/accounts/update_credentials", &[], locked).await;
        let ada = self.does(Method::PATCH, "/api/v1/accounts/update_credentials", &[], json!({})).await;
        for verb in ["reject", "authorize"] {
            let ask = format!("/api/v1/accounts/{}/follow", ada["id"].as_str().expect("an id"));
            self.stage.post(&self.stage.ben, &ask, json!({})).await;
            let path = format!("/api/v1/follow_requests/{{account_id}}/{verb}");
            self.posts_to(&path, &[("account_id", ben)], json!({})).await;
        }
        self.posts_to("/api/v1/reports", &[], json!({ "account_id": ben, "comment": "selling" })).await;
    }

    async fn posts(&mut self) {
        let body =
            json!({ "status": "#walk with me", "poll": { "options": ["tea", "milk"], "expires_in": 3600 } });
        let post = self.does(Method::POST, "/api/v1/statuses", &[], body).await;
        let id = post["id"].as_str().expect("an id").to_owned();
        let named = [("id", id.as_str())];
        for verb in [
            "favourite",
            "unfavourite",
            "reblog",
            "unreblog",
            "bookmark",
            "unbookmark",
            "pin",
            "unpin",
            "mute",
            "unmute",
        ] {
            self.posts_to(&format!("/api/v1/statuses/{{id}}/{verb}"), &named, json!({})).await;
        }
        let nobody = json!({ "quote_approval_policy": "nobody" });
        self.does(Method::PUT, "/api/v1/statuses/{id}/interaction_policy", &named, nobody).await;
        let edited = json!({ "status": "#walk with us" });
        self.does(Method::PUT, "/api/v1/statuses/{id}", &named, edited).await;
        self.does(Method::DELETE, "/api/v1/statuses/{id}", &named, json!({})).await;
        let voted = json!({ "status": "?", "poll": { "options": ["tea", "milk"], "expires_in": 3600 } });
        let asked = self.stage.post(&self.stage.ben, "/api/v1/statuses", voted).await;
        let poll = asked["poll"]["id"].as_str().expect("a poll").to_owned();
        self.posts_to("/api/v1/polls/{id}/votes", &[("id", &poll)], json!({ "choices": [0] })).await;
    }

    async fn things_of_ones_own(&mut self, ben: &str) {
        let list = self.posts_to("/api/v1/lists", &[], json!({ "title": "friends" })).await;
        self.does(Method::PUT, "/api/v1/lists/{id}", &[("id", &list)], json!({ "title": "others" })).await;
        self.does(Method::DELETE, "/api/v1/lists/{id}", &[("id", &list)], json!({})).await;
        for verb in ["follow", "unfollow"] {
            self.posts_to(&format!("/api/v1/tags/{{name}}/{verb}"), &[("name", "walk")], json!({})).await;
        }
        for verb in ["feature", "unfeature"] {
            self.posts_to(&format!("/api/v1/tags/{{id}}/{verb}"), &[("id", "walk")], json!({})).await;
        }
        let featured = self.posts_to("/api/v1/featured_tags", &[], json!({ "name": "walk" })).await;
        self.does(Method::DELETE, "/api/v1/featured_tags/{id}", &[("id", &featured)], json!({})).await;
        self.filters().await;
        self.posts_to("/api/v1/markers", &[], json!({ "home": { "last_read_id": "1" } })).await;
        let policy = json!({ "for_new_accounts": "filter" });
        self.does(Method::PATCH, "/api/v2/notifications/policy", &[], policy).await;
        let letter = json!({ "status": "@ada hello", "visibility": "direct" });
        self.stage.post(&self.stage.ben, "/api/v1/statuses", letter).await;
        self.posts_to("/api/v1/notifications/requests/{id}/accept", &[("id", ben)], json!({})).await;
        let talks = self.stage.ask(&self.stage.ada, Method::GET, "/api/v1/conversations", json!({})).await;
        let talk = talks[0]["id"].as_str().expect("a conversation").to_owned();
        self.posts_to("/api/v1/conversations/{id}/read", &[("id", &talk)], json!({})).await;
        self.posts_to("/api/v1/notifications/clear", &[], json!({})).await;
    }

    async fn filters(&mut self) {
        let body =
            json!({ "title": "note", "context": ["home"], "keywords_attributes": [{ "keyword": "note" }] });
        let filter = self.posts_to("/api/v2/filters", &[], body).await;
        self.does(Method::PUT, "/api/v2/filters/{id}", &[("id", &filter)], json!({ "title": "notes" })).await;
        let named = [("filter_id", filter.as_str())];
        let keyword =
            self.posts_to("/api/v2/filters/{filter_id}/keywords", &named, json!({ "keyword": "loud" })).await;
        let word = [("id", keyword.as_str())];
        self.does(Method::PUT, "/api/v2/filters/keywords/{id}", &word, json!({ "keyword": "quiet" })).await;
        let post = self.stage.post(&self.stage.ben, "/api/v1/statuses", json!({ "status": "hello" })).await;
        let covered = json!({ "status_id": post["id"] });
        let covered = self.posts_to("/api/v2/filters/{filter_id}/statuses", &named, covered).await;
        self.does(Method::DELETE, "/api/v2/filters/statuses/{id}", &[("id", &covered)], json!({})).await;
        self.does(Method::DELETE, "/api/v2/filters/{id}", &[("id", &filter)], json!({})).await;
        let old = json!({ "phrase": "note", "context": ["home"] });
        let old = self.posts_to("/api/v1/filters", &[], old).await;
        let changed = json!({ "phrase": "notes", "context": ["home"] });
        self.does(Method::PUT, "/api/v1/filters/{id}", &[("id", &old)], changed).await;
        self.does(Method::DELETE, "/api/v1/filters/{id}", &[("id", &old)], json!({})).await;
    }
}
