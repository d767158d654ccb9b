//! `GET /api/v1/streaming`: one WebSocket on which a client listens to as many channels as it likes.

use crate::error::Error;
use crate::openapi::handler::Output;
use crate::openapi::operation::Operation;
use crate::params::{self, Query};
use crate::state::Web;
use crate::streaming::ask::{Asked, Listener};
use crate::streaming::frames::Form;
use crate::streaming::hub::{Seat, Why};
use alongside_domain::clock::Timestamp;
use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderMap;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use serde_json::json;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// Bytes in one message of a client.
const MESSAGE_BYTES_MAX: usize = 4_096;
/// Messages of one client in a minute.
const MESSAGES_PER_MIN: u32 = 120;
/// How often a client is asked whether it is still there; one that has not answered by the next time is gone.
const PING: Duration = Duration::from_secs(30);
/// How long a client may take to answer that the connection ends.
const GOODBYE: Duration = Duration::from_secs(2);
/// How long a client may take to take what it is sent.
const TAKE: Duration = Duration::from_secs(10);

/// Opens the socket. A browser can send a token only in the address or as the protocol, and wants to see the
/// protocol in the answer.
pub(super) async fn open(
    State(web): State<Web>,
    listener: Listener,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Opened, Error> {
    let upgrade = upgrade.map_err(|_| {
        Error::Malformed(
            "This address is for a WebSocket; without one, see /api/v1/streaming/user".to_owned(),
        )
    })?;
    let seat = listener.sit(&web, Form::Socket).await?;
    let offered = headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(|offered| offered.to_str().ok());
    let protocol = offered.and_then(|offered| offered.split(',').next()).map(|first| first.trim().to_owned());
    let opened = upgrade
        // A thousand who only listen would hold 128 MiB otherwise.
        .read_buffer_size(MESSAGE_BYTES_MAX)
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .protocols(protocol)
        .on_upgrade(move |socket| Connection { web, listener, seat, socket }.serve(asked));
    Ok(Opened(opened))
}

/// The answer after which both sides speak as they like.
#[derive(Debug)]
pub(super) struct Opened(Response);

impl IntoResponse for Opened {
    fn into_response(self) -> Response {
        self.0
    }
}

impl Output for Opened {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives_socket();
    }
}

struct Connection {
    web: Web,
    listener: Listener,
    seat: Seat,
    socket: WebSocket,
}

/// How a connection goes on.
enum Next {
    Go,
    Over,
}

impl Connection {
    async fn serve(mut self, asked: Asked) {
        if !asked.stream.is_empty() && matches!(self.subscribe(&asked).await, Next::Over) {
            return;
        }
        let mut pings = interval(PING);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut is_there, mut pace) = (true, Pace::default());
        loop {
            let next = tokio::select! {
                biased;
                text = self.seat.next() => match text {
                    Ok(text) => self.send(text).await,
                    Err(why) => return self.close(goodbye(why)).await,
                },
                message = self.socket.next() => {
                    is_there = true;
                    match message {
                        Some(Ok(message)) => self.hear(message, &mut pace).await,
                        Some(Err(_)) => return self.close(TOO_LARGE_OR_BROKEN).await,
                        None => return,
                    }
                }
                _ = pings.tick() => {
                    if !std::mem::take(&mut is_there) {
                        return;
                    }
                    self.give(Message::Ping(Bytes::new())).await
                }
            };
            if matches!(next, Next::Over) {
                return;
            }
        }
    }

    async fn hear(&mut self, message: Message, pace: &mut Pace) -> Next {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => {
                self.close((close_code::UNSUPPORTED, "binary messages are not understood here")).await;
                return Next::Over;
            }
            Message::Close(_) => return Next::Over,
            Message::Ping(_) | Message::Pong(_) => return Next::Go,
        };
        if !pace.allows(self.web.app().now()) {
            self.close((close_code::POLICY, "too many messages")).await;
            return Next::Over;
        }
        match params::of_json::<Asked>(text.as_bytes()) {
            Ok(asked) => match asked.kind.as_deref() {
                Some("subscribe") => self.subscribe(&asked).await,
                Some("unsubscribe") => match asked.channel() {
                    Ok((name, _)) => {
                        self.seat.leave(&name);
                        Next::Go
                    }
                    Err(none) => self.refuse(&none.into()).await,
                },
                Some(_) | None => {
                    let says = "`type` must be `subscribe` or `unsubscribe`".to_owned();
                    self.refuse(&Error::Malformed(says)).await
                }
            },
            Err(problem) => self.refuse(&problem.into()).await,
        }
    }

    async fn subscribe(&mut self, asked: &Asked) -> Next {
        match self.listener.listen(&self.web, &self.seat, asked).await {
            Ok(()) => Next::Go,
            Err(error) => self.refuse(&error).await,
        }
    }

    /// Says what is wrong, in the words and with the status of an answer over HTTP.
    async fn refuse(&mut self, error: &Error) -> Next {
        let text = json!({ "error": error.told(), "status": error.status().as_u16() }).to_string();
        self.give(Message::Text(text.into())).await
    }

    async fn send(&mut self, text: Bytes) -> Next {
        match Utf8Bytes::try_from(text) {
            Ok(text) => self.give(Message::Text(text)).await,
            Err(_) => Next::Go,
        }
    }

    /// Hands the client a message; over with it if it does not take it, or is ended meanwhile.
    async fn give(&mut self, message: Message) -> Next {
        let end = self.seat.end();
        tokio::select! {
            biased;
            given = timeout(TAKE, self.socket.send(message)) => {
                if matches!(given, Ok(Ok(()))) { Next::Go } else { Next::Over }
            }
            // The message may be half sent, so there is no goodbye that could be understood.
            () = end.cancelled() => Next::Over,
        }
    }

    async fn close(&mut self, (code, reason): (u16, &'static str)) {
        let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
        // What a client is still sending has to be read, or the goodbye is lost on its way with the connection.
        let goodbye = async {
            if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {}
            }
        };
        // Whoever does not take it has gone already.
        let _ = timeout(GOODBYE, goodbye).await;
    }
}

const TOO_LARGE_OR_BROKEN: (u16, &str) =
    (close_code::SIZE, "a message was too large, or not one of this protocol");

const fn goodbye(why: Why) -> (u16, &'static str) {
    match why {
        Why::Slow => (close_code::AGAIN, "too much was waiting to be taken: connect again"),
        Why::Revoked => (close_code::POLICY, "the access token is not valid any more"),
        Why::Barred => (close_code::POLICY, "this server does not answer to where you are"),
        Why::Stopping => (close_code::AWAY, "the node stops"),
    }
}

/// How many messages came in this minute.
#[derive(Default)]
struct Pace {
    minute: i64,
    messages: u32,
}

impl Pace {
    fn allows(&mut self, now: Timestamp) -> bool {
        let minute = now.as_secs().div_euclid(60);
        if minute != self.minute {
            *self = Self { minute, messages: 0 };
        }
        self.messages += 1;
        self.messages <= MESSAGES_PER_MIN
    }
}
