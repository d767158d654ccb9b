//! A thread as a whole: the posts of it that anybody may read, in the order they were written, so that another node
//! can bring in what it has missed (FEP-7888, FEP-f228). The node where a thread began, or whose community it is in,
//! keeps it.

use crate::build::{standing_alone, with};
use alongside_app::context::App;
use alongside_domain::actor::Actor;
use alongside_domain::id::{CommunityId, PostId};
use alongside_domain::place::{Place, Places};
use alongside_domain::post::Post;
use alongside_store::error::Error;
use alongside_store::{actors, contexts, posts};
use serde_json::{Value, json};

/// Posts named on one page.
pub const PAGE_MAX: i64 = 100;

/// The thread that began with a post, those after this one of it. None where it is not kept here, or not for
/// everybody.
pub async fn load(app: &App, root: PostId, after: Option<i64>) -> Result<Option<Value>, Error> {
    let mut reader = app.reader();
    let Some(root) = posts::find(&mut reader, root).await?.filter(is_open_root) else {
        return Ok(None);
    };
    let owner = actors::find(&mut reader, root.community.map_or(root.author, CommunityId::actor)).await?;
    let author = actors::find(&mut reader, root.author).await?;
    let Some(owner) = owner.filter(Actor::is_local).or(author.filter(Actor::is_local)) else {
        return Ok(None);
    };
    let ids = contexts::open_posts(&mut reader, root.id, after.unwrap_or(0), PAGE_MAX + 1).await?;
    let page = usize::try_from(PAGE_MAX).map_or(&*ids, |max| &ids[..ids.len().min(max)]);
    let uris: Vec<String> =
        posts::find_all(&mut reader, page).await?.into_iter().map(|post| post.uri).collect();
    let continues_after = page.last().copied().filter(|_| ids.len() > page.len());
    let total = contexts::count_open(&mut reader, root.id).await?;
    let places = app.places();
    Ok(Some(standing_alone(match after {
        Some(after) => page_after(places, &root, after, &uris, continues_after),
        None => whole(places, &root, &owner, total, &uris, continues_after),
    })))
}

/// Whether a post began a thread that anybody may read. Of one that was deleted the answers are still there.
fn is_open_root(post: &Post) -> bool {
    post.root == post.id && post.visibility.is_open()
}

/// A thread that fits is listed at once; a longer one by its first page.
fn whole(
    places: &Places,
    root: &Post,
    owner: &Actor,
    total: i64,
    uris: &[String],
    continues_after: Option<PostId>,
) -> Value {
    let list = json!({
        "id": places.of(Place::Context(root.id)),
        "type": "OrderedCollection",
        "attributedTo": owner.uri,
        "totalItems": total,
    });
    let list =
        with(list, "audience", root.community.map(|_| owner.uri.clone()).filter(|_| owner.is_community()));
    if continues_after.is_none() {
        return with(list, "orderedItems", Some(json!(uris)));
    }
    with(list, "first", Some(page_after(places, root, 0, uris, continues_after)))
}

fn page_after(
    places: &Places,
    root: &Post,
    after: i64,
    uris: &[String],
    continues_after: Option<PostId>,
) -> Value {
    let whole = places.of(Place::Context(root.id));
    let next = continues_after.map(|last| format!("{whole}?after={last}"));
    let page = json!({
        "id": format!("{whole}?after={after}"),
        "type": "OrderedCollectionPage",
        "partOf": whole,
        "orderedItems": uris,
    });
    with(page, "next", next)
}
