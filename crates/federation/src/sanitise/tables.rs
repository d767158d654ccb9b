//! Tables as lines of their cells, because hardly any client knows tables, and without them all cells run together.

/// How a table begins, once it is clean.
pub(super) const OPEN: &str = "<table>";
/// The elements that a table is made of here.
pub(super) const ELEMENTS: [&str; 4] = ["table", "tr", "td", "th"];

/// Clean HTML in which each table is a paragraph with a line for each row.
pub(super) fn as_lines(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len());
    let mut rest = clean;
    while let Some((before, from)) = rest.split_once(OPEN) {
        let (table, after) = from.split_once("</table>").unwrap_or((from, ""));
        out.push_str(before);
        out.push_str(&paragraph(table));
        rest = after;
    }
    out + rest
}

/// One table. Of a table inside a table the cells are cells of the outer.
fn paragraph(table: &str) -> String {
    let table = table.replace(OPEN, "").replace('\n', " ");
    let table = table.replace("<th>", "<td><strong>").replace("</th>", "</strong></td>");
    let rows = table.split("<tr>").map(line).filter(|line| !line.is_empty());
    format!("<p>{}</p>", rows.collect::<Vec<_>>().join("<br>"))
}

fn line(row: &str) -> String {
    let cells =
        row.split("<td>").map(|cell| cell.replace("</td>", "").replace("</tr>", "").trim().to_owned());
    // Before the first cell there is mostly nothing.
    let cells = cells.enumerate().filter(|(at, cell)| *at > 0 || !cell.is_empty()).map(|(_, cell)| cell);
    cells.collect::<Vec<_>>().join(" | ")
}
