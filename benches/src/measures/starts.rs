//! What a node costs that does nothing: how long it takes to start, and the memory it keeps.

use crate::bench::{Bench, Measure};
use crate::meter::Sample;
use crate::node::Node;
use crate::table::Unit;
use crate::{Failure, figures, machine, pause};

/// Measures a node that has been through everything else, and then starts it again on its data.
pub(crate) async fn measure(bench: &mut Bench, node: &mut Node) -> Result<(), Failure> {
    let idle = bench.scale.idle;
    pause(idle).await;
    let after_load = machine::resident_mb(node.process()).map(Sample::of);
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
    pause(idle).await;
    let after_start = machine::resident_mb(node.process()).map(Sample::of);
    for (when, taken) in [("idle, after a start", after_start), ("idle, after all of the above", after_load)] {
        let what = format!("resident memory, {when}");
        bench.record(Measure { what, unit: Unit::Megabytes, to_beat: Some(figures::IDLE_MB) }, taken);
    }
    Ok(())
}
