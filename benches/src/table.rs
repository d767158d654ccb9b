//! The table: rows of figures, as Markdown that is aligned for people too.

use crate::meter::{Sample, Used};

const HEADINGS: [&str; 6] = ["What", "Ours", "To beat", "Times better", "Cores, node", "Cores, bench"];

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Things in a second: more is better.
    PerSecond,
    /// Seconds: less is better.
    Seconds,
    /// Thousandths of a second: less is better.
    Milliseconds,
    /// Millions of bytes: less is better.
    Megabytes,
}

/// One measure.
#[derive(Debug)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: String,
    /// What the figures count.
    pub(crate) unit: Unit,
    /// What there is to beat, where there is something.
    pub(crate) to_beat: Option<f64>,
    /// The figure; none where it could not be taken.
    pub(crate) ours: Option<Sample>,
}

/// The rows as a Markdown table.
pub(crate) fn markdown(rows: &[Row]) -> String {
    aligned(&HEADINGS, &rows.iter().map(cells).collect::<Vec<_>>())
}

/// Cells under their headings: the first column is words, and the others are figures.
pub(crate) fn aligned(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |(column, heading): (usize, &&str)| {
        let longest = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        longest.max(heading.len())
    };
    let widths: Vec<usize> = headings.iter().enumerate().map(width).collect();
    // A colon, in place of the last dash, sends a column to the right.
    let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(width + 1)).collect();
    let rule = format!("|-{}|{}:|", dashes[0], dashes[1..].join(":|"));
    let headings: Vec<String> = headings.iter().copied().map(str::to_owned).collect();
    let mut lines = vec![line(&headings, &widths), rule];
    lines.extend(rows.iter().map(|row| line(row, &widths)));
    lines.join("\n")
}

fn cells(row: &Row) -> Vec<String> {
    let shown = |value: Option<f64>, show: &dyn Fn(f64) -> String| value.map_or("–".to_owned(), show);
    let with_unit = |value| format!("{}{}", number(value), suffix(row.unit));
    let ours = row.ours.map(|sample| sample.value);
    let used = row.ours.and_then(|sample| sample.used);
    let cores = |of: fn(Used) -> f64| shown(used.map(of), &|cores| format!("{cores:.2}"));
    let times = ours.zip(row.to_beat).map(|(ours, to_beat)| match row.unit {
        Unit::PerSecond => ours / to_beat,
        Unit::Seconds | Unit::Milliseconds | Unit::Megabytes => to_beat / ours,
    });
    vec![
        row.what.clone(),
        shown(ours, &with_unit),
        shown(row.to_beat, &with_unit),
        shown(times, &|times| format!("{times:.1}")),
        cores(|used| used.by_nodes),
        cores(|used| used.by_bench),
    ]
}

/// The first column is words and the others are numbers, so they stand at different sides.
fn line(cells: &[String], widths: &[usize]) -> String {
    let what = &cells[0];
    let figures: Vec<String> =
        cells[1..].iter().zip(&widths[1..]).map(|(cell, width)| format!("{cell:>width$}")).collect();
    format!("| {what:<width$} | {} |", figures.join(" | "), width = widths[0])
}

fn suffix(unit: Unit) -> &'static str {
    match unit {
        Unit::PerSecond => "/s",
        Unit::Seconds => " s",
        Unit::Milliseconds => " ms",
        Unit::Megabytes => " MB",
    }
}

/// Three digits that mean something, and thousands apart.
pub(crate) fn number(value: f64) -> String {
    match value {
        small if small < 10.0 => format!("{small:.2}"),
        middling if middling < 100.0 => format!("{middling:.1}"),
        large => grouped(&format!("{large:.0}")),
    }
}

/// Thousands apart.
pub(crate) fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_is_more_of_a_rate_and_less_of_a_cost() {
        let used = Some(Used { by_nodes: 1.234, by_bench: 0.5 });
        let rows = [
            Row {
                what: "publish".to_owned(),
                unit: Unit::PerSecond,
                to_beat: Some(192.0),
                ours: Some(Sample { value: 1_920.4, used }),
            },
            Row {
                what: "cold start".to_owned(),
                unit: Unit::Seconds,
                to_beat: Some(1.35),
                ours: Some(Sample::of(0.27)),
            },
            Row { what: "home".to_owned(), unit: Unit::PerSecond, to_beat: None, ours: None },
        ];
        let expected = "\
| What       |    Ours | To beat | Times better | Cores, node | Cores, bench |
|------------|--------:|--------:|-------------:|------------:|-------------:|
| publish    | 1,920/s |   192/s |         10.0 |        1.23 |         0.50 |
| cold start |  0.27 s |  1.35 s |          5.0 |           – |            – |
| home       |       – |       – |            – |           – |            – |";
        assert_eq!(markdown(&rows), expected);
    }

    #[test]
    fn numbers_show_what_they_mean() {
        let shown = [0.0, 9.994, 38.04, 616.4, 4_461.0, 1_234_567.8].map(number);
        assert_eq!(shown, ["0.00", "9.99", "38.0", "616", "4,461", "1,234,568"]);
    }
}
