//! `GET /api/v1/instance/languages`: the languages that a post can say it is written in, by ISO 639-1.

use crate::entities::instance::Language;
use crate::json::Json;

const LINES: &str = include_str!("languages.txt");

/// Names them.
pub(crate) async fn show() -> Json<Vec<Language>> {
    let language = |line: &'static str| {
        let (code, name) = line.split_once(' ')?;
        Some(Language { code, name })
    };
    Json(LINES.lines().filter_map(language).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn languages_have_a_code_and_a_name() {
        let Json(shown) = show().await;
        let codes: Vec<&str> = shown.iter().map(|language| language.code).collect();
        assert!(codes.len() == LINES.lines().count() && codes.is_sorted(), "{codes:?}");
        let english = shown.iter().find(|language| language.code == "en").unwrap();
        assert_eq!(english.name, "English");
    }
}
