//! Measures what the node can do, against the real binary on loopback, and prints one table. Run it by
//! `./dev bench`; what is measured, and how, is written in `docs/performance.md`.
//!
//! Nothing here is a test: a figure that is worse than the last is for people to judge.

mod api;
mod bench;
mod connection;
mod figures;
mod foreign;
mod machine;
mod measures;
mod meter;
mod node;
mod postgres;
mod scale;
mod table;

use crate::bench::Bench;
use crate::scale::Scale;
use clap::Parser;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

/// Whatever went wrong: here it can only be told.
type Failure = Box<dyn Error + Send + Sync>;

/// Measures the node and prints a Markdown table.
#[derive(Debug, Parser)]
#[command(name = "./dev bench")]
struct Arguments {
    /// Measure only what goes from server to server, at a larger scale.
    #[arg(value_parser = ["federation"])]
    part: Option<String>,
    /// Small numbers, in a few seconds: to see that everything runs, not how fast.
    #[arg(long)]
    quick: bool,
}

// One thread: what makes the load takes one of the cores at most.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let scale = if arguments.quick { Scale::quick() } else { Scale::full() };
    let mut bench = Bench::new(scale);
    let ended = match arguments.part {
        Some(_) => measures::federation(&mut bench).await,
        None => measures::all(&mut bench).await,
    };
    print(&bench.report());
    match ended {
        Ok(()) if bench.is_complete() => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
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
