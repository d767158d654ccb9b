//! A run: takes each measure several times, keeps the median, and reports.

use crate::load::{self, Line};
use crate::meter::Sample;
use crate::scale::Scale;
use crate::table::{self, Row, Unit};
use crate::{Failure, machine};

/// A run and what it has found so far.
#[derive(Debug)]
pub(crate) struct Bench {
    /// How much is done.
    pub(crate) scale: Scale,
    rows: Vec<Row>,
    lines: Vec<Line>,
    failures: Vec<String>,
    notes: Vec<String>,
}

/// What is measured.
#[derive(Debug)]
pub(crate) struct Measure {
    /// In words.
    pub(crate) what: String,
    /// What the figures count.
    pub(crate) unit: Unit,
    /// What there is to beat, where there is something.
    pub(crate) to_beat: Option<f64>,
}

impl Measure {
    /// Things in a second.
    pub(crate) fn rate(what: impl Into<String>, to_beat: impl Into<Option<f64>>) -> Self {
        Self { what: what.into(), unit: Unit::PerSecond, to_beat: to_beat.into() }
    }
}

impl Bench {
    /// Nothing is measured yet.
    pub(crate) fn new(scale: Scale) -> Self {
        Self { scale, rows: Vec::new(), lines: Vec::new(), failures: Vec::new(), notes: Vec::new() }
    }

    /// Takes a measure, in several rounds. One that fails leaves its row empty, and the rest goes on.
    pub(crate) async fn measure(
        &mut self,
        measure: Measure,
        round: impl AsyncFnMut() -> Result<Sample, Failure>,
    ) {
        eprintln!("… {}", measure.what);
        let taken = median(self.scale.rounds, round).await;
        self.record(measure, taken);
    }

    /// Records a figure that was taken elsewhere, or the reason why there is none.
    pub(crate) fn record(&mut self, measure: Measure, taken: Result<Sample, Failure>) {
        let Measure { what, unit, to_beat } = measure;
        let ours = taken.map_err(|error| self.failures.push(format!("{what}: {error}"))).ok();
        self.rows.push(Row { what, unit, to_beat, ours });
    }

    /// Records loads that were taken elsewhere.
    pub(crate) fn lines(&mut self, lines: Vec<Line>) {
        self.lines.extend(lines);
    }

    /// Says something below the table.
    pub(crate) fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }

    /// Whether every measure could be taken.
    pub(crate) fn is_complete(&self) -> bool {
        self.failures.is_empty()
    }

    /// The table, with what one has to know to read it.
    pub(crate) fn report(&self) -> String {
        let build =
            if cfg!(debug_assertions) { "debug build: the figures mean nothing" } else { "release build" };
        let mut paragraphs = vec![
            format!(
                "Alongside {}, {} cores, {build}, on SQLite.",
                env!("CARGO_PKG_VERSION"),
                machine::cores()
            ),
            if self.lines.is_empty() { table::markdown(&self.rows) } else { load::markdown(&self.lines) },
            format!(
                "Each figure is the median of {} rounds. The load generator and the other servers it plays run on the same cores; \
                 the last two columns say how many were busy, and with what.",
                self.scale.rounds
            ),
        ];
        paragraphs.extend(self.notes.iter().cloned());
        paragraphs.extend(self.failures.iter().map(|failure| format!("Not measured: {failure}")));
        paragraphs.join("\n\n")
    }
}

async fn median(
    rounds: usize,
    mut round: impl AsyncFnMut() -> Result<Sample, Failure>,
) -> Result<Sample, Failure> {
    let mut samples = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        samples.push(round().await?);
    }
    samples.sort_by(|one, other| one.value.total_cmp(&other.value));
    samples.get(rounds / 2).copied().ok_or_else(|| "no rounds".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_middle_round_counts_whatever_the_order() {
        let mut values = [5.0, 1.0, 3.0].into_iter();
        let sample =
            median(3, async || Ok(Sample::of(values.next().ok_or("a fourth round")?))).await.unwrap();
        assert!((sample.value - 3.0).abs() < f64::EPSILON);
    }

    #[tokio::test]
    async fn a_measure_that_fails_is_told_and_does_not_end_the_run() {
        let mut bench = Bench::new(Scale::quick());
        bench.measure(Measure::rate("broken", 1.0), async || Err("it is broken".into())).await;
        bench.measure(Measure::rate("sound", None), async || Ok(Sample::of(2.0))).await;
        assert!(!bench.is_complete());
        let report = bench.report();
        assert!(report.contains("Not measured: broken: it is broken"), "{report}");
        assert!(report.contains("2.00/s"), "{report}");
    }
}
