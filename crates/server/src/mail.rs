//! Handing letters to the mail server that the settings name.
//!
//! What the server answers may repeat an address, so nothing of it but its three digits is passed on.

use crate::chance::SystemChance;
use crate::config::Config;
use crate::config::mail::Security;
use alongside_app::context::Chance as _;
use alongside_app::letters::{Carrier, Carrying, Envelope, NotCarried};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::fmt;
use std::time::Duration;

/// How long the server may take to answer one command.
const ANSWER_SECS_MAX: u64 = 20;
/// How long handing over one letter may take; less than a job may.
const WHOLE_SECS_MAX: u64 = 80;

/// Carries letters to the mail server.
pub struct Courier {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// The node's own name, as other machines know it.
    host: String,
}

/// The part that talks to the mail server cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the part that talks to the mail server cannot be set up")]
pub struct SetupError(#[from] SmtpError);

/// Whoever carries letters, where the settings name a server.
pub fn courier(config: &Config) -> Result<Option<Courier>, SetupError> {
    let mail = &config.mail;
    let (Some(server), Some(from)) = (&mail.server, &mail.from) else { return Ok(None) };
    let parameters = || TlsParameters::new(server.name().to_owned());
    let tls = match server.security {
        Security::Plain => Tls::None,
        Security::StartTls => Tls::Required(parameters()?),
        Security::Tls => Tls::Wrapper(parameters()?),
    };
    let host = config.url.as_url().host_str().unwrap_or("localhost").to_owned();
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.name())
        .port(server.port)
        .tls(tls)
        .hello_name(ClientId::Domain(host.clone()))
        .timeout(Some(Duration::from_secs(ANSWER_SECS_MAX)));
    if let (Some(username), Some(password)) = (&mail.username, &mail.password) {
        builder = builder.credentials(Credentials::new(username.clone(), password.reveal().to_owned()));
    }
    Ok(Some(Courier { transport: builder.build(), from: from.mailbox().clone(), host }))
}

impl Courier {
    /// Asks whether the server answers, and takes the name and password.
    pub async fn answers(&self) -> Result<(), NotCarried> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(NotCarried::Later("the mail server hung up".to_owned())),
            Err(error) => Err(reason(&error)),
        }
    }

    async fn hand_over(&self, letter: &Envelope) -> Result<(), NotCarried> {
        let message = self.message(letter)?;
        let sending = self.transport.send(message);
        match tokio::time::timeout(Duration::from_secs(WHOLE_SECS_MAX), sending).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(reason(&error)),
            Err(_) => Err(NotCarried::Later("the mail server took too long".to_owned())),
        }
    }

    fn message(&self, letter: &Envelope) -> Result<Message, NotCarried> {
        let unfit = |_| NotCarried::Never("its address is none that mail can be sent to".to_owned());
        let to: Address = letter.to.as_str().parse().map_err(unfit)?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .message_id(Some(self.fresh_id()))
            // No program should answer, and none should say that somebody is away.
            .raw_header(automatic())
            .header(ContentType::TEXT_PLAIN)
            .body(body(&letter.text))
            .map_err(|_| NotCarried::Never("it cannot be written as mail".to_owned()))
    }

    /// What programs tell one letter from another by.
    fn fresh_id(&self) -> String {
        let mut draw = [0; 16];
        SystemChance.fill(&mut draw);
        format!("<{:032x}@{}>", u128::from_le_bytes(draw), self.host)
    }
}

impl Carrier for Courier {
    fn carry<'a>(&'a self, letter: &'a Envelope) -> Carrying<'a> {
        Box::pin(self.hand_over(letter))
    }
}

/// It holds a password.
impl fmt::Debug for Courier {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Courier")
    }
}

/// A text as it travels. Left to itself the library breaks long lines, and links with them, which not every program
/// puts together again; mail may have lines of 998 characters.
fn body(text: &str) -> Body {
    if !text.is_ascii() {
        return Body::new(text.to_owned());
    }
    let lines = text.replace('\n', "\r\n").into_bytes();
    Body::dangerous_pre_encoded(lines, ContentTransferEncoding::SevenBit)
}

fn automatic() -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned())
}

/// What went wrong, in our own words. Only what is said of the letter or its address is final: a wrong password or a
/// server that is not ready is somebody's to put right, and letters wait for that.
fn reason(error: &SmtpError) -> NotCarried {
    const FINAL: [&str; 5] = ["550", "551", "552", "553", "556"];
    let code = error.status().map(|code| code.to_string());
    match code {
        Some(code) if FINAL.contains(&code.as_str()) => {
            NotCarried::Never(format!("the mail server refuses it ({code})"))
        }
        Some(code) => NotCarried::Later(format!("the mail server does not take it ({code})")),
        None if error.is_tls() => {
            NotCarried::Later("the mail server and this node agree on no TLS".to_owned())
        }
        None if error.is_client() || error.is_response() => {
            NotCarried::Later("the mail server and this node do not understand each other".to_owned())
        }
        None if error.is_timeout() => NotCarried::Later("the mail server took too long".to_owned()),
        None => NotCarried::Later("the mail server cannot be reached".to_owned()),
    }
}

#[cfg(test)]
mod tests;
