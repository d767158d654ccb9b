//! Measures what the node can do, against the real binary on loopback, and prints one table. Run it by
//! `./dev bench`; what is measured, and how, is written in `docs/performance.md`.
//!
//! Nothing here is a test: a figure that is worse than the last is for people to judge.

mod api;
mod bench;
mod bound;
mod connection;
mod figures;
mod foreign;
mod load;
mod machine;
mod measures;
mod meter;
mod node;
mod postgres;
mod scale;
mod seed;
mod table;

use crate::bench::Bench;
use crate::scale::Scale;
use clap::Parser;
use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

/// Whatever went wrong: here it can only be told.
type Failure = Box<dyn Error + Send + Sync>;

/// Measures the node and prints a Markdown table.
#[derive(Debug, Parser)]
#[command(name = "./dev bench")]
struct Arguments {
    /// Measure only one part, at a larger scale.
    part: Option<Part>,
    /// With `api`: how pages do as the node grows from 10,000 posts to a million, instead of the rest.
    #[arg(long)]
    large: bool,
    /// Small numbers, in a few seconds: to see that everything runs, not how fast.
    #[arg(long)]
    quick: bool,
    /// Where the answers are given.
    #[arg(long, hide = true)]
    address: Option<SocketAddr>,
    /// How long they are.
    #[arg(long, hide = true, default_value_t = 0)]
    bytes: usize,
}

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Part {
    /// What goes from server to server.
    Federation,
    /// What clients ask for, on a node with years behind it.
    Api,
    /// No measure: the process beside it that gives the same answer to whoever asks.
    #[value(hide = true)]
    Answers,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut runtime = match arguments.part {
        Some(Part::Answers) => tokio::runtime::Builder::new_multi_thread(),
        // One thread: what makes the load takes one of the cores at most.
        Some(Part::Federation | Part::Api) | None => tokio::runtime::Builder::new_current_thread(),
    };
    match runtime.enable_all().build() {
        Ok(runtime) => runtime.block_on(run(&arguments)),
        Err(error) => {
            eprintln!("Nothing could be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> ExitCode {
    let scale = match arguments.part {
        _ if arguments.quick => Scale::quick(),
        Some(Part::Api) => Scale::pages(),
        Some(Part::Federation | Part::Answers) | None => Scale::full(),
    };
    let mut bench = Bench::new(scale);
    let ended = match arguments.part {
        Some(Part::Federation) => measures::federation(&mut bench).await,
        Some(Part::Api) => measures::pages::measure(&mut bench, arguments.large).await,
        Some(Part::Answers) => match arguments.address {
            Some(address) => return ended(bound::answer(address, arguments.bytes).await),
            None => Err("the answers need an address".into()),
        },
        None => measures::all(&mut bench).await,
    };
    print(&bench.report());
    match ended {
        Ok(()) if !bench.is_complete() => ExitCode::FAILURE,
        ended => self::ended(ended),
    }
}

fn ended(ended: Result<(), Failure>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The rest could not be measured: {error}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn print(report: &str) {
    println!("{report}");
}

/// Waits for other processes, which have no clock of ours to move.
#[expect(clippy::disallowed_methods, reason = "other processes have no clock of ours to move")]
async fn pause(how_long: Duration) {
    tokio::time::sleep(how_long).await;
}

/// Gives what does not come in time up.
async fn in_time<T>(what: &str, waited_for: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    const WAIT_MAX: Duration = Duration::from_mins(1);
    let waited = tokio::time::timeout(WAIT_MAX, waited_for).await;
    waited.map_err(|_| format!("not within {} s: {what}", WAIT_MAX.as_secs()))?
}
