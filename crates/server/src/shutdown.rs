//! Stopping: everything that runs is told, gets time to finish, and is then let go.
//!
//! Nothing that was acknowledged depends on this: a process that is killed loses none of it. Draining
//! spares members a cut connection and other servers a repeat.

use std::future::Future;
use std::io;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The parts of a running node: the listener and the workers.
#[derive(Debug, Default)]
pub struct Parts {
    stopping: CancellationToken,
    running: JoinSet<&'static str>,
}

/// Why the node did not stop the way it should.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// A part ended by itself, so the node could not go on as a whole.
    #[error("the {part} ended by itself, so the node stopped; the log says why")]
    EndedEarly {
        /// The part, or what is known of it after a panic.
        part: &'static str,
    },
    /// Some parts did not finish in time.
    #[error(
        "the node stopped before all of it had finished ({unfinished} left); nothing acknowledged is lost"
    )]
    CutOff {
        /// How many.
        unfinished: usize,
    },
}

impl Parts {
    /// What a part watches to learn that it should finish.
    pub fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Runs a part. It should end only after [`Parts::stopping`] was cancelled.
    pub fn start(&mut self, part: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        self.running.spawn(async move {
            work.await;
            part
        });
    }

    /// Runs until a signal comes or a part ends by itself, then drains. A second signal ends the wait.
    pub async fn run(
        mut self,
        mut signals: mpsc::Receiver<&'static str>,
        drain: Duration,
    ) -> Result<(), StopError> {
        let outcome = tokio::select! {
            name = signals.recv() => {
                tracing::info!(signal.name = name, "stopping");
                Ok(())
            }
            Some(ended) = self.running.join_next() => {
                Err(StopError::EndedEarly { part: name_of(ended) })
            }
        };
        self.stopping.cancel();
        let drained = self.drain(signals, drain).await;
        outcome.and(drained)
    }

    async fn drain(
        &mut self,
        mut signals: mpsc::Receiver<&'static str>,
        drain: Duration,
    ) -> Result<(), StopError> {
        let finish = async { while self.running.join_next().await.is_some() {} };
        let finished = tokio::select! {
            biased;
            finished = timeout(drain, finish) => finished.is_ok(),
            Some(_) = signals.recv() => false,
        };
        let unfinished = self.running.len();
        self.running.shutdown().await;
        if finished { Ok(()) } else { Err(StopError::CutOff { unfinished }) }
    }
}

/// Listens for SIGTERM and SIGINT from now on, and hands over the name of each that comes.
pub fn signals() -> io::Result<mpsc::Receiver<&'static str>> {
    const SIGNALS_KEPT: usize = 2;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (sender, receiver) = mpsc::channel(SIGNALS_KEPT);
    tokio::spawn(async move {
        loop {
            let name = tokio::select! {
                Some(()) = terminate.recv() => "SIGTERM",
                Some(()) = interrupt.recv() => "SIGINT",
                else => return,
            };
            if sender.send(name).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

fn name_of(ended: Result<&'static str, JoinError>) -> &'static str {
    // After a panic the name is gone; the panic itself is in the log with its place.
    ended.unwrap_or("part that panicked")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    /// Signals that have already come; the sender is kept, because a closed channel reads as one more.
    fn told(times: usize) -> (mpsc::Sender<&'static str>, mpsc::Receiver<&'static str>) {
        let (sender, receiver) = mpsc::channel(2);
        for _ in 0..times {
            sender.try_send("SIGTERM").unwrap();
        }
        (sender, receiver)
    }

    #[tokio::test]
    async fn a_signal_lets_every_part_finish() {
        let mut parts = Parts::default();
        let (_open, signals) = told(1);
        let (stopping, (done, mut was_done)) = (parts.stopping(), mpsc::channel(1));
        parts.start("worker", async move {
            stopping.cancelled().await;
            done.send(()).await.unwrap();
        });
        assert!(parts.run(signals, LONG).await.is_ok());
        assert_eq!(was_done.recv().await, Some(()));
    }

    #[tokio::test]
    async fn a_part_that_does_not_finish_is_cut_off() {
        let mut parts = Parts::default();
        let (_open, signals) = told(1);
        parts.start("worker", std::future::pending());
        let error = parts.run(signals, Duration::ZERO).await.unwrap_err();
        assert!(matches!(error, StopError::CutOff { unfinished: 1 }), "{error}");
    }

    #[tokio::test]
    async fn a_second_signal_ends_the_wait() {
        let mut parts = Parts::default();
        let (_open, signals) = told(2);
        parts.start("worker", std::future::pending());
        assert!(matches!(parts.run(signals, LONG).await, Err(StopError::CutOff { .. })));
    }

    #[tokio::test]
    async fn a_part_that_ends_by_itself_stops_the_others() {
        let mut parts = Parts::default();
        let (_open, signals) = told(0);
        let stopping = parts.stopping();
        parts.start("listener", async {});
        parts.start("worker", async move { stopping.cancelled().await });
        let error = parts.run(signals, LONG).await.unwrap_err();
        assert!(matches!(error, StopError::EndedEarly { part: "listener" }), "{error}");
    }

    #[tokio::test]
    async fn a_part_that_panics_stops_the_node() {
        let mut parts = Parts::default();
        let (_open, signals) = told(0);
        parts.start("worker", async { panic!("told to") });
        assert!(matches!(parts.run(signals, LONG).await, Err(StopError::EndedEarly { .. })));
    }
}
