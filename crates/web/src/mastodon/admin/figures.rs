//! `/api/v1/admin/measures`, `dimensions` and `retention`: how the node is.

mod question;

use crate::auth::{AdminRead, Figures, Staff};
use crate::entities::admin::figures::{Cohort, CohortPeriod, Dimension, DimensionKind, Measure, MeasureDay};
use crate::error::Error;
use crate::json::Json;
use crate::params::Params;
use crate::routes::{Routes, post};
use alongside_app::context::App;
use alongside_app::figures;
use alongside_domain::figure::{self, Days};
use alongside_store::figures as stored;
use axum::extract::State;
use question::Question;

/// Kinds that are told apart, unless a client says otherwise, and at most.
const KINDS: (i64, i64) = (10, 50);
/// Questions in one request.
const KEYS_MAX: usize = 20;

/// The addresses of this family.
pub(super) fn routes() -> Routes {
    Routes::new()
        .route("/api/v1/admin/measures", post(measures))
        .route("/api/v1/admin/dimensions", post(dimensions))
        .route("/api/v1/admin/retention", post(retention))
}

async fn measures(
    State(app): State<App>,
    _: Staff<Figures, AdminRead>,
    Params(question): Params<Question>,
) -> Result<Json<Vec<Measure>>, Error> {
    let days = question.days(app.now())?;
    let mut out = Vec::new();
    for key in question.keys::<figure::Measure>(KEYS_MAX)? {
        let subject = question.subject(key.as_str(), key.about())?;
        let counted = figures::measure(&app, key, days, &subject).await?;
        let day = |(day, count): &(alongside_domain::clock::Timestamp, i64)| MeasureDay {
            date: day.to_string(),
            value: count.to_string(),
        };
        out.push(Measure {
            key: key.as_str(),
            unit: None,
            total: counted.total.to_string(),
            previous_total: counted.previous.to_string(),
            data: counted.days.iter().map(day).collect(),
        });
    }
    Ok(Json(out))
}

async fn dimensions(
    State(app): State<App>,
    _: Staff<Figures, AdminRead>,
    Params(question): Params<Question>,
) -> Result<Json<Vec<Dimension>>, Error> {
    let days = question.days(app.now())?;
    let limit = question.limit.unwrap_or(KINDS.0).clamp(1, KINDS.1);
    let mut out = Vec::new();
    for key in question.keys::<figure::Dimension>(KEYS_MAX)? {
        let subject = question.subject(key.as_str(), key.about())?;
        out.push(Dimension { key: key.as_str(), data: kinds(&app, key, days, limit, &subject).await? });
    }
    Ok(Json(out))
}

async fn kinds(
    app: &App,
    key: figure::Dimension,
    days: Days,
    limit: i64,
    subject: &str,
) -> Result<Vec<DimensionKind>, Error> {
    let mut reader = app.reader();
    let plain = |key: &str, human_key: &str, value: String| DimensionKind {
        key: key.to_owned(),
        human_key: human_key.to_owned(),
        value,
        unit: None,
        human_value: None,
    };
    match key {
        figure::Dimension::SoftwareVersions => {
            let database = stored::database(&mut reader).await?;
            let own = env!("CARGO_PKG_VERSION").to_owned();
            Ok(vec![
                plain("alongside", "Alongside", own.clone()).with_human_value(own),
                plain(&database.name.to_lowercase(), &database.name, database.version.clone())
                    .with_human_value(database.version),
            ])
        }
        figure::Dimension::SpaceUsage => {
            let database = stored::database(&mut reader).await?;
            let name = database.name.to_lowercase();
            let mut line = plain(&name, &database.name, database.bytes.to_string());
            line.unit = Some("bytes");
            Ok(vec![line.with_human_value(format!("{} MiB", database.bytes / 1_048_576))])
        }
        figure::Dimension::Languages
        | figure::Dimension::Sources
        | figure::Dimension::Servers
        | figure::Dimension::TagServers
        | figure::Dimension::TagLanguages
        | figure::Dimension::InstanceAccounts
        | figure::Dimension::InstanceLanguages => {
            let found = stored::kinds(&mut reader, key, days, limit, subject).await?;
            let here = app.places().host();
            let name = |name: String| if name.is_empty() { here.to_owned() } else { name };
            let found = found.into_iter().map(|kind| (name(kind.name), kind.count));
            Ok(found.map(|(name, count)| plain(&name, &name, count.to_string())).collect())
        }
    }
}

async fn retention(
    State(app): State<App>,
    _: Staff<Figures, AdminRead>,
    Params(question): Params<Question>,
) -> Result<Json<Vec<Cohort>>, Error> {
    let (days, frequency) = (question.days(app.now())?, question.frequency()?);
    let periods =
        days.periods(frequency).map_err(|error| Error::Unfit(format!("Validation failed: {error}")))?;
    let cohorts = figures::retention(&app, &periods, days.end()).await?;
    let shown = |cohort: figures::Cohort| Cohort {
        period: cohort.period.to_string(),
        frequency: frequency.as_str(),
        data: cohort.stayed.iter().map(|(date, count)| period(*date, *count, cohort.size)).collect(),
    };
    Ok(Json(cohorts.into_iter().map(shown).collect()))
}

fn period(date: alongside_domain::clock::Timestamp, count: i64, of: i64) -> CohortPeriod {
    #[expect(clippy::cast_precision_loss, reason = "there are not that many people")]
    let rate = if of == 0 { 0.0 } else { count as f64 / of as f64 };
    CohortPeriod { date: date.to_string(), rate, value: count.to_string() }
}

impl DimensionKind {
    fn with_human_value(self, human_value: String) -> Self {
        Self { human_value: Some(human_value), ..self }
    }
}

#[cfg(test)]
mod tests;
