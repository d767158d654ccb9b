//! Connections to a node that stay open, and crowds of them: whoever is answered asks again at once.

use crate::Failure;
use crate::load::Timed;
use bytes::Bytes;
use futures_util::future::try_join_all;
use http::header::HOST;
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// How much of a refusal is told.
const REFUSAL_CHARS_MAX: usize = 200;

/// A request as it is sent here.
pub(crate) type Asked = Request<Full<Bytes>>;

/// One connection, for one request at a time.
#[derive(Debug)]
pub(crate) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    host: HeaderValue,
}

/// Clients that ask at the same time.
#[derive(Debug)]
pub(crate) struct Crowd {
    connections: Vec<Connection>,
}

impl Connection {
    /// Opens one.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { sender, host: HeaderValue::try_from(address.to_string())? })
    }

    /// Sends a request and reads the whole answer, which must be a good one.
    pub(crate) async fn send(&mut self, mut request: Asked) -> Result<Bytes, Failure> {
        let what = format!("{} {}", request.method(), request.uri());
        request.headers_mut().insert(HOST, self.host.clone());
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        if head.status.is_success() { Ok(body) } else { Err(refusal(&what, head.status, &body)) }
    }
}

impl Crowd {
    /// Opens the connections of so many clients.
    pub(crate) async fn connect(address: SocketAddr, clients: usize) -> Result<Self, Failure> {
        let connections = try_join_all((0..clients).map(|_| Connection::open(address))).await?;
        Ok(Self { connections })
    }

    /// Lets everybody send what is next until there is nothing left. How many were answered.
    pub(crate) async fn send(&mut self, next: impl FnMut() -> Option<Asked>) -> Result<usize, Failure> {
        let next = std::cell::RefCell::new(next);
        let take = || (next.borrow_mut())();
        let counts = try_join_all(self.connections.iter_mut().map(async |connection| {
            let mut answered = 0;
            while let Some(request) = take() {
                connection.send(request).await?;
                answered += 1;
            }
            Ok::<usize, Failure>(answered)
        }));
        Ok(counts.await?.into_iter().sum())
    }

    /// The same, and how long each answer took.
    pub(crate) async fn send_timed(&mut self, next: impl FnMut() -> Option<Asked>) -> Result<Timed, Failure> {
        let next = std::cell::RefCell::new(next);
        let take = || (next.borrow_mut())();
        let all = try_join_all(self.connections.iter_mut().map(async |connection| {
            let mut timed = Timed::default();
            while let Some(request) = take() {
                let sent = Instant::now();
                timed.bytes += u64::try_from(connection.send(request).await?.len())?;
                timed.took.push(sent.elapsed());
            }
            Ok::<Timed, Failure>(timed)
        }));
        let mut together = Timed::default();
        for timed in all.await? {
            together.bytes += timed.bytes;
            together.took.extend(timed.took);
        }
        Ok(together)
    }

    /// Lets everybody send what is next until the time is up. How many were answered.
    pub(crate) async fn send_for(
        &mut self,
        how_long: Duration,
        mut next: impl FnMut() -> Asked,
    ) -> Result<usize, Failure> {
        let started = Instant::now();
        self.send(|| (started.elapsed() < how_long).then(&mut next)).await
    }
}

fn refusal(what: &str, status: StatusCode, body: &Bytes) -> Failure {
    let says: String = String::from_utf8_lossy(body).chars().take(REFUSAL_CHARS_MAX).collect();
    format!("{what} was answered with {status}: {says}").into()
}
