//! What every handler may ask for: the verbs, the node's addresses, and the settings of this door.

use crate::barred::Barred;
use crate::bearers::Bearers;
use crate::mastodon::instance::activity::Activity;
use crate::rates::Rates;
use crate::streaming::hub::Hub;
use crate::unchanged::Answers;
use alongside_app::context::App;
use alongside_domain::place::Places;
use alongside_federation::node::Federation;
use axum::extract::FromRef;
use std::sync::Arc;

/// The node, as its handlers see it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Web {
    node: Federation,
    inner: Arc<Inner>,
    metrics_readers: MetricsReaders,
}

/// Who may read the node's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MetricsReaders {
    /// Nobody.
    Nobody,
    /// Whoever asks from this machine.
    Loopback,
    /// A token of whoever runs the node, good for `admin:read`.
    #[default]
    Token,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    rates: Rates,
    answers: Answers,
    hub: Arc<Hub>,
    barred: Barred,
    bearers: Bearers,
    activity: Activity,
}

/// What the operator has decided about this door.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether a client may send a member's password itself; for trials.
    pub password_grant: bool,
    /// Where the source of what runs here can be had, where the operator says so.
    pub source_url: Option<String>,
    /// How often one may ask.
    pub limits: Limits,
}

/// How often one may ask.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Requests in five minutes with one token, or without one from one address.
    pub token_requests_per_5_min: u32,
    /// Attempts to sign in from one address in five minutes.
    pub address_sign_ins_per_5_min: u32,
    /// Client applications registered from one address in an hour.
    pub address_apps_per_hour: u32,
    /// Connections that listen to streams.
    pub streams: usize,
    /// Of these those of one member.
    pub streams_per_member: usize,
}

impl Web {
    /// Puts the parts together.
    pub fn new(node: Federation, settings: Settings) -> Self {
        let rates = Rates::new(&settings.limits);
        let hub = Arc::new(Hub::new(&settings.limits));
        Self {
            node,
            inner: Arc::new(Inner {
                settings,
                rates,
                answers: Answers::default(),
                hub,
                barred: Barred::default(),
                bearers: Bearers::default(),
                activity: Activity::default(),
            }),
            metrics_readers: MetricsReaders::default(),
        }
    }

    /// Lets others read the node's figures than a token does.
    #[must_use]
    pub fn with_metrics_for(self, metrics_readers: MetricsReaders) -> Self {
        Self { metrics_readers, ..self }
    }

    /// Who may read the node's figures.
    pub fn metrics_readers(&self) -> MetricsReaders {
        self.metrics_readers
    }

    /// The verbs.
    pub fn app(&self) -> &App {
        self.node.app()
    }

    /// The node among others: who they are, and what they send.
    pub fn node(&self) -> &Federation {
        &self.node
    }

    /// What the operator has decided about this door.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The answers that may be given again.
    pub(crate) fn answers(&self) -> &Answers {
        &self.inner.answers
    }

    /// Those who listen to streams.
    pub(crate) fn hub(&self) -> &Arc<Hub> {
        &self.inner.hub
    }

    /// The networks that are kept out.
    pub(crate) fn barred(&self) -> &Barred {
        &self.inner.barred
    }

    /// The tokens that were looked up lately.
    pub(crate) fn bearers(&self) -> &Bearers {
        &self.inner.bearers
    }

    /// How much happens here, as it was counted last.
    pub(crate) fn activity(&self) -> &Activity {
        &self.inner.activity
    }

    /// How often each has asked.
    pub(crate) fn rates(&self) -> &Rates {
        &self.inner.rates
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app().clone()
    }
}

impl FromRef<Web> for Federation {
    fn from_ref(web: &Web) -> Self {
        web.node.clone()
    }
}

impl FromRef<Web> for Places {
    fn from_ref(web: &Web) -> Self {
        web.app().places().clone()
    }
}
