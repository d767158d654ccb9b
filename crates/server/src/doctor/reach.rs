//! Checks from outside: whether the public address leads here, and whether others agree on the time.

use crate::config::value::PublicUrl;
use crate::doctor::Finding;
use alongside_domain::causes;
use alongside_domain::clock::{Clock, Timestamp};
use reqwest::header::DATE;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, UNIX_EPOCH};

const ANSWER_SECS_MAX: u64 = 5;
/// Other servers refuse what we sign when our clock is further off than this.
const CLOCK_SECS_OFF_MAX: u64 = 30;

/// What came back from an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// A status, the time by the answering machine's clock, and by ours.
    Status { status: StatusCode, their_time: Option<Timestamp>, our_time: Timestamp },
    /// Nothing, for this reason.
    None(String),
}

/// Asks the node at its public address whether it is well.
pub(super) async fn ask(url: &PublicUrl, clock: &dyn Clock) -> Answer {
    match request(&format!("{url}/health")).await {
        Ok(response) => Answer::Status {
            status: response.status(),
            their_time: response.headers().get(DATE).and_then(|date| http_date(date.to_str().ok()?)),
            our_time: clock.now(),
        },
        Err(error) => Answer::None(causes::root(&error)),
    }
}

/// Whether the node can have its port, or already answers there.
pub(super) async fn listener(listen: SocketAddr, bound: Result<(), io::ErrorKind>) -> Finding {
    const ABOUT: &str = "listen";
    match bound {
        Ok(()) => Finding::fine(ABOUT, format!("{listen} is free for `alongside serve`")),
        Err(io::ErrorKind::AddrInUse) => match request(&format!("http://{}/health", reachable(listen))).await
        {
            Ok(response) if response.status().is_success() => {
                Finding::fine(ABOUT, format!("a node answers on {listen}"))
            }
            Ok(_) | Err(_) => {
                let remedy = "stop that program or set `listen` to another port";
                Finding::failure(
                    ABOUT,
                    format!("{listen} is used by something that is no healthy node; {remedy}"),
                )
            }
        },
        Err(io::ErrorKind::PermissionDenied) => {
            let remedy = "choose a port above 1023 and let the proxy hold the others";
            Finding::failure(ABOUT, format!("{listen} may not be used by this user; {remedy}"))
        }
        Err(kind) => Finding::failure(
            ABOUT,
            format!("{listen} cannot be used: {kind}; set `listen` to an address of this machine"),
        ),
    }
}

/// Whether the address members use leads to a healthy node.
pub(super) fn public_address(url: &PublicUrl, answer: &Answer, bound: Result<(), io::ErrorKind>) -> Finding {
    const ABOUT: &str = "public address";
    match answer {
        Answer::Status { status, .. } if status.is_success() => {
            Finding::fine(ABOUT, format!("{url} answers"))
        }
        Answer::Status { status, .. } => {
            let remedy = "make the proxy pass every path, with its Host header, to `listen`";
            Finding::failure(ABOUT, format!("{url}/health answers {status}; {remedy}"))
        }
        Answer::None(why) if bound.is_ok() => {
            Finding::warning(ABOUT, format!("{url} does not answer ({why}); start the node and look again"))
        }
        Answer::None(why) => {
            let remedy = "check the name in DNS, the certificate and the proxy";
            Finding::failure(ABOUT, format!("{url} does not answer ({why}); {remedy}"))
        }
    }
}

/// Whether our clock agrees with the one behind the public address, where that is another's.
pub(super) fn clock(answer: &Answer) -> Finding {
    const ABOUT: &str = "clock";
    let Answer::Status { their_time: Some(theirs), our_time: ours, .. } = answer else {
        let says = "could not be compared, because the public address did not answer with a time";
        return Finding::warning(ABOUT, says);
    };
    let off = ours.as_secs().abs_diff(theirs.as_secs());
    if off > CLOCK_SECS_OFF_MAX {
        let remedy = "let both machines follow a time server";
        return Finding::failure(
            ABOUT,
            format!("{off} seconds from the clock at the public address; {remedy}"),
        );
    }
    Finding::fine(ABOUT, "agrees with the clock at the public address")
}

/// Whether the figures that are for this machine alone can be read at the public address: a proxy that passes on neither
/// the name that was asked for nor who asked cannot be told from somebody here.
pub(super) async fn metrics(url: &PublicUrl) -> Option<Finding> {
    const ABOUT: &str = "metrics";
    let answer = request(&format!("{url}/metrics")).await.ok()?;
    Some(if answer.status().is_success() {
        let remedy = "make the proxy pass on the Host header, or set `metrics` to \"token\"";
        Finding::failure(ABOUT, format!("anybody can read {url}/metrics; {remedy}"))
    } else {
        Finding::fine(ABOUT, "cannot be read at the public address")
    })
}

async fn request(address: &str) -> reqwest::Result<reqwest::Response> {
    #[expect(
        clippy::disallowed_methods,
        reason = "asks this node itself, which the guard refuses on loopback"
    )]
    let client = Client::builder()
        .timeout(Duration::from_secs(ANSWER_SECS_MAX))
        .redirect(Policy::none())
        .no_proxy()
        .build()?;
    client.get(address).send().await
}

fn http_date(text: &str) -> Option<Timestamp> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Timestamp::from_secs(since.as_secs().try_into().ok()?))
}

/// Where a listener on every address can be reached from this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        SocketAddr::V4(_) | SocketAddr::V6(_) => listen.ip(),
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::doctor::Verdict;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    fn answered(status: StatusCode, secs_off: i64) -> Answer {
        let our_time = Timestamp::from_secs(1_700_000_000);
        Answer::Status { status, their_time: Some(our_time.plus_secs(secs_off)), our_time }
    }

    #[test]
    fn the_public_address_must_lead_to_a_healthy_node() {
        let url: PublicUrl = "https://community.example.org".parse().unwrap();
        let used = Err(io::ErrorKind::AddrInUse);
        let silent = Answer::None("connection refused".to_owned());
        assert_eq!(public_address(&url, &answered(StatusCode::OK, 0), used).verdict, Verdict::Fine);
        assert_eq!(
            public_address(&url, &answered(StatusCode::BAD_GATEWAY, 0), used).verdict,
            Verdict::Failure
        );
        assert_eq!(public_address(&url, &silent, used).verdict, Verdict::Failure);
        assert_eq!(
            public_address(&url, &silent, Ok(())).verdict,
            Verdict::Warning,
            "the node is not running"
        );
    }

    #[test]
    fn a_clock_far_off_is_a_failure() {
        assert_eq!(clock(&answered(StatusCode::OK, 20)).verdict, Verdict::Fine);
        assert_eq!(clock(&answered(StatusCode::OK, 40)).verdict, Verdict::Failure);
        assert_eq!(clock(&answered(StatusCode::OK, -40)).verdict, Verdict::Failure);
        assert_eq!(clock(&Answer::None(String::new())).verdict, Verdict::Warning);
    }

    #[tokio::test]
    async fn a_port_held_by_something_else_is_a_failure() {
        let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = held.local_addr().unwrap();
        std::thread::spawn(move || drop(held.accept()));
        assert_eq!(listener(address, Err(io::ErrorKind::AddrInUse)).await.verdict, Verdict::Failure);
        assert_eq!(listener(address, Ok(())).await.verdict, Verdict::Fine);
    }

    #[tokio::test]
    async fn an_address_where_nobody_listens_gives_no_answer() {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
        let answer = ask(&format!("http://{free}").parse().unwrap(), &SystemClock).await;
        assert!(matches!(&answer, Answer::None(why) if why.starts_with("Connection refused")), "{answer:?}");
    }

    #[tokio::test]
    async fn figures_that_the_proxy_shows_to_anybody_are_a_failure() {
        for (status, verdict) in [("200 OK", Verdict::Failure), ("404 Not Found", Verdict::Fine)] {
            let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            let url: PublicUrl = format!("http://{}", door.local_addr().unwrap()).parse().unwrap();
            std::thread::spawn(move || {
                let (mut asked, _) = door.accept().unwrap();
                let _ = asked.read(&mut [0; 1_024]).unwrap();
                write!(asked, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            });
            assert_eq!(metrics(&url).await.unwrap().verdict, verdict);
        }
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(http_date("Tue, 14 Nov 2023 22:13:20 GMT"), Some(Timestamp::from_secs(1_700_000_000)));
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn a_listener_on_every_address_is_reached_on_loopback() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("10.0.0.1:80".parse().unwrap()).to_string(), "10.0.0.1:80");
    }
}
