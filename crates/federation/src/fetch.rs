//! Every request we make to another server: one guarded client for documents,
//! discovery and deliveries. Which URLs and addresses are allowed is in [`guard`], by what a server tells
//! that something has changed in [`marks`]; what the documents mean is in [`crate::documents`]. Nothing here
//! touches the database; with whom the node talks is told by a [`Doorkeeper`].

pub mod error;
pub mod guard;
pub mod marks;
pub mod shape;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, Method, StatusCode};
use reqwest::Response;
use serde_json::Value;
use url::Url;

use crate::documents::{self, Document, origin};
use crate::fetch::error::{FetchError, Outage, SetupError, Unreadable};
use crate::fetch::guard::{Guard, PublicResolver, Refusal};
use crate::fetch::marks::{Known, Validators};
use crate::fetch::shape::{ACTIVITY, FILE, JRD, JSON, Shape, TEXT};

/// What a client needs to know once, at start.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Sent with every request; some servers refuse requests without one.
    pub user_agent: String,
    /// The only `address:port` pairs reachable over plain http; each a loopback address.
    pub insecure_hosts: Vec<String>,
    /// How much of our time and memory a foreign server may take.
    pub limits: Limits,
}

/// How much of our time and memory one exchange with a foreign server may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of a body after decompression.
    pub body_bytes_max: usize,
    /// Redirects followed, each checked anew.
    pub redirects_max: usize,
    /// For the whole exchange: every redirect, every byte.
    pub deadline: Duration,
    /// For one connection to open, TLS included.
    pub connect_deadline: Duration,
    /// Connections kept open per host between deliveries.
    pub idle_per_host_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 1024 * 1024,
            redirects_max: 3,
            deadline: Duration::from_secs(10),
            connect_deadline: Duration::from_secs(5),
            idle_per_host_max: 6,
        }
    }
}

/// Given method and URL, the headers that sign the request; asked again for every redirect.
pub type Sign<'a> = dyn Fn(&Method, &Url) -> HeaderMap + Send + Sync + 'a;

/// A document and where it really came from.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The text as sent.
    pub body: Bytes,
    /// The text as JSON.
    pub json: Value,
    /// By what its server tells whether it has changed.
    pub validators: Validators,
}

/// A text and how its server marks it.
#[derive(Debug, Clone)]
pub struct Text {
    /// The text.
    pub text: String,
    /// The marks, to ask again only for another.
    pub known: Known,
}

/// The answer to a delivery, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status as sent; redirects are not followed.
    pub status: StatusCode,
    /// How long the server asks us to wait, at most [`RETRY_AFTER_MAX`].
    pub retry_after: Option<Duration>,
}

/// The longest wait a `Retry-After` can ask of us.
pub const RETRY_AFTER_MAX: Duration = Duration::from_hours(24);

/// How long a picture or a film may take: they are larger than documents, and members wait for them.
const FILE_DEADLINE: Duration = Duration::from_secs(30);
/// Bytes of a delivery's answer read so that its connection can be used again.
const DRAIN_BYTES_MAX: usize = 16 * 1024;
/// How long we spend on that.
const DRAIN_DEADLINE: Duration = Duration::from_millis(500);

/// Says whether the host of a URL may be asked at all.
#[derive(Clone)]
pub struct Doorkeeper(Arc<Rule>);

type Rule = dyn Fn(Url) -> BoxFuture<'static, Result<(), FetchError>> + Send + Sync;

impl Doorkeeper {
    /// One that keeps to a rule.
    pub fn new(
        rule: impl Fn(Url) -> BoxFuture<'static, Result<(), FetchError>> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(rule))
    }
}

impl fmt::Debug for Doorkeeper {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Doorkeeper")
    }
}

/// Talks to other servers. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    guard: Guard,
    limits: Limits,
    doorkeeper: Option<Doorkeeper>,
}

impl Client {
    /// Builds the client, or says which setting is wrong.
    #[expect(clippy::disallowed_methods, reason = "This is the guarded client.")]
    pub fn new(settings: &Settings) -> Result<Self, SetupError> {
        let limits = settings.limits;
        // A proxy would look names up for us and so undo the pinning.
        let http = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .no_proxy()
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(PublicResolver)
            .connect_timeout(limits.connect_deadline)
            .pool_max_idle_per_host(limits.idle_per_host_max)
            .build()
            .map_err(SetupError::Http)?;
        Ok(Self { http, guard: Guard::new(&settings.insecure_hosts)?, limits, doorkeeper: None })
    }

    /// The same client, that asks before every request and every redirect whether it may be made.
    #[must_use]
    pub fn behind(self, doorkeeper: Doorkeeper) -> Self {
        Self { doorkeeper: Some(doorkeeper), ..self }
    }

    /// Whether a URL may be contacted at all; its name is looked up only when it is.
    pub fn allows(&self, url: &Url) -> Result<(), Refusal> {
        self.guard.allows(url)
    }

    /// Fetches an ActivityPub document whose `id` is the URL it was served from.
    ///
    /// A document that names another `id` of the same origin is fetched once more from there.
    pub async fn get_document(&self, url: &Url, sign: Option<&Sign<'_>>) -> Result<Fetched, FetchError> {
        self.within_deadline(async {
            let first = self.get(url, &ACTIVITY, sign).await?;
            let claimed = match claimed_id(&first) {
                Some(id) if id == first.url => return Ok(first),
                Some(id) if origin::same(&id, &first.url) => id,
                claimed => return Err(FetchError::Mismatch { served: first.url, claimed }),
            };
            let second = self.get(&claimed, &ACTIVITY, sign).await?;
            match claimed_id(&second) {
                Some(id) if id == second.url => Ok(second),
                claimed => Err(FetchError::Mismatch { served: second.url, claimed }),
            }
        })
        .await
    }

    /// Fetches a list. `PieFed` and `NodeBB` give theirs no `id`, or one that they are not served under: what lies at a URL may be
    /// read as a list without, because it says nothing of itself.
    pub async fn get_list(&self, url: &Url, sign: Option<&Sign<'_>>) -> Result<Fetched, FetchError> {
        self.within_deadline(async {
            let fetched = self.get(url, &ACTIVITY, sign).await?;
            let is_list = || matches!(documents::read(&fetched.json), Ok(Document::Collection(_)));
            match claimed_id(&fetched) {
                Some(id) if id == fetched.url => Ok(fetched),
                claimed if claimed.as_ref().is_none_or(|id| origin::same(id, &fetched.url)) && is_list() => {
                    Ok(fetched)
                }
                claimed => Err(FetchError::Mismatch { served: fetched.url, claimed }),
            }
        })
        .await
    }

    /// Fetches a WebFinger answer.
    pub async fn get_jrd(&self, url: &Url) -> Result<Fetched, FetchError> {
        self.within_deadline(self.get(url, &JRD, None)).await
    }

    /// Fetches plain JSON, such as NodeInfo.
    pub async fn get_json(&self, url: &Url) -> Result<Fetched, FetchError> {
        self.within_deadline(self.get(url, &JSON, None)).await
    }

    /// Fetches a text of at most so many bytes, unless it is the one that is known.
    pub async fn get_text(
        &self,
        url: &Url,
        known: &Known,
        bytes_max: usize,
    ) -> Result<Option<Text>, FetchError> {
        let ask = |_: &Method, _: &Url| known.headers();
        self.within_deadline(async {
            let (_, response) = self.follow(url, &TEXT, Some(&ask)).await?;
            if response.status() == StatusCode::NOT_MODIFIED {
                return Ok(None);
            }
            if let Some(error) = FetchError::from_status(&response) {
                return Err(error);
            }
            let known = Known::of(response.headers());
            let body = read_body(response, bytes_max).await?;
            Ok(Some(Text { text: String::from_utf8_lossy(&body).into_owned(), known }))
        })
        .await
    }

    /// Fetches a picture, or a film or a sound, of at most so many bytes.
    pub async fn get_file(
        &self,
        url: &Url,
        picture_bytes_max: usize,
        film_bytes_max: usize,
        sign: Option<&Sign<'_>>,
    ) -> Result<Bytes, FetchError> {
        let exchange = async {
            let (_, response) = self.follow(url, &FILE, sign).await?;
            if let Some(error) = FetchError::from_status(&response) {
                return Err(error);
            }
            let media_type = header(&response, CONTENT_TYPE).unwrap_or_default();
            let is_film = ["video/", "audio/"].iter().any(|kind| media_type.starts_with(kind));
            // What it really is, its first bytes tell; many servers of files declare nothing.
            read_body(response, if is_film { film_bytes_max } else { picture_bytes_max }).await
        };
        tokio::time::timeout(FILE_DEADLINE, exchange)
            .await
            .unwrap_or(Err(FetchError::Unavailable { retry_after: None, outage: Outage::Deadline }))
    }

    /// Asks for something of which the status alone says what there is to know.
    pub async fn get_status(&self, url: &Url, sign: &Sign<'_>) -> Result<StatusCode, FetchError> {
        let (_, response) = self.within_deadline(self.follow(url, &ACTIVITY, Some(sign))).await?;
        let status = response.status();
        let _ = tokio::time::timeout(DRAIN_DEADLINE, read_body(response, DRAIN_BYTES_MAX)).await;
        Ok(status)
    }

    /// Delivers a body with the headers given; any status is an answer.
    pub async fn post(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Answer, FetchError> {
        self.may_ask(url).await?;
        let request = self.http.post(url.clone()).headers(headers).body(body);
        let response =
            self.within_deadline(async { request.send().await.map_err(FetchError::from_transport) }).await?;
        let answer =
            Answer { status: response.status(), retry_after: error::retry_after(response.headers()) };
        // What the server says beyond its status does not matter, only that the connection stays usable.
        let _ = tokio::time::timeout(DRAIN_DEADLINE, read_body(response, DRAIN_BYTES_MAX)).await;
        Ok(answer)
    }

    async fn may_ask(&self, url: &Url) -> Result<(), FetchError> {
        self.guard.allows(url)?;
        match &self.doorkeeper {
            Some(Doorkeeper(rule)) => rule(url.clone()).await,
            None => Ok(()),
        }
    }

    async fn within_deadline<T>(
        &self,
        exchange: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        tokio::time::timeout(self.limits.deadline, exchange)
            .await
            .unwrap_or(Err(FetchError::Unavailable { retry_after: None, outage: Outage::Deadline }))
    }

    async fn get(&self, url: &Url, shape: &Shape, sign: Option<&Sign<'_>>) -> Result<Fetched, FetchError> {
        let (url, response) = self.follow(url, shape, sign).await?;
        if let Some(error) = FetchError::from_status(&response) {
            return Err(error);
        }
        let media_type = header(&response, CONTENT_TYPE).unwrap_or_default();
        if !(shape.accepts)(media_type) {
            return Err(Unreadable::ContentType(media_type.to_owned()).into());
        }
        let validators = Validators::of(response.headers());
        let body = read_body(response, self.limits.body_bytes_max).await?;
        let json = serde_json::from_slice(&body).map_err(Unreadable::Json)?;
        Ok(Fetched { url, body, json, validators })
    }

    /// Follows redirects by hand, so that each hop is checked and signed like the first.
    async fn follow(
        &self,
        url: &Url,
        shape: &Shape,
        sign: Option<&Sign<'_>>,
    ) -> Result<(Url, Response), FetchError> {
        let mut url = origin::without_fragment(url);
        for _ in 0..=self.limits.redirects_max {
            self.may_ask(&url).await?;
            let signed = sign.map(|sign| sign(&Method::GET, &url)).unwrap_or_default();
            let request = self.http.get(url.clone()).headers(signed).header(ACCEPT, shape.accept);
            let response = request.send().await.map_err(FetchError::from_transport)?;
            match redirect_target(&response) {
                Some(location) => url = guard::next_hop(&url, location)?,
                None => return Ok((url, response)),
            }
        }
        Err(Refusal::TooManyRedirects.into())
    }
}

fn claimed_id(fetched: &Fetched) -> Option<Url> {
    let id = fetched.json.get("id").or_else(|| fetched.json.get("@id"))?.as_str()?;
    Url::parse(id).ok().map(|id| origin::without_fragment(&id))
}

fn redirect_target(response: &Response) -> Option<&str> {
    matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308)
        .then(|| header(response, LOCATION))
        .flatten()
}

fn header(response: &Response, name: http::HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

/// Counts bytes as they come out of the decompressor, so a small bomb is as bounded as a large body.
async fn read_body(mut response: Response, bytes_max: usize) -> Result<Bytes, FetchError> {
    if response.content_length().is_some_and(|length| length > bytes_max as u64) {
        return Err(Refusal::TooLarge.into());
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(FetchError::from_transport)? {
        if body.len() + chunk.len() > bytes_max {
            return Err(Refusal::TooLarge.into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests;
