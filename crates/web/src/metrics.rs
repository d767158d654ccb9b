//! `/metrics`: how the node is, in the text format of Prometheus, for those who watch over it. Numbers only: it names
//! other nodes, and no member.

use crate::address::ClientAddress;
use crate::auth::Presented;
use crate::error::Error;
use crate::state::{MetricsReaders, Web};
use alongside_app::context::App;
use alongside_domain::account::Role;
use alongside_domain::id::moment_of;
use alongside_federation::counts::Counts;
use alongside_store::deliveries::{self, Waiting};
use alongside_store::{error, hosts, jobs};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Router};
use http::HeaderMap;
use http::header::{CONTENT_TYPE, HOST};
use std::fmt::Write as _;

/// Hosts that have figures of their own: those that most waits for.
const HOSTS_MAX: i64 = 50;
const FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The address.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/metrics", axum::routing::get(show))
}

async fn show(
    State(web): State<Web>,
    Extension(presented): Extension<Presented>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let may = match web.metrics_readers() {
        MetricsReaders::Nobody => false,
        // A visitor behind a proxy on this machine has asked for a public name, or the proxy says that it is one.
        MetricsReaders::Loopback => {
            address.is_loopback() && asks_for_loopback(&headers) && !was_forwarded(&headers)
        }
        MetricsReaders::Token => is_operators(&presented),
    };
    if !may {
        return Err(Error::NotFound);
    }
    Ok(([(CONTENT_TYPE, FORMAT)], text(web.app(), web.node().counts()).await?).into_response())
}

fn asks_for_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost"
        || name.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// What proxies add to what they pass on. One that adds nothing, and puts its own name for us in the place of the one that
/// was asked for, cannot be told from somebody on this machine: `alongside doctor` looks for it from outside.
fn was_forwarded(headers: &HeaderMap) -> bool {
    const ADDED: [&str; 6] =
        ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];
    ADDED.iter().any(|name| headers.contains_key(*name))
}

fn is_operators(presented: &Presented) -> bool {
    match presented {
        Presented::Token(bearer) => {
            bearer.role == Some(Role::Admin)
                && bearer.member_id.is_some()
                && bearer.scopes.grants("admin:read")
        }
        Presented::Nothing | Presented::Unknown | Presented::Newcomer(..) => false,
    }
}

async fn text(app: &App, counts: &Counts) -> Result<String, error::Error> {
    let mut reader = app.reader();
    let backlog = jobs::backlog(&mut reader).await?;
    let standing = hosts::counted(&mut reader).await?;
    let longest = deliveries::longest(&mut reader, HOSTS_MAX).await?;
    let mut out = String::new();
    let ends = counts.all().map(|(end, count)| (format!("{{end=\"{end}\"}}"), count.to_string()));
    figures(&mut out, "deliveries_total", "counter", "Deliveries by this process, by how they ended.", ends);
    let one = |value: i64| [(String::new(), value.to_string())];
    figures(&mut out, "deliveries_waiting", "gauge", "Deliveries that wait.", one(backlog.deliveries));
    figures(&mut out, "jobs_waiting", "gauge", "Pieces of work that wait.", one(backlog.jobs));
    let statements = [(String::new(), app.store().statements().to_string())];
    figures(&mut out, "statements_total", "counter", "Statements that this process has run.", statements);
    let states =
        [("well", standing.well), ("unreachable", standing.unreachable), ("blocked", standing.blocked)];
    let states = states.map(|(state, count)| (format!("{{state=\"{state}\"}}"), count.to_string()));
    figures(&mut out, "hosts", "gauge", "Other nodes, by how it stands with them.", states);
    let of_host =
        |waiting: &Waiting, value: i64| (format!("{{host=\"{}\"}}", label(&waiting.host)), value.to_string());
    let waiting = longest.iter().map(|waiting| of_host(waiting, waiting.count));
    figures(
        &mut out,
        "host_deliveries_waiting",
        "gauge",
        "Deliveries that wait for a node; the longest queues only.",
        waiting,
    );
    let now = app.now().as_secs();
    let lag = longest
        .iter()
        .map(|waiting| of_host(waiting, (now - moment_of(waiting.oldest_id.get()).as_secs()).max(0)));
    figures(
        &mut out,
        "host_lag_seconds",
        "gauge",
        "Age of the oldest delivery that waits for a node; the longest queues only.",
        lag,
    );
    Ok(out)
}

fn figures(
    out: &mut String,
    name: &str,
    kind: &str,
    help: &str,
    lines: impl IntoIterator<Item = (String, String)>,
) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "# HELP alongside_{name} {help}\n# TYPE alongside_{name} {kind}");
    for (labels, value) in lines {
        let _ = writeln!(out, "alongside_{name}{labels} {value}");
    }
}

/// A value of a label: what others are called must not end the line.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn what_others_are_called_stays_inside_its_label() {
        assert_eq!(label("a\"} 1\nb\\"), "a\\\"} 1\\nb\\\\");
    }

    #[test]
    fn a_visitor_who_came_through_a_proxy_asks_for_a_public_name() {
        let asks = |host: &'static str| {
            asks_for_loopback(&HeaderMap::from_iter([(HOST, HeaderValue::from_static(host))]))
        };
        assert!(asks("127.0.0.1:8080") && asks("localhost") && asks("localhost:8080") && asks("[::1]:8080"));
        assert!(!asks("community.example.org") && !asks("") && !asks("127.0.0.1.example.org"));
    }

    #[test]
    fn a_proxy_that_hides_the_public_name_still_shows_itself() {
        let named = |name| HeaderMap::from_iter([(name, HeaderValue::from_static("198.51.100.7"))]);
        assert!(was_forwarded(&named(http::HeaderName::from_static("x-forwarded-for"))));
        assert!(was_forwarded(&named(http::header::FORWARDED)) && was_forwarded(&named(http::header::VIA)));
        assert!(!was_forwarded(&named(HOST)));
    }
}
