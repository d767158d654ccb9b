//! The listener: it takes connections, as many as fit, and waits for ever neither for a question nor for somebody to
//! take an answer. What a connection asks is answered by the routes.

use crate::taking::Taking;
use axum::Router;
use axum::extract::Extension;
use axum::extract::connect_info::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Layer as _;

/// How much is given to those who connect.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Connections at once; more wait to be accepted.
    pub connections_max: usize,
    /// How long a connection may take to say what it wants, or stay open and want nothing: as long as web
    /// servers commonly keep one, for a client that meets a closed one has to ask again.
    pub head: Duration,
    /// How long a connection may take none of what it is sent, or not say that it has arrived.
    pub take: Duration,
}

/// Connections at once that do not listen to streams.
const CONNECTIONS_MAX: usize = 4_000;

impl Patience {
    /// What is given where so many may listen to streams. These stay for hours, and everybody else has as many places
    /// as without them.
    pub const fn beside_streams(streams_max: usize) -> Self {
        Self {
            connections_max: CONNECTIONS_MAX.saturating_add(streams_max),
            head: Duration::from_secs(75),
            take: Duration::from_mins(1),
        }
    }
}

/// How long a stopping node waits for what is being answered. It is less than the node as a whole waits, so that
/// a connection that never says what it wants does not look like work that was cut off.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// How long to wait when the system has no connection to give, such as for want of open files.
const ACCEPT_AGAIN: Duration = Duration::from_secs(1);

/// Answers whoever connects until it is told to stop, and then finishes what it has begun.
pub async fn answer(listener: TcpListener, routes: Router, patience: Patience, stopping: CancellationToken) {
    let places = Arc::new(Semaphore::new(patience.connections_max.min(Semaphore::MAX_PERMITS)));
    let open = TaskTracker::new();
    let next = async || (Arc::clone(&places).acquire_owned().await, accept(&listener).await);
    while let Some((place, (stream, peer))) = stopping.run_until_cancelled(next()).await {
        // Answers are written whole; waiting for more to send with them only makes them late.
        let _ = stream.set_nodelay(true);
        miss(&stream, patience.take);
        let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(routes.clone()));
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(patience.head);
        let stream = TokioIo::new(Taking::new(stream, patience.take));
        let connection = http.serve_connection(stream, service).with_upgrades();
        let told = stopping.clone();
        open.spawn(async move {
            let _place = place;
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = told.cancelled() => {
                    // It finishes the answer it has begun, and takes no more questions.
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(error = &error as &dyn Error, "a connection broke off");
            }
        });
    }
    drop(listener);
    // What is not done by then is given up with the process.
    open.close();
    let _ = tokio::time::timeout(LAST_ANSWERS, open.wait()).await;
}

/// Whoever is gone without a word takes nothing, and yet the system goes on sending to them for a quarter of an hour, and
/// has room for all that a quiet stream has to say meanwhile. It gives them up as we do.
#[cfg(target_os = "linux")]
fn miss(stream: &TcpStream, patience: Duration) {
    let millis = u32::try_from(patience.as_millis()).unwrap_or(u32::MAX);
    let _ = rustix::net::sockopt::set_tcp_user_timeout(stream, millis);
}

/// Other systems have no such limit for one connection.
#[cfg(not(target_os = "linux"))]
const fn miss(_: &TcpStream, _: Duration) {}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // Whoever connected has gone again.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::error!(error = &error as &dyn Error, "no connection can be accepted");
                pause(ACCEPT_AGAIN).await;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "what is missing now may be there in a moment")]
async fn pause(time: Duration) {
    tokio::time::sleep(time).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::routing::get;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::interval;
    use tokio_util::io::ReaderStream;

    /// More than the system takes for somebody who does not.
    const LONG_BYTES: usize = 64 * 1_048_576;
    /// More than fits at the other end of a connection, and less than the system takes for it.
    const QUIET_BYTES: usize = 65_536;
    /// Only a failure waits so long.
    const FAILURE: Duration = Duration::from_secs(20);

    /// A listener that tells everybody their own port, or much more than they may want to hear.
    async fn start(connections_max: usize) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (address, stopping) = (listener.local_addr().unwrap(), CancellationToken::new());
        let tell = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.port().to_string();
        let (head, take) = (Duration::from_millis(50), Duration::from_millis(500));
        let patience = Patience { connections_max, head, take };
        let long = async || vec![b'.'; LONG_BYTES];
        let routes =
            Router::new().route("/", get(tell)).route("/long", get(long)).route("/quiet", get(quiet));
        (address, stopping.clone(), tokio::spawn(answer(listener, routes, patience, stopping)))
    }

    /// A stream: much at first, and then a little now and again, without end.
    async fn quiet() -> Body {
        let (mut says, heard) = duplex(QUIET_BYTES);
        tokio::spawn(async move {
            let mut now_and_again = interval(Duration::from_millis(50));
            let mut text = vec![b'.'; QUIET_BYTES];
            while says.write_all(&text).await.is_ok() {
                text.truncate(1);
                now_and_again.tick().await;
            }
        });
        Body::from_stream(ReaderStream::new(heard))
    }

    async fn say(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    async fn heard(mut stream: TcpStream) -> String {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    }

    const QUESTION: &str = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

    #[tokio::test]
    async fn whoever_asks_is_answered_and_known_by_their_address() {
        let (address, _stopping, _running) = start(9).await;
        let stream = say(address, QUESTION).await;
        let port = stream.local_addr().unwrap().port().to_string();
        let answer = heard(stream).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with(&port), "{answer}");
    }

    #[tokio::test]
    async fn whoever_never_ends_their_question_makes_room_for_others() {
        let (address, _stopping, _running) = start(1).await;
        let slow = say(address, "GET / HTTP/1.1\r\nhost:").await;
        let answer = heard(say(address, QUESTION).await).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(!heard(slow).await.contains("200"));
    }

    #[tokio::test]
    async fn whoever_takes_nothing_of_their_answer_makes_room_for_others() {
        let (address, _stopping, _running) = start(1).await;
        let deaf = say(address, "GET /long HTTP/1.1\r\nhost: a\r\n\r\n").await;
        let answer = tokio::time::timeout(FAILURE, async { heard(say(address, QUESTION).await).await }).await;
        assert!(answer.expect("there is room").starts_with("HTTP/1.1 200"));
        drop(deaf);
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn whoever_is_gone_from_a_quiet_stream_makes_room_for_others() {
        let (address, _stopping, _running) = start(1).await;
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        let mut gone = socket.connect(address).await.unwrap();
        gone.write_all(b"GET /quiet HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
        let answer = tokio::time::timeout(FAILURE, async { heard(say(address, QUESTION).await).await }).await;
        assert!(answer.expect("there is room").starts_with("HTTP/1.1 200"));
        drop(gone);
    }

    #[tokio::test]
    async fn whoever_takes_what_is_sent_gets_all_of_their_answer() {
        let (address, _stopping, _running) = start(1).await;
        let question = "GET /long HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let answer = tokio::time::timeout(FAILURE, heard(say(address, question).await)).await;
        assert!(answer.expect("it comes to an end").len() > LONG_BYTES);
    }

    #[test]
    fn those_who_listen_to_streams_take_nobodys_place() {
        assert_eq!(Patience::beside_streams(4_000).connections_max, 8_000);
        assert_eq!(Patience::beside_streams(usize::MAX).connections_max, usize::MAX);
    }

    #[tokio::test]
    async fn whoever_says_nothing_does_not_keep_the_node_from_stopping() {
        let (address, stopping, running) = start(9).await;
        let half = say(address, "GET / HTT").await;
        let idle = say(address, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
        idle.readable().await.unwrap();
        stopping.cancel();
        running.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
        drop((half, idle));
    }
}
