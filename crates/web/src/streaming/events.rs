//! Server-sent events: one channel a connection, named by the address.

use crate::error::Error;
use crate::openapi::handler::Output;
use crate::openapi::operation::Operation;
use crate::params::Query;
use crate::routes::{Routes, get};
use crate::state::Web;
use crate::streaming::ask::{Asked, Listener};
use crate::streaming::frames::Form;
use crate::streaming::hub::Seat;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_TYPE;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How often a connection on which nothing happens is shown to be alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The addresses, each for the channel that has its name with colons.
pub(super) fn routes() -> Routes {
    let streams = [
        ("/api/v1/streaming/user", "user"),
        ("/api/v1/streaming/user/notification", "user:notification"),
        ("/api/v1/streaming/public", "public"),
        ("/api/v1/streaming/public/local", "public:local"),
        ("/api/v1/streaming/public/remote", "public:remote"),
        ("/api/v1/streaming/hashtag", "hashtag"),
        ("/api/v1/streaming/hashtag/local", "hashtag:local"),
        ("/api/v1/streaming/list", "list"),
        ("/api/v1/streaming/direct", "direct"),
        ("/api/v1/streaming/group", "group"),
    ];
    streams.into_iter().fold(Routes::new(), |routes, (path, stream)| {
        let open = get(move |State(web): State<Web>, listener: Listener, Query(asked): Query<Asked>| {
            open(web, listener, asked, stream)
        });
        routes.route(path, open)
    })
}

async fn open(web: Web, listener: Listener, asked: Asked, stream: &'static str) -> Result<Events, Error> {
    let media = if asked.only_media && stream.starts_with("public") { ":media" } else { "" };
    let asked = Asked { stream: vec![format!("{stream}{media}")], ..asked };
    let (_, channel) = asked.channel()?;
    listener.check(&web, &channel).await?;
    let seat = listener.sit(&web, Form::Events).await?;
    listener.listen(&web, &seat, &asked).await?;
    let mut heartbeat = interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let body = Body::from_stream(stream::unfold((seat, heartbeat, Beats(0)), next));
    Ok(Events(body))
}

/// What happens, as it happens.
#[derive(Debug)]
pub(super) struct Events(Body);

impl IntoResponse for Events {
    fn into_response(self) -> Response {
        // A proxy that collects an answer before it passes it on would keep all of it to itself.
        ([(CONTENT_TYPE, KIND), X_ACCEL_BUFFERING], self.0).into_response()
    }
}

impl Output for Events {
    fn tell(operation: &mut Operation<'_>) {
        operation.gives(KIND, &json!({ "type": "string" }));
    }
}

const KIND: &str = "text/event-stream";
const X_ACCEL_BUFFERING: (http::HeaderName, &str) =
    (http::HeaderName::from_static("x-accel-buffering"), "no");

/// How often the connection was shown to be alive.
struct Beats(u64);

async fn next(
    (mut seat, mut heartbeat, beats): (Seat, Interval, Beats),
) -> Option<(Result<Bytes, Infallible>, (Seat, Interval, Beats))> {
    let text = tokio::select! {
        biased;
        text = seat.next() => text.ok()?,
        // The first comes at once, so that a client and every proxy between see that the answer has begun.
        _ = heartbeat.tick() => Bytes::from_static(if beats.0 == 0 { b":)\n" } else { b":thump\n" }),
    };
    Some((Ok(text), (seat, heartbeat, Beats(beats.0 + 1))))
}
