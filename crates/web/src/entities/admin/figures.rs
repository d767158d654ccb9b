//! Figures. Numbers are texts here.

use schemars::JsonSchema;
use serde::Serialize;

/// Something counted day by day.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Measure {
    pub(crate) key: &'static str,
    pub(crate) unit: Option<&'static str>,
    pub(crate) total: String,
    pub(crate) previous_total: String,
    pub(crate) data: Vec<MeasureDay>,
}

/// On one day.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MeasureDay {
    pub(crate) date: String,
    pub(crate) value: String,
}

/// Something counted by kind.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Dimension {
    pub(crate) key: &'static str,
    pub(crate) data: Vec<DimensionKind>,
}

/// Of one kind.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DimensionKind {
    pub(crate) key: String,
    pub(crate) human_key: String,
    pub(crate) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) human_value: Option<String>,
}

/// Those who came in one period.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Cohort {
    pub(crate) period: String,
    pub(crate) frequency: &'static str,
    pub(crate) data: Vec<CohortPeriod>,
}

/// How many of them were there in another.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct CohortPeriod {
    pub(crate) date: String,
    pub(crate) rate: f64,
    pub(crate) value: String,
}
