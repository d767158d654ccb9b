//! What a node costs that does nothing: how long it takes to start, and the memory it keeps.

use crate::bench::{Bench, Measure};
use crate::meter::Sample;
use crate::node::Node;
use crate::table::Unit;
use crate::{Failure, figures, machine, pause};
use std::time::Duration;

/// Measures a node that has been through everything else, and then starts it again on its data.
pub(crate) async fn measure(bench: &mut Bench, node: &mut Node) -> Result<(), Failure> {
    let idle = bench.scale.idle;
    let after_load = resident(node, idle).await;
    let round = async || {
        node.stop().await?;
        Ok(Sample::of(node.restart().await?.as_secs_f64()))
    };
    let measure = Measure {
        what: "cold start to the first 200 of `/ready`, on this data".to_owned(),
        unit: Unit::Seconds,
        to_beat: Some(figures::COLD_START_SECS),
    };
    bench.measure(measure, round).await;
    let after_start = resident(node, idle).await;
    for (when, taken) in [("idle, after a start", after_start), ("idle, after all of the above", after_load)]
    {
        let what = format!("resident memory, {when}");
        bench.record(Measure { what, unit: Unit::Megabytes, to_beat: Some(figures::IDLE_MB) }, taken);
    }
    Ok(())
}

/// The memory of a node that has been left alone.
async fn resident(node: &Node, idle: Duration) -> Result<Sample, Failure> {
    pause(idle).await;
    Ok(Sample::of(machine::resident_mb(node.process()?)?))
}
