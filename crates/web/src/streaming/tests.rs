//! Streams, listened to over real sockets.

mod hearing;
mod sockets;

use crate::mastodon::testing::{Door, Persona};
use alongside_store::engine::Store;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A node whose door is open on a port of this machine.
struct Streams {
    door: Door,
    address: String,
}

/// A client's socket.
struct Ear {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// What was heard: the name of the channel, the event, and the payload, read where it is JSON.
type Heard = (String, String, Value);

/// Only a failure waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

impl Streams {
    async fn new(store: Store) -> Self {
        let door = Door::new(store);
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let router = door.router.clone();
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { door, address }
    }

    /// Opens a socket; the status where it is refused.
    async fn try_open(&self, query: &str, headers: &[(&'static str, &str)]) -> Result<Ear, u16> {
        let address = format!("ws://{}/api/v1/streaming{query}", self.address);
        let mut request = address.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Ear { socket }),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// A socket that listens to these channels for somebody.
    async fn listen(&self, who: &Persona, streams: &[&str]) -> Ear {
        let token = format!("Bearer {}", who.token);
        let mut ear = self.try_open("", &[("authorization", &token)]).await.unwrap();
        for stream in streams {
            ear.say(&json!({ "type": "subscribe", "stream": stream })).await;
        }
        assert_eq!(ear.heard().await, []);
        ear
    }

    /// Everything that has changed is told.
    async fn tell(&self) {
        super::catch_up(&self.door.web).await.unwrap();
    }

    async fn say(&self, who: &Persona, body: Value) -> String {
        self.door.node.clock.advance_secs(1);
        let posted = self.door.post("/api/v1/statuses", &who.token, &body).await.ok();
        posted["id"].as_str().unwrap().to_owned()
    }

    async fn act(&self, who: &Persona, path: &str) {
        self.door.post(&format!("/api/v1/{path}"), &who.token, &json!({})).await.ok();
    }
}

impl Ear {
    async fn say(&mut self, message: &Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    /// The next message, whatever it is.
    async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.socket.next()).await;
        next.expect("a message comes").expect("the socket is open").unwrap()
    }

    async fn next_text(&mut self) -> Value {
        loop {
            match self.next().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Everything that waits for this client: what it asks last is answered last.
    async fn heard(&mut self) -> Vec<Heard> {
        self.say(&json!({ "type": "the end" })).await;
        let mut heard = Vec::new();
        loop {
            let text = self.next_text().await;
            let Some(event) = text["event"].as_str() else {
                assert_eq!(text["status"], 400, "{text}");
                return heard;
            };
            let stream: Vec<&str> =
                text["stream"].as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect();
            let payload = text["payload"].as_str().unwrap_or("null");
            heard.push((stream.join(" "), event.to_owned(), serde_json::from_str(payload).unwrap()));
        }
    }

    /// Events and the ids in them.
    async fn ids(&mut self) -> Vec<(String, String)> {
        let heard = self.heard().await.into_iter();
        heard.map(|(stream, event, payload)| (format!("{stream} {event}"), id_of(&payload))).collect()
    }

    /// How the node ended the connection, without another word before.
    async fn end_at_once(&mut self) -> CloseFrame {
        let mut next = self.next().await;
        while matches!(next, Message::Ping(_)) {
            next = self.next().await;
        }
        let Message::Close(frame) = next else { panic!("{next:?}") };
        frame.expect("a reason")
    }

    /// How the node ended the connection.
    async fn end(&mut self) -> CloseFrame {
        loop {
            match self.next().await {
                Message::Close(frame) => return frame.expect("a reason"),
                Message::Ping(_) | Message::Pong(_) | Message::Text(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }
}

/// The post that a payload shows: of a boost what is boosted.
fn id_of(payload: &Value) -> String {
    let id = payload.pointer("/reblog/id").unwrap_or(&payload["id"]);
    id.as_str().map_or_else(|| payload.to_string(), str::to_owned)
}

fn of(stream: &str, event: &str, id: &str) -> (String, String) {
    (format!("{stream} {event}"), id.to_owned())
}
