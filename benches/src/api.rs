//! A member with a client: the few requests of the client API that measures are made of.

use crate::connection::{Asked, Connection};
use crate::{Failure, in_time, pause};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use http_body_util::Full;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::time::Duration;

/// How often it is looked whether something has come.
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// Posts in one page of a timeline, the most a client may ask for.
const PAGE: usize = 40;

/// A member, and a connection of their client.
#[derive(Debug)]
pub(crate) struct Member {
    connection: Connection,
    authorization: HeaderValue,
    /// What they are called.
    pub(crate) handle: String,
    /// Their id on their node.
    pub(crate) id: String,
}

/// A member's home timeline, and what was seen in it.
#[derive(Debug)]
pub(crate) struct Watch<'a> {
    member: &'a mut Member,
    seen: HashSet<String>,
}

impl Member {
    /// Signs in with a token.
    pub(crate) async fn sign_in(address: SocketAddr, handle: &str, token: &str) -> Result<Self, Failure> {
        let authorization = HeaderValue::try_from(format!("Bearer {token}"))?;
        let connection = Connection::open(address).await?;
        let mut member = Self { connection, authorization, handle: handle.to_owned(), id: String::new() };
        let own = member.get("/api/v1/accounts/verify_credentials").await?;
        member.id = text(&own, "id")?;
        Ok(member)
    }

    /// Opens the connection anew, to a node that was started again.
    pub(crate) async fn connect_again(&mut self, address: SocketAddr) -> Result<(), Failure> {
        self.connection = Connection::open(address).await?;
        Ok(())
    }

    /// A request to read something.
    pub(crate) fn reading(&self, path: &str) -> Asked {
        self.asking(Method::GET, path, Bytes::new())
    }

    /// A request to publish something.
    pub(crate) fn publishing(&self, words: &str, answering: Option<&str>) -> Asked {
        let post = json!({ "status": words, "visibility": "public", "in_reply_to_id": answering });
        self.asking(Method::POST, "/api/v1/statuses", Bytes::from(post.to_string()))
    }

    /// A request to listen to what happens.
    pub(crate) fn listening(
        &self,
        address: SocketAddr,
        path: &str,
    ) -> Result<tokio_tungstenite::tungstenite::handshake::client::Request, Failure> {
        use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
        let mut request = format!("ws://{address}{path}").into_client_request()?;
        request.headers_mut().insert(AUTHORIZATION, self.authorization.clone());
        Ok(request)
    }

    /// Reads something.
    pub(crate) async fn get(&mut self, path: &str) -> Result<Value, Failure> {
        let request = self.reading(path);
        Ok(serde_json::from_slice(&self.connection.send(request).await?)?)
    }

    /// Publishes something. Gives its id.
    pub(crate) async fn publish(&mut self, words: &str, answering: Option<&str>) -> Result<String, Failure> {
        let request = self.publishing(words, answering);
        text(&serde_json::from_slice(&self.connection.send(request).await?)?, "id")
    }

    /// Looks somebody up, at their node where they are not known here. Gives their id here.
    pub(crate) async fn find(&mut self, address: &str) -> Result<String, Failure> {
        let path = format!("/api/v2/search?q=@{address}&resolve=true&type=accounts");
        let found = self.get(&path).await?;
        text(&found["accounts"][0], "id").map_err(|_| format!("{address} was not found").into())
    }

    /// Follows somebody by their id, without waiting for an answer.
    pub(crate) async fn ask_to_follow(&mut self, id: &str) -> Result<(), Failure> {
        let request = self.asking(Method::POST, &format!("/api/v1/accounts/{id}/follow"), Bytes::new());
        self.connection.send(request).await.map(drop)
    }

    /// Waits until somebody has let themselves be followed.
    pub(crate) async fn until_following(&mut self, id: &str) -> Result<(), Failure> {
        let path = format!("/api/v1/accounts/relationships?id[]={id}");
        let following = async {
            while self.get(&path).await?[0]["following"] != true {
                pause(LOOK_EVERY).await;
            }
            Ok(())
        };
        in_time("a follow is accepted", following).await
    }

    /// Does something that needs no more than its address.
    pub(crate) async fn act(&mut self, path: &str) -> Result<(), Failure> {
        let request = self.asking(Method::POST, path, Bytes::new());
        self.connection.send(request).await.map(drop)
    }

    fn asking(&self, method: Method, path: &str, body: Bytes) -> Asked {
        let request = Request::builder().method(method).uri(path);
        let request =
            request.header(AUTHORIZATION, &self.authorization).header(CONTENT_TYPE, "application/json");
        request.body(Full::new(body)).expect("paths are written in this program")
    }
}

impl<'a> Watch<'a> {
    /// Remembers what is there already.
    pub(crate) async fn begin(member: &'a mut Member) -> Result<Self, Failure> {
        let mut watch = Self { member, seen: HashSet::new() };
        watch.look(true).await?;
        Ok(watch)
    }

    /// Whether nothing was there.
    pub(crate) fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Waits until so many more have come.
    pub(crate) async fn until_came(&mut self, count: usize) -> Result<(), Failure> {
        let expected = self.seen.len() + count;
        let coming = async {
            let mut brought = 0;
            while self.seen.len() < expected {
                pause(LOOK_EVERY).await;
                // What comes late may stand below what came before it.
                brought = self.look(brought == 0).await?;
            }
            Ok(())
        };
        in_time("every post is in the home timeline", coming).await
    }

    /// Reads the timeline from its top: to its end, or as far as it brings something new. How much that was.
    async fn look(&mut self, whole: bool) -> Result<usize, Failure> {
        let before = self.seen.len();
        let mut path = format!("/api/v1/timelines/home?limit={PAGE}");
        loop {
            let page = self.member.get(&path).await?;
            let ids = page.as_array().into_iter().flatten().map(|post| text(post, "id"));
            let ids = ids.collect::<Result<Vec<String>, Failure>>()?;
            let known = self.seen.len();
            self.seen.extend(ids.iter().cloned());
            let Some(last) = ids.last().filter(|_| whole || self.seen.len() > known) else {
                return Ok(self.seen.len() - before);
            };
            path = format!("/api/v1/timelines/home?limit={PAGE}&max_id={last}");
        }
    }
}

/// Words like those of a post, and no two the same.
pub(crate) fn words(number: usize) -> String {
    format!(
        "Third night this week that I lay awake until four, and this time I got up and read instead of counting the \
         hours. It helped a little. Does anybody else keep a book by the bed for that? ({number})"
    )
}

fn text(value: &Value, name: &str) -> Result<String, Failure> {
    value[name].as_str().map(str::to_owned).ok_or_else(|| format!("no {name} in {value}").into())
}
