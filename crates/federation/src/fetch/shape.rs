//! The kinds of text that are asked for, and how each is declared by whoever serves it.

/// What we ask for, and which content types count as an answer.
pub(super) struct Shape {
    /// The types we ask for.
    pub(super) accept: &'static str,
    /// Whether an answer of this type counts.
    pub(super) accepts: fn(&str) -> bool,
}

pub(super) const ACTIVITY: Shape = Shape {
    accept: r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
    accepts: is_activity_type,
};
pub(super) const JRD: Shape =
    Shape { accept: "application/jrd+json, application/json", accepts: is_json_type };
pub(super) const TEXT: Shape = Shape { accept: "text/csv, text/plain, */*;q=0.5", accepts: |_| true };
pub(super) const FILE: Shape = Shape { accept: "image/*, video/*, audio/*, */*;q=0.1", accepts: |_| true };
pub(super) const JSON: Shape = Shape { accept: "application/json", accepts: is_json_type };

/// Whether a `Content-Type` promises ActivityPub. Plain JSON does not: on a host that stores
/// uploads anyone can publish plain JSON.
pub fn is_activity_type(content_type: &str) -> bool {
    let (essence, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    match essence.trim().to_ascii_lowercase().as_str() {
        "application/activity+json" => true,
        "application/ld+json" => parameters
            .split(';')
            .filter_map(|parameter| parameter.split_once('='))
            .filter(|(name, _)| name.trim().eq_ignore_ascii_case("profile"))
            .flat_map(|(_, value)| value.trim().trim_matches('"').split_ascii_whitespace())
            .any(|profile| profile == "https://www.w3.org/ns/activitystreams"),
        _ => false,
    }
}

fn is_json_type(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}
