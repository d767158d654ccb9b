//! Load on one address by many clients at once: how many answers in a second, how long each took, and what it cost.

use crate::connection::{Asked, Crowd};
use crate::scale::Scale;
use crate::{Failure, machine, table};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Load {
    /// In words.
    pub(crate) what: String,
    /// By how many at once.
    pub(crate) at_once: usize,
    /// Answers in a second that there are to beat.
    pub(crate) to_beat: Option<f64>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct Line {
    load: Load,
    per_sec: f64,
    median: Duration,
    slow: Duration,
    cpu_micros: f64,
    bytes: u64,
}

/// Answers that were read, and how long each took.
#[derive(Debug, Default)]
pub(crate) struct Timed {
    pub(crate) took: Vec<Duration>,
    pub(crate) bytes: u64,
}

/// Whoever answers.
pub(crate) trait Answering {
    /// Where.
    fn address(&self) -> SocketAddr;

    /// The number of its process.
    fn process(&self) -> Result<u32, Failure>;
}

/// Takes several rounds; the median one counts.
pub(crate) async fn take(
    scale: Scale,
    load: Load,
    by: &impl Answering,
    asked: &[Asked],
) -> Result<Line, Failure> {
    eprintln!("… {}, {} at once", load.what, load.at_once);
    let mut crowd = Crowd::connect(by.address(), load.at_once).await?;
    let mut first = asked.iter().take(load.at_once).cloned();
    crowd.send(|| first.next()).await?;
    let (mut rounds, mut sent) = (Vec::new(), 0);
    for _ in 0..scale.rounds {
        let (started, cpu) = (Instant::now(), machine::cpu_secs(by.process()?)?);
        let timed = crowd
            .send_timed(|| {
                sent += 1;
                (started.elapsed() < scale.round).then(|| asked[sent % asked.len()].clone())
            })
            .await?;
        let (secs, cpu) = (started.elapsed().as_secs_f64(), machine::cpu_secs(by.process()?)? - cpu);
        rounds.push(round(timed, secs, cpu)?);
    }
    rounds.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (per_sec, median, slow, cpu_micros, bytes) =
        rounds.into_iter().nth(scale.rounds / 2).ok_or("no rounds")?;
    Ok(Line { load, per_sec, median, slow, cpu_micros, bytes })
}

fn round(mut timed: Timed, secs: f64, cpu_secs: f64) -> Result<(f64, Duration, Duration, f64, u64), Failure> {
    timed.took.sort_unstable();
    let count = timed.took.len();
    let at = |percent: usize| timed.took.get(count * percent / 100).or(timed.took.last()).copied();
    let (median, slow) = at(50).zip(at(99)).ok_or("nothing was answered")?;
    let answered = f64::from(u32::try_from(count)?);
    let bytes = timed.bytes / u64::try_from(count)?;
    Ok((answered / secs, median, slow, cpu_secs * 1_000_000.0 / answered, bytes))
}

/// The lines as a Markdown table.
pub(crate) fn markdown(lines: &[Line]) -> String {
    let headings = [
        "What",
        "At once",
        "Ours",
        "To beat",
        "Times better",
        "Median",
        "99 of 100",
        "CPU each",
        "Bytes each",
    ];
    let rows: Vec<Vec<String>> = lines.iter().map(cells).collect();
    table::aligned(&headings, &rows)
}

fn cells(line: &Line) -> Vec<String> {
    let millis = |took: Duration| format!("{:.1} ms", took.as_secs_f64() * 1_000.0);
    let or_dash = |shown: Option<String>| shown.unwrap_or_else(|| "–".to_owned());
    vec![
        line.load.what.clone(),
        line.load.at_once.to_string(),
        format!("{}/s", table::number(line.per_sec)),
        or_dash(line.load.to_beat.map(|rate| format!("{}/s", table::number(rate)))),
        or_dash(line.load.to_beat.map(|rate| format!("{:.1}", line.per_sec / rate))),
        millis(line.median),
        millis(line.slow),
        format!("{:.0} µs", line.cpu_micros),
        table::grouped(&line.bytes.to_string()),
    ]
}
