//! From clean HTML to the text one reads: for search, filters and previews.

/// The text of some HTML: tags are gone, lines and paragraphs end in a line break, entities are letters.
pub fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (read, meant) = if rest.starts_with('<') { tag(rest) } else { entity(rest) };
        if let Some(meant) = meant {
            out.push(meant);
        }
        rest = &rest[read..];
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// How long the tag is that the text begins with, and what stands in its place.
fn tag(text: &str) -> (usize, Option<char>) {
    let Some(end) = text.find('>') else { return (text.len(), None) };
    let name: String = text[1..end].chars().take_while(|c| *c == '/' || c.is_ascii_alphanumeric()).collect();
    let ends_line =
        matches!(name.to_ascii_lowercase().as_str(), "br" | "/p" | "/li" | "/div" | "/blockquote" | "/pre");
    (end + 1, ends_line.then_some('\n'))
}

/// How long the entity is that the text begins with, and the letter it means.
fn entity(text: &str) -> (usize, Option<char>) {
    const NAME_MAX: usize = 10;
    let Some(end) = text.bytes().take(NAME_MAX).position(|b| b == b';') else { return (1, Some('&')) };
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let meant = match &text[1..end] {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        name => match name.strip_prefix('#') {
            Some(digits) => match digits.strip_prefix(['x', 'X']) {
                Some(digits) => number(digits, 16),
                None => number(digits, 10),
            },
            None => None,
        },
    };
    if meant.is_some() { (end + 1, meant) } else { (1, Some('&')) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_reads_the_text_and_no_markup() {
        let html = "<p>Can&#39;t sleep &amp; can&#x27;t <a href=\"https://a.example/?b&amp;c\">rest</a><br>at 2&nbsp;am</p><p>me &lt;too&gt;</p>";
        assert_eq!(text(html), "Can't sleep & can't rest\nat 2 am\nme <too>");
    }

    #[test]
    fn what_is_not_html_stays_and_breaks_nothing() {
        assert_eq!(text("salt & pepper &madeup; &#xFFFFFFFF;"), "salt & pepper &madeup; &#xFFFFFFFF;");
        assert_eq!(text("é&é;<never closed"), "é&é;");
    }
}
