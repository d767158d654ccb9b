//! What is kept, what is dropped, and what bad input costs.

use proptest::prelude::{any, proptest};
use proptest::{prop_assert, prop_assert_eq};

use super::pictures::Picture;
use super::*;

#[test]
fn a_mention_as_mastodon_writes_it_survives() {
    let mention = r#"<p><span class="h-card"><a href="https://a.example/@b" class="u-url mention">@<span>b</span></a></span> hello</p>"#;
    assert_eq!(
        html(mention),
        r#"<p><span class="h-card"><a href="https://a.example/@b" class="u-url mention" rel="nofollow noopener noreferrer">@<span>b</span></a></span> hello</p>"#
    );
}

#[test]
fn a_shortened_link_survives() {
    let link = r#"<a href="https://a.example/long" rel="nofollow noopener noreferrer"><span class="invisible">https://</span><span class="ellipsis">a.exa</span></a>"#;
    assert_eq!(html(link), link);
}

#[test]
fn cve_2023_36459_scripts_styles_and_handlers_are_dropped() {
    for (unclean, clean) in [
        ("<script>alert(1)</script>x", "x"),
        ("<style>p{}</style>x", "x"),
        (r#"<p style="position:fixed" onclick="x()" id="main">x</p>"#, "<p>x</p>"),
        (r#"<img src="https://a.example/track.gif" onerror="x()">x"#, "x"),
        (r#"<a href="javascript:x()">x</a>"#, r#"<a rel="nofollow noopener noreferrer">x</a>"#),
        (r#"<a href="/logout">x</a>"#, r#"<a rel="nofollow noopener noreferrer">x</a>"#),
        (r#"<a href="//a.example">x</a>"#, r#"<a rel="nofollow noopener noreferrer">x</a>"#),
        (r#"<span class="invisible button admin">x</span>"#, r#"<span class="invisible">x</span>"#),
        ("<form><input name=password><button>x</button></form>", "x"),
        ("<svg><a href='https://a.example'>x</a></svg>y", "y"),
        ("<p>x", "<p>x</p>"),
        ("a < b & c", "a &lt; b &amp; c"),
    ] {
        assert_eq!(html(unclean), clean, "{unclean}");
    }
}

#[test]
fn headings_become_strong_paragraphs() {
    assert_eq!(html("<h1 class='x'>Title</h1><p>Text</p>"), "<p><strong>Title</strong></p><p>Text</p>");
    assert_eq!(html("<h3>One<br>two</h3>"), "<p><strong>One<br>two</strong></p>");
    assert_eq!(
        html("<h1 dir='rtl' lang='he'>א</h1><h2>b</h2>"),
        "<p><strong>א</strong></p><p><strong>b</strong></p>"
    );
    let nested = html("<h2><p>inner</p></h2>");
    assert!(nested.contains("inner") && !nested.contains("<h2>"), "{nested}");
    assert_eq!(html(&nested), nested);
}

#[test]
fn words_stay_hidden_until_they_are_asked_for() {
    let spoiler = "<details open class=\"x\"><summary>How it ends</summary><div><p>badly</p></div></details>";
    assert_eq!(html(spoiler), "<details><summary>How it ends</summary><p>badly</p></details>");
    assert_eq!(plain_text(spoiler), "How it ends\nbadly");
    assert_eq!(html("H<sub>2</sub>O, x<sup>2</sup>"), "H<sub>2</sub>O, x<sup>2</sup>");
}

#[test]
fn tables_become_lines_of_their_cells() {
    let table = "<p>a</p>\n<table class=\"table\">\n<thead>\n<tr>\n<th align=\"left\">hour</th>\n<th dir=\"auto\">how</th>\n</tr>\n\
        </thead>\n<tbody>\n<tr>\n<td>3</td>\n<td><em>awake</em></td>\n</tr>\n<tr>\n<td></td>\n<td>asleep</td>\n</tr>\n</tbody>\n\
        </table>\n<p>b</p>";
    assert_eq!(
        html(table),
        "<p>a</p>\n<p><strong>hour</strong> | <strong>how</strong><br>3 | <em>awake</em><br> | asleep</p>\n<p>b</p>"
    );
    assert_eq!(html("<table><tr><td>x<td>y</table>z"), "<p>x | y</p>z");
    let nested = html("<table><tr><td><table><tr><td>in</td></tr></table></td><td>out</td></tr></table>");
    assert!(nested.contains("in") && nested.contains("out") && !nested.contains("<t"), "{nested}");
    assert_eq!(html(&nested), nested);
}

#[test]
fn pictures_inside_a_text_are_found() {
    let picture = |url: &str, said: Option<&str>| Picture {
        url: url.parse().unwrap(),
        description: said.map(str::to_owned),
    };
    let text = "<p>a <img loading=\"lazy\" alt=\"the &quot;moon&quot; &amp; me\" src=\"https://a.example/1.png?a=1&amp;b=2\"> \
        <img src='https://a.example/2.png' alt=' '> <img src='https://a.example/2.png' alt='again'> x=\"y\"</p>";
    let moon = picture("https://a.example/1.png?a=1&b=2", Some("the \"moon\" & me"));
    assert_eq!(pictures::of(text), [moon, picture("https://a.example/2.png", None)]);
    for none in [
        "<img>",
        "<img src='/here.png'>",
        "<img src='javascript:x'>",
        "<img class='not-responsive Emoji' src='https://a.example/wave.png'>",
        "<img title='emoji wave' src='https://a.example/wave.png'>",
        "<img alt='<img src=\"https://a.example/x.png\">'>",
        "&lt;img src=\"https://a.example/x.png\">",
        "<details><summary>x</summary><p><img src='https://a.example/x.png'></p></details>",
        "<script><img src='https://a.example/x.png'></script>",
    ] {
        assert_eq!(pictures::of(none), [], "{none}");
    }
}

#[test]
fn a_text_is_turned_around_only_by_its_script() {
    assert_eq!(html("<p>a\u{202e}b\u{2067}c</p>"), "<p>abc</p>");
    assert_eq!(html("<p dir=\"rtl\">שלום\u{200f}!</p>"), "<p dir=\"rtl\">שלום\u{200f}!</p>");
    assert_eq!(html("a&#x202e;b"), "ab");
}

#[test]
fn plain_text_keeps_words_and_lines() {
    assert_eq!(plain_text("<p>a &amp; b</p><p>c<br/>d</p>"), "a & b\n\nc\nd");
    assert_eq!(plain_text("<ul><li>one</li><li>two</li></ul>"), "- one\n- two");
    assert_eq!(plain_text("&amp;lt;p&gt;"), "&lt;p>");
    assert_eq!(plain_text("<script>x</script><b>y</b>"), "y");
    assert_eq!(plain_text(r#"<a href="<p>">x</a>"#), "x");
}

#[test]
fn plain_text_becomes_paragraphs() {
    assert_eq!(paragraphs("a\nb\r\n\r\n<c>\n\n\n"), "<p>a<br>b</p><p>&lt;c&gt;</p>");
    assert_eq!(paragraphs(" "), "");
}

#[test]
fn a_name_is_one_line_of_what_can_be_seen() {
    assert_eq!(name("  Sam\n\tSmith \u{202e}moc "), "Sam Smith moc");
    assert_eq!(name("ad\u{200b}m\u{200d}in\u{feff}"), "admin");
    assert_eq!(name("👩\u{200d}👧 نمی\u{200c}خواهم"), "👩\u{200d}👧 نمی\u{200c}خواهم");
    assert_eq!(name(&"x".repeat(1000)).len(), NAME_CHARS_MAX);
    assert_eq!(name("\u{3164}\u{200b} \u{2066}"), "");
    assert_eq!(line("one two", 3), "one");
}

#[test]
fn a_handle_cannot_look_like_another() {
    for good in ["sam", "Sam_2", "a.b-c", "_x_", "9"] {
        assert_eq!(handle(good), Some(good));
    }
    let long = "a".repeat(HANDLE_CHARS_MAX + 1);
    for bad in ["", ".a", "a-", "sаm", "a b", "a\u{200b}b", "a@b", "a/b", "\u{202e}x", &long] {
        assert_eq!(handle(bad), None, "{bad:?}");
    }
}

#[test]
fn a_text_of_nothing_but_markup_is_cheap() {
    let deep = "<b><div>".repeat(100_000) + "words";
    assert!(html(&deep).len() <= HTML_BYTES_MAX);
    let flat = "<p>x</p>".repeat(ELEMENTS_MAX);
    assert_eq!(html(&flat), format!("<p>{}</p>", "x".repeat(ELEMENTS_MAX)));
}

proptest! {
    #[test]
    fn nothing_dangerous_survives(words in proptest::collection::vec(fragment(), 0..40)) {
        let clean = html(&words.concat());
        // A browser parses it again, and must not find more than we left.
        for clean in [&clean, &html(&clean)] {
            prop_assert_eq!(dangers(clean), Vec::<&str>::new(), "{}", clean);
        }
    }

    #[test]
    fn no_text_is_too_strange(text in any::<String>()) {
        html(&text);
        plain_text(&text);
        pictures::of(&text);
        paragraphs(&text);
        prop_assert!(name(&text).chars().count() <= NAME_CHARS_MAX);
        handle(&text);
    }
}

fn dangers(html: &str) -> Vec<&str> {
    let tags = html.split('<').skip(1).filter_map(|tag| tag.split('>').next());
    let is_danger = |tag: &&str| {
        ["script", "img", "svg", "style", "math", "textarea", "template"]
            .iter()
            .any(|name| tag.starts_with(name))
            || ["javascript:", "onclick=", "style="].iter().any(|text| tag.contains(text))
            || tag.contains(is_override)
    };
    tags.filter(is_danger).collect()
}

fn fragment() -> impl proptest::strategy::Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<h1>",
        "</h1>",
        "<ul>",
        "<li>",
        "</ul>",
        "<pre>",
        "</pre>",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "</svg>",
        "<math>",
        "<img src=x onclick=1>",
        "<a href='javascript:x'>",
        "<a href='https://a.example/<h1>'>",
        "</a>",
        "<span class='mention x' style='a'>",
        "</span>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<details>",
        "<summary>",
        "<!--",
        "-->",
        "<template>",
        "<noscript>",
        "<textarea>",
        "<title>",
        "<br>",
        "x",
        " ",
        "&lt;",
        "&amp;",
        "&#x202e;",
        "\u{202e}",
        "<blockquote>",
        "</blockquote>",
        "<",
        ">",
        "\"",
        "'",
        "é",
    ])
}
