//! The node as federation sees it: the app, a guarded client, keys, and budgets.

use crate::allowance::Allowance;
use crate::budget::Budget;
use crate::counts::Counts;
use crate::documents::origin;
use crate::fetch::error::{FetchError, Outage, SetupError};
use crate::fetch::guard::Refusal;
use crate::fetch::{self, Client, Doorkeeper, Fetched};
use crate::keys::{self, ActorKeys, KeyRing};
use crate::politeness::{Known, Politeness, Quiet};
use crate::signing::Manner;
use crate::vouch::Answers;
use alongside_app::context::App;
use alongside_app::hosts::{self, NoTalk};
use alongside_domain::actor::Actor;
use alongside_domain::fold;
use alongside_store::error;
use alongside_store::hosts as host_rows;
use alongside_store::session::Session;
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_signatures::time::UnixSeconds;
use std::sync::Arc;
use url::Url;

/// How long a community of which something was missed is not read again.
const MISSED_SECS: i64 = 600;

/// Everything that talking to other nodes needs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Federation {
    app: App,
    inner: Arc<Inner>,
    /// What may still be read on behalf of what is being acted on; no end, where nobody else decides it.
    allowance: Option<Arc<Allowance>>,
}

/// What is asked for at an address.
#[derive(Debug, Clone, Copy)]
enum What {
    /// What is served under its own `id`.
    Document,
    /// A list, whatever it calls itself.
    List,
}

#[derive(Debug)]
struct Inner {
    client: Client,
    lists: Client,
    keys: KeyRing,
    settings: Settings,
    budget: Budget,
    arrivals: Budget,
    missed: Budget,
    answers: Answers,
    politeness: Politeness,
    counts: Counts,
}

/// What the operator has decided about federation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The guarded client.
    pub fetch: fetch::Settings,
    /// Seconds until the first new try of what failed.
    pub retry_first_secs: i64,
    /// Seconds between tries at most.
    pub retry_max_secs: i64,
    /// Requests a host may make us send to find out who it is, each minute.
    pub fetches_per_host_per_min: u32,
    /// Activities taken in of one host, each minute.
    pub arrivals_per_host_per_min: u32,
}

impl Federation {
    /// Puts the parts together.
    pub fn new(app: App, settings: Settings) -> Result<Self, SetupError> {
        let lists = Client::new(&settings.fetch)?;
        let client = lists.clone().behind(doorkeeper(app.clone()));
        let budget = Budget::new(settings.fetches_per_host_per_min);
        let arrivals = Budget::new(settings.arrivals_per_host_per_min);
        let inner = Arc::new(Inner {
            client,
            lists,
            keys: KeyRing::default(),
            settings,
            budget,
            arrivals,
            missed: Budget::once_in(MISSED_SECS),
            answers: Answers::default(),
            politeness: Politeness::default(),
            counts: Counts::default(),
        });
        Ok(Self { app, inner, allowance: None })
    }

    /// The same node, for jobs: a job that a power cut took back is there to be done again, and nothing is delivered before
    /// it is on the disk (decision 11).
    #[must_use]
    pub fn for_jobs(&self) -> Self {
        Self { app: self.app.asynchronous(), ..self.clone() }
    }

    /// The same node, for acting on one thing that somebody else sent: it reads no more on their behalf than
    /// an [`Allowance`] holds.
    #[must_use]
    pub fn for_one_arrival(&self) -> Self {
        Self { allowance: Some(Arc::default()), ..self.clone() }
    }

    /// The verbs.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The guarded client.
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    /// A client with the same guard for lists of hosts, which may lie where nobody is talked with.
    pub fn reader_of_lists(&self) -> &Client {
        &self.inner.lists
    }

    /// A client with the same guard for what is no part of federation, such as push services.
    pub fn beyond_federation(&self) -> &Client {
        &self.inner.lists
    }

    /// The keys of those who live here, and of those who write to us.
    pub fn keys(&self) -> &KeyRing {
        &self.inner.keys
    }

    /// The operator's settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// How often a host may still make us send requests.
    pub fn budget(&self) -> &Budget {
        &self.inner.budget
    }

    /// How much more a host that has proved who it is may send. Kept apart from [`Federation::budget`], which
    /// anybody can fill with made-up names.
    pub fn arrivals(&self) -> &Budget {
        &self.inner.arrivals
    }

    /// How often the threads of a community elsewhere are read again, because something of it was missed.
    pub(crate) fn missed(&self) -> &Budget {
        &self.inner.missed
    }

    /// What the nodes of communities have said of other nodes.
    pub(crate) fn answers(&self) -> &Answers {
        &self.inner.answers
    }

    /// What this process has delivered.
    pub fn counts(&self) -> &Counts {
        &self.inner.counts
    }

    /// The moment it is now, for signatures.
    pub fn unix_now(&self) -> UnixSeconds {
        UnixSeconds(self.app().now().as_secs())
    }

    /// Whether this node talks with a host.
    pub async fn may_talk(&self, session: &mut impl Session, host: &str) -> Result<(), NoTalk> {
        hosts::may_talk(self.app(), session, host).await
    }

    /// Reads a document at its origin, politely. The request is signed by the node itself, in the way the host
    /// is known to take; where it is not understood, once more in the other.
    pub async fn read(&self, url: &Url) -> Result<Fetched, ReadError> {
        self.read_what(What::Document, url).await
    }

    /// Reads a list, which needs no `id` of its own. Signed like [`Federation::read`].
    pub async fn read_list(&self, url: &Url) -> Result<Fetched, ReadError> {
        self.read_what(What::List, url).await
    }

    async fn read_what(&self, what: What, url: &Url) -> Result<Fetched, ReadError> {
        let host = fold::host_of(url).unwrap_or_default();
        let url = &origin::without_fragment(url);
        let _turn = self.inner.politeness.turn(&host, self.app().now()).await?;
        let (keys, manner) = self.signing_for(&host).await?;
        match self.within_allowance(self.read_as(what, url, &keys, manner)).await {
            Err(ReadError::Fetch(FetchError::Denied { status: 400 | 401 })) => {
                self.within_allowance(self.read_as(what, url, &keys, manner.other())).await
            }
            answer => answer,
        }
    }

    /// Reads a WebFinger answer.
    pub async fn read_jrd(&self, url: &Url) -> Result<Fetched, ReadError> {
        self.within_allowance(self.client().get_jrd(url)).await
    }

    /// Reads plain JSON, such as NodeInfo.
    pub async fn read_json(&self, url: &Url) -> Result<Fetched, ReadError> {
        self.within_allowance(self.client().get_json(url)).await
    }

    /// Everything that is read comes through here, and is counted where somebody else has caused it.
    async fn within_allowance(
        &self,
        reading: impl Future<Output = Result<Fetched, FetchError>> + Send,
    ) -> Result<Fetched, ReadError> {
        let Some(allowance) = &self.allowance else { return Ok(reading.await?) };
        if !allowance.fetch() {
            return Err(ReadError::TooMuch);
        }
        let fetched = reading.await?;
        if allowance.hold(fetched.body.len()) { Ok(fetched) } else { Err(ReadError::TooMuch) }
    }

    async fn read_as(
        &self,
        what: What,
        url: &Url,
        keys: &ActorKeys,
        manner: Manner,
    ) -> Result<Fetched, FetchError> {
        let politeness = &self.inner.politeness;
        let (now, known) = (self.unix_now(), politeness.known(url));
        let sign = |method: &Method, to: &Url| {
            let mut headers = manner.sign(method, to, &[], keys, now);
            headers.extend(known.as_ref().filter(|_| to == url).map(Known::conditions).unwrap_or_default());
            headers
        };
        let fetched = match what {
            What::Document => self.client().get_document(url, Some(&sign)).await,
            What::List => self.client().get_list(url, Some(&sign)).await,
        };
        match fetched {
            Ok(fetched) => {
                politeness.keep(&fetched);
                Ok(fetched)
            }
            Err(error) => {
                if let (Some(wait), Some(host)) = (error.retry_after(), fold::host_of(url)) {
                    politeness.hush(&host, wait, self.app().now());
                }
                let again = known.clone().filter(|_| error.is_unchanged());
                again.and_then(|known| known.again(url.clone())).ok_or(error)
            }
        }
    }

    /// Reads a file that is not for everybody, or a film of it. Signed like [`Federation::read`].
    pub async fn read_file(
        &self,
        url: &Url,
        picture_bytes_max: usize,
        film_bytes_max: usize,
    ) -> Result<Bytes, ReadError> {
        let sign = self.signer_for(url).await?;
        Ok(self.client().get_file(url, picture_bytes_max, film_bytes_max, Some(&sign)).await?)
    }

    /// Signs requests to the host of an address as the node itself.
    async fn signer_for(
        &self,
        url: &Url,
    ) -> Result<impl Fn(&Method, &Url) -> HeaderMap + Send + Sync, ReadError> {
        let (keys, manner) = self.signing_for(&fold::host_of(url).unwrap_or_default()).await?;
        let now = self.unix_now();
        Ok(move |method: &Method, url: &Url| manner.sign(method, url, &[], &keys, now))
    }

    /// With which keys, and in which way, the node itself signs what it asks of a host.
    async fn signing_for(&self, host: &str) -> Result<(Arc<ActorKeys>, Manner), ReadError> {
        let node = keys::node_actor(self.app()).await?;
        let keys = self.keys().of(self.app(), &node).await?;
        let known = host_rows::find(&mut self.app().reader(), host).await?;
        Ok((keys, Manner::remembered(known.and_then(|host| host.signature).as_deref())))
    }

    /// Asks a question that is answered by a status alone: yes, or that there is no such thing. Signed like
    /// [`Federation::read`].
    pub(crate) async fn asks(&self, url: &Url) -> Result<bool, ReadError> {
        let sign = self.signer_for(url).await?;
        match self.client().get_status(url, &sign).await? {
            status if status.is_success() => Ok(true),
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => Ok(false),
            _ => Err(ReadError::Fetch(FetchError::NotFound)),
        }
    }

    /// The keys of somebody who lives here.
    pub async fn keys_of(&self, actor: &Actor) -> Result<Arc<ActorKeys>, keys::KeyError> {
        self.keys().of(self.app(), actor).await
    }
}

/// Keeps every request to those this node talks with, wherever a redirect leads.
fn doorkeeper(app: App) -> Doorkeeper {
    Doorkeeper::new(move |url| {
        let app = app.clone();
        Box::pin(async move {
            let host = fold::host_of(&url).ok_or(Refusal::Host)?;
            match hosts::may_talk(&app, &mut app.reader(), &host).await {
                Ok(()) => Ok(()),
                Err(NoTalk::Silent(silence)) => Err(Refusal::Silent(silence).into()),
                Err(NoTalk::Store(error)) => Err(FetchError::Unavailable {
                    retry_after: None,
                    outage: Outage::Undecided(error.into()),
                }),
            }
        })
    })
}

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The origin, or the guard, did not give it.
    #[error("the document could not be read")]
    Fetch(#[from] FetchError),
    /// What is being acted on has caused as much reading as one thing may.
    #[error("one activity asks for too much")]
    TooMuch,
    /// The store could not do it.
    #[error("the store could not say what the host understands")]
    Store(#[from] error::Error),
    /// The host has asked us to wait, and the time is not up.
    #[error(transparent)]
    Quiet(#[from] Quiet),
    /// Our own keys could not be had.
    #[error("the node's own keys could not be had")]
    Keys(#[from] keys::KeyError),
}

impl ReadError {
    /// Whether trying later may help.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Fetch(error) => error.is_temporary(),
            Self::Keys(_) | Self::Store(_) | Self::Quiet(_) => true,
            Self::TooMuch => false,
        }
    }

    /// Whether the origin says that there is nothing.
    pub const fn is_gone(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::NotFound | FetchError::Gone))
    }
}

#[cfg(test)]
mod tests;
