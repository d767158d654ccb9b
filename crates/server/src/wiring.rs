//! From settings to a node: each part is made from those before it, in one place.

use crate::chance::SystemChance;
use crate::clock::SystemClock;
use crate::config::network::Network;
use crate::config::{self, Config, Metrics, SERVER_NUMBER_MAX};
use crate::{folder, mail, media, proxies};
use alongside_app::context::{App, Chance as _, Settings};
use alongside_app::letters::Carrier;
use alongside_app::media::Addresses;
use alongside_domain::account::Email;
use alongside_domain::agreement::Terms;
use alongside_domain::id::{Ids, NODE_NUMBER_MAX};
use alongside_domain::place::Places;
use alongside_federation::fetch::error::SetupError;
use alongside_federation::fetch::{self, Limits};
use alongside_federation::node::{self, Federation};
use alongside_store::engine::Store;
use alongside_store::error;
use alongside_web::router::router;
use alongside_web::state::{self, MetricsReaders, Web};
use axum::Router;
use axum::middleware::from_fn_with_state;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Why there is no node.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data folder cannot be made.
    #[error("the data folder {} cannot be made", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database cannot be opened, or not brought to the shape this version needs.
    #[error("the database cannot be opened")]
    Store(#[from] error::Error),
    /// The client that talks to other nodes cannot be made.
    #[error("the part that talks to other nodes cannot be set up")]
    Federation(#[from] SetupError),
    /// The part that talks to the mail server cannot be made.
    #[error(transparent)]
    Mail(#[from] mail::SetupError),
    /// The place for files cannot be made ready.
    #[error("the place where files are kept cannot be used")]
    Files(#[from] io::Error),
}

/// The node that serves.
pub async fn server(config: &Config) -> Result<Federation, Error> {
    let node = node(config, open(config).await?, config.node_number)?;
    // Addresses of files are written from the first request on.
    Addresses::load(node.app()).await?;
    Ok(node)
}

/// The same node, for a command that writes a little beside the server and must not give its ids.
pub async fn beside_server(config: &Config) -> Result<Federation, Error> {
    let mut draw = [0];
    SystemChance.fill(&mut draw);
    let first = SERVER_NUMBER_MAX + 1;
    node(config, open(config).await?, first + draw[0] % (NODE_NUMBER_MAX - SERVER_NUMBER_MAX))
}

/// What listens: the node, as those who ask see it.
pub fn web(config: &Config, node: Federation) -> Web {
    let settings = state::Settings {
        password_grant: config.oauth.password_grant,
        source_url: config.source_url.as_ref().map(ToString::to_string),
        limits: state::Limits {
            token_requests_per_5_min: config.limits.token_requests_per_5_min,
            address_sign_ins_per_5_min: config.limits.address_sign_ins_per_5_min,
            address_apps_per_hour: config.limits.address_apps_per_hour,
            streams: config.limits.streams,
            streams_per_member: config.limits.streams_per_member,
        },
    };
    let readers = match config.metrics {
        Metrics::Off => MetricsReaders::Nobody,
        Metrics::Loopback => MetricsReaders::Loopback,
        Metrics::Token => MetricsReaders::Token,
    };
    Web::new(node, settings).with_metrics_for(readers)
}

/// Every route of the node.
pub fn routes(config: &Config, web: Web) -> Router {
    let proxies: Arc<[Network]> = config.limits.trusted_proxies.as_slice().into();
    router(web).layer(from_fn_with_state(proxies, proxies::believe))
}

/// The database, in the shape this version needs.
async fn open(config: &Config) -> Result<Store, Error> {
    folder::make(&config.data_dir)
        .map_err(|source| Error::Folder { folder: config.data_dir.clone(), source })?;
    let store = connect(config).await?;
    store.migrate().await?;
    Ok(store)
}

/// The database as it is.
pub async fn connect(config: &Config) -> Result<Store, error::Error> {
    match &config.database {
        Some(address) => Store::postgres(address.reveal()).await,
        None => Store::sqlite(&config.sqlite_file()),
    }
}

/// A node on this database, whose ids carry the number.
pub fn node(config: &Config, store: Store, number: u8) -> Result<Federation, Error> {
    let settings = Settings {
        places: Places::new(config.url.as_url()),
        title: config.title.clone(),
        contact: config.contact.as_ref().map(|contact| Email::as_str(contact).to_owned()),
        data_dir: config.data_dir.clone(),
        terms: terms(&config.federation),
        post_chars_max: config.limits.post_chars,
        media_bytes_max: config.limits.media_bytes,
        registrations: config.registrations,
        min_age: config.min_age,
        mail: mail::courier(config)?.map(|courier| Arc::new(courier) as Arc<dyn Carrier>),
        media: media::keeping(config)?,
    };
    let app = App::new(store, Arc::new(SystemClock), Ids::new(number), Arc::new(SystemChance), settings);
    Ok(Federation::new(app, federation(config))?)
}

fn terms(federation: &config::Federation) -> Terms {
    let signed_fetch = federation.signed_fetch.unwrap_or_else(|| federation.mode.signs_by_default());
    Terms { mode: federation.mode, signed_fetch }
}

fn federation(config: &Config) -> node::Settings {
    node::Settings {
        fetch: fetch::Settings {
            user_agent: format!("Alongside/{} (+{}/)", env!("CARGO_PKG_VERSION"), config.url),
            insecure_hosts: config.federation.insecure_hosts.iter().map(ToString::to_string).collect(),
            limits: Limits { body_bytes_max: config.limits.activity_bytes, ..Limits::default() },
        },
        retry_first_secs: config.federation.retry_first_secs.into(),
        retry_max_secs: config.federation.retry_max_secs.into(),
        fetches_per_host_per_min: config.limits.host_key_lookups_per_min,
        arrivals_per_host_per_min: config.limits.host_activities_per_min,
    }
}
