//! The least that an answer costs: a process that gives the same bytes to whoever asks, by the same HTTP server as a
//! node, and does nothing else.

use crate::load::Answering;
use crate::{Failure, in_time, node, pause};
use axum::Router;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Stdio;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};

/// The process; killed when dropped.
#[derive(Debug)]
pub(crate) struct Answers {
    address: SocketAddr,
    running: Child,
}

impl Answers {
    /// Starts it, with answers of so many bytes.
    pub(crate) async fn start(bytes: usize) -> Result<Self, Failure> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, node::free_port()?));
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("answers")
            .arg("--address")
            .arg(address.to_string())
            .arg("--bytes")
            .arg(bytes.to_string());
        let running = command.stdout(Stdio::null()).kill_on_drop(true).spawn()?;
        let open = async {
            while TcpStream::connect(address).await.is_err() {
                pause(Duration::from_millis(5)).await;
            }
            Ok(())
        };
        in_time("answers are given", open).await?;
        Ok(Self { address, running })
    }
}

impl Answering for Answers {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn process(&self) -> Result<u32, Failure> {
        self.running.id().ok_or_else(|| "the answers have stopped".into())
    }
}

/// Gives them, until the process is killed.
pub(crate) async fn answer(address: SocketAddr, bytes: usize) -> Result<(), Failure> {
    let body = Bytes::from(vec![b' '; bytes]);
    let answers = move || std::future::ready(([(CONTENT_TYPE, "application/json")], body.clone()));
    let listener = TcpListener::bind(address).await?;
    Ok(axum::serve(listener, Router::new().fallback(answers)).await?)
}
