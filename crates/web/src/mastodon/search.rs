//! `GET /api/v2/search` and `/api/v1/search`: people and communities, posts, and hashtags.

use crate::auth::{ReadSearch, Viewer};
use crate::entities::accounts::Account;
use crate::entities::collections::{Search as Results, Tag};
use crate::entities::groups::Group;
use crate::entities::statuses::Status;
use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::page::Paging;
use crate::params::{Query, blank};
use crate::render::{accounts, groups, statuses, tags};
use crate::routes::{Routes, get};
use alongside_app::avoiding;
use alongside_app::context::App;
use alongside_app::reading;
use alongside_app::search::{self, Wanted as Search};
use alongside_domain::id::{ActorId, MemberId};
use alongside_federation::look_up::{self, Found};
use alongside_federation::node::Federation;
use alongside_store::page::Page;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many of each kind are found when a client does not say.
const DEFAULT: i64 = 20;
/// How many at most.
const MAX: i64 = 40;
/// How many may be left out first.
const OFFSET_MAX: i64 = 1_000;

/// The addresses.
pub(crate) fn routes() -> Routes {
    Routes::new().route("/api/v2/search", get(show)).route("/api/v1/search", get(show))
}

/// What is searched for.
#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    resolve: bool,
    #[serde(default)]
    following: bool,
    #[serde(default, deserialize_with = "blank")]
    #[schemars(with = "Option<Id>")]
    account_id: Option<ActorId>,
    #[serde(default, deserialize_with = "blank")]
    offset: Option<i64>,
}

/// Shows what was found. Only members have what they pasted looked up elsewhere, and only they search
/// in what others wrote.
async fn show(
    State(node): State<Federation>,
    viewer: Viewer<ReadSearch>,
    paging: Paging,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Results>, Error> {
    let app = node.app();
    check(&wanted, &paging, viewer.0.is_some())?;
    let found = match viewer.0 {
        Some(_) if wanted.resolve => look_up::look_up(&node, &wanted.q).await?,
        Some(_) | None => None,
    };
    let wants = |kind: &str| wanted.kind.as_deref().is_none_or(|only| only.is_empty() || only == kind);
    let page = paging.page(DEFAULT, MAX);
    let search = Search {
        only_followed: wanted.following,
        only_communities: false,
        author: wanted.account_id,
        limit: page.limit,
        offset: wanted.offset.unwrap_or(0).clamp(0, OFFSET_MAX),
        page,
        text: wanted.q.clone(),
    };
    let mut results =
        Results { accounts: Vec::new(), statuses: Vec::new(), hashtags: Vec::new(), groups: Vec::new() };
    if wants("accounts") {
        results.accounts = people(app, viewer.actor(), &search, found.as_ref()).await?;
    }
    if let Some(member) = viewer.0.filter(|_| wants("statuses")) {
        results.statuses = posts(app, member, &search, found.as_ref()).await?;
    }
    if wants("hashtags") {
        results.hashtags = hashtags(app, viewer.0, &search).await?;
    }
    if wants("groups") {
        results.groups = communities(app, viewer.actor(), search, found.as_ref()).await?;
    }
    Ok(Json(results))
}

/// Whether it is a search at all, and none that only those who are signed in may ask for.
fn check(wanted: &Wanted, paging: &Paging, is_signed_in: bool) -> Result<(), Error> {
    if wanted.q.trim().is_empty() {
        return Err(Error::missing("q"));
    }
    if paging.is_negative() || wanted.offset.is_some_and(|offset| offset < 0) {
        return Err(Error::Malformed("limit and offset must not be negative".to_owned()));
    }
    if !is_signed_in && wanted.offset.is_some() {
        let says = "Search queries pagination is not supported without authentication";
        return Err(Error::SignedOut(says));
    }
    if !is_signed_in && wanted.resolve {
        let says = "Search queries that resolve remote resources are not supported without authentication";
        return Err(Error::SignedOut(says));
    }
    Ok(())
}

/// The one whose address or link was given, else those whose name begins so.
pub(crate) async fn people(
    app: &App,
    viewer: Option<ActorId>,
    search: &Search,
    found: Option<&Found>,
) -> Result<Vec<Account>, Error> {
    match found {
        Some(Found::Actor(actor)) => Ok(vec![accounts::of_actor(app, actor).await?]),
        Some(Found::Post(_)) => Ok(Vec::new()),
        None => {
            let people = search::people(app, viewer, search).await?;
            accounts::of_actors(app, &people).await
        }
    }
}

/// The one whose link was given, else those the member may find that say so.
async fn posts(
    app: &App,
    member: MemberId,
    search: &Search,
    found: Option<&Found>,
) -> Result<Vec<Status>, Error> {
    let (viewer, mut reader, now) = (Some(member.actor()), app.reader(), app.now());
    let posts = match found {
        Some(Found::Post(id)) => reading::post(&mut reader, viewer, *id, now).await?.into_iter().collect(),
        Some(Found::Actor(_)) => Vec::new(),
        None => {
            // Posts are found by their ids, so those that are left out first are found and dropped.
            let page = Page { limit: search.page.limit + search.offset, ..search.page };
            let mut posts = search::posts(app, viewer, &Search { page, ..search.clone() }).await?;
            posts.drain(..posts.len().min(usize::try_from(search.offset).unwrap_or(usize::MAX)));
            avoiding::without(&mut reader, viewer, posts, now).await?
        }
    };
    statuses::of_posts(app, Some(member), &posts).await
}

/// Communities alone, found as people are.
async fn communities(
    app: &App,
    viewer: Option<ActorId>,
    search: Search,
    found: Option<&Found>,
) -> Result<Vec<Group>, Error> {
    let ids: Vec<ActorId> = match found {
        Some(Found::Actor(actor)) => vec![actor.id],
        Some(Found::Post(_)) => Vec::new(),
        None => {
            let search = Search { only_communities: true, ..search };
            search::people(app, viewer, &search).await?.iter().map(|actor| actor.id).collect()
        }
    };
    groups::of_ids(app, &ids).await
}

async fn hashtags(app: &App, viewer: Option<MemberId>, search: &Search) -> Result<Vec<Tag>, Error> {
    let found = search::tags(app, search).await?.into_iter();
    let names: Vec<String> = found.map(|found| found.tag).collect();
    tags::tags(app, viewer, &names).await
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, Persona, each};
    use alongside_domain::community::Audience;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;
    use http::{Method, StatusCode};
    use serde_json::{Value, json};

    async fn found(door: &Door, query: &str, token: &str) -> Value {
        door.get(&format!("/api/v2/search?{query}"), token).await.ok()
    }

    both_engines! {
        async fn each_kind_is_found_and_only_that_which_is_asked_for(store: Store) {
            let door = Door::new(store);
            let sam = door.persona("sam").await;
            door.node.community("sleep", Audience::Everyone).await;
            let public = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "sleep well #sleepless" })).await.ok();
            let hidden = json!({ "status": "sleep in private", "visibility": "private" });
            door.post("/api/v1/statuses", &sam.token, &hidden).await.ok();
            let all = found(&door, "q=sleep", &sam.token).await;
            assert_eq!(each(&all["accounts"], "/acct"), ["sleep"]);
            assert_eq!(each(&all["statuses"], "/id"), [public["id"].as_str().unwrap()]);
            assert_eq!(each(&all["hashtags"], "/name"), ["sleepless"]);
            let tag = &all["hashtags"][0];
            assert_eq!((&tag["following"], tag["history"].as_array().unwrap().len()), (&json!(false), 7));
            assert_eq!(found(&door, "q=sleep", "").await["hashtags"][0].get("following"), None);
            let tags = found(&door, "q=%23sleep", &sam.token).await;
            assert_eq!((each(&tags["hashtags"], "/name"), &tags["statuses"]), (vec!["sleepless".to_owned()], &json!([])));
            let people = found(&door, "q=sleep&type=accounts", &sam.token).await;
            assert_eq!((people["accounts"].as_array().unwrap().len(), &people["statuses"], &people["hashtags"]), (1, &json!([]), &json!([])));
            assert_eq!(found(&door, "q=sleep&offset=1", &sam.token).await["statuses"], json!([]));
            assert_eq!(found(&door, "q=sleep", "").await["statuses"], json!([]), "only members search in words");
            let follower = door.token("sam", "follow").await;
            assert_eq!(door.get("/api/v2/search?q=x", &follower).await.status, StatusCode::FORBIDDEN);
            for query in ["", "?q=", "?type=accounts", "?q=x&limit=-1", "?q=x&offset=-1"] {
                let answer = door.get(&format!("/api/v2/search{query}"), &sam.token).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
            }
            for query in ["q=sleep&offset=0", "q=sleep&resolve=1"] {
                let answer = door.get(&format!("/api/v2/search?{query}"), "").await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{query}");
                assert!(answer.json()["error"].as_str().unwrap().ends_with("without authentication"));
            }
        }

        async fn words_are_found_by_whom_they_are_for(store: Store) {
            let door = Door::new(store);
            let (sam, ada, eve) = (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
            let sleep = door.node.community("sleep", Audience::Everyone).await.actor();
            let quiet = door.node.community("quiet", Audience::Members).await.actor();
            for (follower, target) in [(&sam, sleep), (&sam, quiet), (&ada, quiet)] {
                door.node.follow(follower.member.actor(), target).await;
            }
            let mut said = Vec::new();
            for (text, visibility) in [
                ("a needle", "public"), ("a needle @ada", "public"), ("a needle, liked", "public"), ("a needle, kept", "public"),
                ("a needle, boosted", "public"), ("a needle", "unlisted"), ("a needle", "private"), ("@sleep a needle", "public"),
                ("@quiet a needle", "public"),
            ] {
                let body = json!({ "status": text, "visibility": visibility });
                let post = door.post("/api/v1/statuses", &sam.token, &body).await.ok();
                said.push(post["id"].as_str().unwrap().to_owned());
            }
            let [plain, named, liked, kept, boosted, unlisted, _, thread, inside] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|at| said[at].as_str());
            for (post, verb) in [(liked, "favourite"), (kept, "bookmark"), (boosted, "reblog")] {
                door.post(&format!("/api/v1/statuses/{post}/{verb}"), &ada.token, &json!({})).await.ok();
            }
            let find = async |who: &Persona| each(&found(&door, "q=needle&type=statuses", &who.token).await["statuses"], "/id");
            assert_eq!(find(&sam).await, [inside, thread, unlisted, boosted, kept, liked, named, plain]);
            assert_eq!(find(&ada).await, [inside, thread, boosted, kept, liked, named]);
            assert_eq!(find(&eve).await, [thread]);
            let body = json!({ "indexable": true }).to_string();
            let path = "/api/v1/accounts/update_credentials";
            door.send(Method::PATCH, path, &sam.token, "application/json", body.into()).await.ok();
            assert_eq!(find(&eve).await, [thread, boosted, kept, liked, named, plain], "he would like to be found");
            door.post(&format!("/api/v1/accounts/{quiet}/unfollow"), &ada.token, &json!({})).await.ok();
            assert!(!find(&ada).await.contains(&inside.to_owned()), "who has left finds nothing inside");
        }

        async fn a_link_of_ours_means_what_it_leads_to(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.persona("sam").await, door.persona("ada").await);
            let public = door.post("/api/v1/statuses", &sam.token, &json!({ "status": "awake" })).await.ok();
            let hidden = json!({ "status": "awake", "visibility": "private" });
            let hidden = door.post("/api/v1/statuses", &sam.token, &hidden).await.ok();
            let link = |url: &Value| format!("resolve=true&q={}", url.as_str().unwrap());
            let post = found(&door, &link(&public["url"]), &ada.token).await;
            assert_eq!((each(&post["statuses"], "/id"), &post["accounts"]), (vec![public["id"].as_str().unwrap().to_owned()], &json!([])));
            assert_eq!(found(&door, &link(&hidden["url"]), &ada.token).await["statuses"], json!([]));
            let person = found(&door, "resolve=true&q=http://127.0.0.1:7100/@sam", &ada.token).await;
            assert_eq!((each(&person["accounts"], "/acct"), &person["statuses"]), (vec!["sam".to_owned()], &json!([])));
            let nowhere = found(&door, "resolve=true&q=http://127.0.0.1:9/@sam", &ada.token).await;
            assert_eq!(nowhere["accounts"], json!([]), "what cannot be reached is not found");
        }
    }
}
