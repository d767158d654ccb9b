//! A mail server on loopback: it takes letters, writes them down, and answers as it is told to.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Lines of one letter that are read.
const LINES_MAX: usize = 1_000;

/// A mail server.
#[derive(Debug)]
pub struct Server {
    /// Its address and port.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

/// A letter that it took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taken {
    /// How whoever sent it signed in: the words after the command.
    pub signed_in: String,
    /// From whom it is, in the envelope.
    pub from: String,
    /// For whom it is, in the envelope.
    pub to: Vec<String>,
    /// Its headers and its text.
    pub data: String,
}

#[derive(Debug, Default)]
struct Shared {
    taken: Mutex<Vec<Taken>>,
    /// What it answers to an address, in place of taking it.
    refusal: Mutex<Option<&'static str>>,
}

impl Server {
    /// One behind a door of its own.
    pub async fn open() -> Self {
        let door = TcpListener::bind("127.0.0.1:0").await.expect("a loopback port");
        let address = door.local_addr().expect("a bound door has an address");
        let shared = Arc::<Shared>::default();
        let answering = Arc::clone(&shared);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = door.accept().await {
                let shared = Arc::clone(&answering);
                // Whoever hangs up in the middle has sent no letter.
                tokio::spawn(async move { drop(talk(stream, &shared).await) });
            }
        });
        Self { address, shared, serving }
    }

    /// What it took since this was last called.
    pub fn take(&self) -> Vec<Taken> {
        std::mem::take(&mut *held(&self.shared.taken))
    }

    /// Answers so to whomever a letter is for, such as "550 nobody here"; or takes letters again.
    pub fn refuse(&self, answer: Option<&'static str>) {
        *held(&self.shared.refusal) = answer;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Talks with whoever sends letters, as RFC 5321 has it, until they hang up.
async fn talk(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut stream = BufStream::new(stream);
    let mut letter = Taken::default();
    say(&mut stream, "220 mail.example").await?;
    while let Some(line) = hear(&mut stream).await? {
        let (command, rest) = line.split_once([' ', ':']).unwrap_or((line.as_str(), ""));
        let answer = match command.to_ascii_uppercase().as_str() {
            "EHLO" => "250-mail.example\r\n250 AUTH PLAIN",
            "AUTH" => {
                rest.clone_into(&mut letter.signed_in);
                "235 welcome"
            }
            "MAIL" => {
                letter.from = within(rest);
                "250 ok"
            }
            "RCPT" => {
                let refusal = *held(&shared.refusal);
                if refusal.is_none() {
                    letter.to.push(within(rest));
                }
                refusal.unwrap_or("250 ok")
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                letter.data = data(&mut stream).await?;
                held(&shared.taken).push(letter.clone());
                "250 taken"
            }
            "NOOP" | "RSET" => "250 ok",
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => "502 not known here",
        };
        say(&mut stream, answer).await?;
    }
    Ok(())
}

async fn say(stream: &mut BufStream<TcpStream>, answer: &str) -> io::Result<()> {
    stream.write_all(answer.as_bytes()).await?;
    stream.write_all(b"\r\n").await?;
    stream.flush().await
}

async fn hear(stream: &mut BufStream<TcpStream>) -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await?;
    Ok((read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The letter, to the line with a single dot.
async fn data(stream: &mut BufStream<TcpStream>) -> io::Result<String> {
    let mut text = String::new();
    for _ in 0..LINES_MAX {
        match hear(stream).await?.as_deref() {
            None | Some(".") => break,
            Some(line) => {
                text.push_str(line.strip_prefix('.').unwrap_or(line));
                text.push('\n');
            }
        }
    }
    Ok(text)
}

/// What stands between the angle brackets.
fn within(text: &str) -> String {
    let (_, rest) = text.split_once('<').unwrap_or_default();
    rest.split('>').next().unwrap_or_default().to_owned()
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
