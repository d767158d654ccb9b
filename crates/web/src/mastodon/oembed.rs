//! `GET /api/oembed`: how another site can show a public post. Words and a link, no script and no frame: whoever
//! reads them there tells this node nothing.

use crate::error::Error;
use crate::json::Json;
use crate::params::Query;
use crate::render::statuses::content;
use crate::routes::{Routes, get};
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::compose::escape;
use alongside_domain::id::PostId;
use alongside_domain::place::Place;
use alongside_domain::post::Visibility;
use alongside_store::actors;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Seconds for which it may be kept: a deletion should show soon.
const CACHE_SECS: u32 = 3_600;
/// As wide as it is shown where nobody says, and at most.
const WIDTH: u32 = 400;

/// The address.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/oembed", get(show))
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted {
    url: String,
    maxwidth: Option<u32>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Embed {
    #[serde(rename = "type")]
    kind: &'static str,
    version: &'static str,
    title: String,
    author_name: String,
    author_url: String,
    provider_name: String,
    provider_url: String,
    cache_age: u32,
    html: String,
    width: u32,
    height: Option<()>,
}

async fn show(State(app): State<App>, Query(wanted): Query<Wanted>) -> Result<Json<Embed>, Error> {
    let id = named(&app, &wanted.url).ok_or(Error::NotFound)?;
    let mut reader = app.reader();
    let post = reading::post(&mut reader, None, id, app.now()).await?;
    let post = post.filter(|post| post.visibility == Visibility::Public && post.local);
    let post = post.ok_or(Error::NotFound)?;
    let author = actors::find(&mut reader, post.author).await?.ok_or(Error::NotFound)?;
    let name = if author.name.is_empty() { author.handle.clone() } else { author.name.clone() };
    let places = app.places();
    let words = if post.content_note.is_empty() {
        content(post.title.as_deref(), &post.content)
    } else {
        format!("<p>{}</p>", escape(&post.content_note))
    };
    let source =
        format!("<a href=\"{}\">{} (@{}@{})</a>", post.url, escape(&name), author.handle, places.host());
    Ok(Json(Embed {
        kind: "rich",
        version: "1.0",
        title: format!("A post by {name}"),
        author_name: name,
        author_url: author.url,
        provider_name: app.settings().title.clone(),
        provider_url: format!("{}/", places.origin()),
        cache_age: CACHE_SECS,
        html: format!("<blockquote cite=\"{}\">{words}<footer>{source}</footer></blockquote>", post.url),
        width: wanted.maxwidth.unwrap_or(WIDTH).min(WIDTH),
        height: None,
    }))
}

/// The post whose page or address in the protocol this is, if it is one of ours.
fn named(app: &App, url: &str) -> Option<PostId> {
    match app.places().read(url)? {
        Place::Post(id) | Place::PostPage(_, id) => Some(id),
        Place::Node
        | Place::SharedInbox
        | Place::Actor(_)
        | Place::Of(..)
        | Place::Profile(_)
        | Place::Replies(_)
        | Place::Context(_)
        | Place::Activity(_)
        | Place::Tag(_)
        | Place::Media(_)
        | Place::Copy(_)
        | Place::Confirm(_)
        | Place::NewPassword(_)
        | Place::Forgotten
        | Place::UrgentHelp => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::Door;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::StatusCode;
    use serde_json::json;

    both_engines! {
        async fn a_public_post_may_be_shown_elsewhere_and_no_other(store: Store) {
            let door = Door::new(store);
            let ada = door.persona("ada").await;
            let post = async |body: serde_json::Value| door.post("/api/v1/statuses", &ada.token, &body).await.ok();
            let of = |url: &serde_json::Value| format!("/api/oembed?url={}", url.as_str().unwrap().replace('@', "%40"));
            let said = post(json!({ "status": "Good <morning>" })).await;
            let embed = door.get(&of(&said["url"]), "").await.ok();
            assert_eq!((&embed["type"], &embed["author_name"]), (&json!("rich"), &json!("ada")));
            let html = embed["html"].as_str().unwrap();
            assert!(html.starts_with("<blockquote cite=") && html.contains("Good &lt;morning&gt;"), "{html}");
            assert!(!html.contains("<script") && !html.contains("<iframe"), "{html}");
            assert_eq!(door.get(&of(&said["uri"]), "").await.ok(), embed, "by its other address too");
            let noted = post(json!({ "status": "the words", "spoiler_text": "a note" })).await;
            let covered = door.get(&of(&noted["url"]), "").await.ok();
            assert!(!covered["html"].as_str().unwrap().contains("the words"));
            for visibility in ["unlisted", "private", "direct"] {
                let hidden = post(json!({ "status": "quiet", "visibility": visibility })).await;
                assert_eq!(door.get(&of(&hidden["url"]), "").await.status, StatusCode::NOT_FOUND, "{visibility}");
            }
            for other in ["https://elsewhere.example/@ada/1", "nonsense", "http://127.0.0.1:7100/@ada"] {
                assert_eq!(door.get(&of(&json!(other)), "").await.status, StatusCode::NOT_FOUND, "{other}");
            }
            assert_eq!(door.get("/api/oembed", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
}
