//! Figures for the node's staff. They are counts of what was written and decided, from what is kept anyway: nobody is
//! watched while they read, so whoever only reads is not among the active.

use crate::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::figure::{Days, Measure};
use alongside_domain::id::first_at;
use alongside_store::{error, figures};
use std::collections::HashMap;

const DAY_SECS: i64 = 86_400;

/// Something counted day by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// On all days together.
    pub total: i64,
    /// On as many days before.
    pub previous: i64,
    /// On each day, by the moment it begins; a day without any has a line too.
    pub days: Vec<(Timestamp, i64)>,
}

/// Counts something on some days. `subject` is the hashtag or the host it is about.
pub async fn measure(
    app: &App,
    measure: Measure,
    days: Days,
    subject: &str,
) -> Result<Counted, error::Error> {
    let mut reader = app.reader();
    let found = figures::daily(&mut reader, measure, days, subject).await?;
    let found: HashMap<i64, i64> = found.into_iter().map(|on| (on.day, on.count)).collect();
    let on = |day: Timestamp| found.get(&day.as_secs().div_euclid(DAY_SECS)).copied().unwrap_or(0);
    Ok(Counted {
        total: figures::total(&mut reader, measure, days, subject).await?,
        previous: figures::total(&mut reader, measure, days.before(), subject).await?,
        days: days.each().map(|day| (day, on(day))).collect(),
    })
}

/// Those who came in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Cohort {
    /// The period, by the moment it begins.
    pub period: Timestamp,
    /// How many came.
    pub size: i64,
    /// How many of them wrote in this period and in each after it.
    pub stayed: Vec<(Timestamp, i64)>,
}

/// Of those who came in each period, how many wrote in it and after it.
pub async fn retention(
    app: &App,
    periods: &[Timestamp],
    end: Timestamp,
) -> Result<Vec<Cohort>, error::Error> {
    let mut reader = app.reader();
    let joined = figures::joined(&mut reader, periods, end).await?;
    let joined: HashMap<i64, i64> = joined.into_iter().map(|row| (row.joined, row.count)).collect();
    let stayed = figures::stayed(&mut reader, periods, end).await?;
    let stayed: HashMap<(i64, i64), i64> =
        stayed.into_iter().map(|row| ((row.joined, row.wrote), row.count)).collect();
    let count = |came: Timestamp, later: Timestamp| {
        stayed.get(&(first_at(came), first_at(later))).copied().unwrap_or(0)
    };
    let cohort = |(at, came): (usize, &Timestamp)| Cohort {
        period: *came,
        size: joined.get(&first_at(*came)).copied().unwrap_or(0),
        stayed: periods[at..].iter().map(|later| (*later, count(*came, *later))).collect(),
    };
    Ok(periods.iter().enumerate().map(cohort).collect())
}
