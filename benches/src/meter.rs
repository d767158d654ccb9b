//! One round of a measure: how much was done in what time, and how much of the machine it took.

use crate::node::Node;
use crate::{Failure, machine};
use std::process;
use std::time::Instant;

/// The result of a round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// The figure, in the unit of the measure.
    pub(crate) value: f64,
    /// Where nodes were at work: who used how much.
    pub(crate) used: Option<Used>,
}

/// How many cores were busy, on average.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Used {
    /// With the nodes.
    pub(crate) by_nodes: f64,
    /// With what makes the load and acts as other servers.
    pub(crate) by_bench: f64,
}

/// Runs while a round does.
#[derive(Debug)]
pub(crate) struct Meter {
    nodes: Vec<u32>,
    started: Instant,
    nodes_secs: f64,
    bench_secs: f64,
}

impl Sample {
    /// A figure that is not about the nodes' work.
    pub(crate) fn of(value: f64) -> Self {
        Self { value, used: None }
    }
}

impl Meter {
    /// Starts the clock.
    pub(crate) fn start(nodes: &[&Node]) -> Result<Self, Failure> {
        let nodes = nodes.iter().map(|node| node.process()).collect::<Result<Vec<u32>, Failure>>()?;
        let (nodes_secs, bench_secs) = used_by(&nodes)?;
        Ok(Self { nodes, started: Instant::now(), nodes_secs, bench_secs })
    }

    /// Stops it: so much was done, in each second.
    pub(crate) fn stop(self, done: usize) -> Result<Sample, Failure> {
        let secs = self.started.elapsed().as_secs_f64();
        let (nodes_secs, bench_secs) = used_by(&self.nodes)?;
        let used = Used {
            by_nodes: (nodes_secs - self.nodes_secs) / secs,
            by_bench: (bench_secs - self.bench_secs) / secs,
        };
        Ok(Sample { value: f64::from(u32::try_from(done)?) / secs, used: Some(used) })
    }
}

fn used_by(nodes: &[u32]) -> Result<(f64, f64), Failure> {
    let nodes_secs = nodes.iter().map(|node| machine::cpu_secs(*node)).sum::<Result<f64, _>>()?;
    Ok((nodes_secs, machine::cpu_secs(process::id())?))
}
