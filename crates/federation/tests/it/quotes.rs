//! Those who ask to quote what was written here (FEP-044f), and those who ask in another's name.

use crate::stranger::{Ours, Person, Stranger};
use alongside_domain::post::{Post, Visibility};
use alongside_domain::sanction::SanctionKind;
use alongside_store::engine::Store;
use alongside_store::{posts, sanctions};
use alongside_testkit::both_engines;
use http::Method;
use serde_json::{Value, json};

/// Kim asks, as Mastodon does: with the post that is to quote inside.
fn request(kim: &Person, number: usize, object: &str, quoting: &str) -> Value {
    let mut request = kim.activity(&format!("quote_requests/{number}"), "QuoteRequest", object.into());
    request["instrument"] = json!({
        "id": quoting,
        "type": "Note",
        "attributedTo": kim.id,
        "content": "<p>look</p>",
        "quote": object,
    });
    request
}

/// What was delivered since.
fn delivered(home: &Stranger) -> Vec<Value> {
    let asked = home.asked().into_iter().filter(|asked| asked.method == Method::POST);
    asked.map(|asked| serde_json::from_slice(&asked.body).unwrap()).collect()
}

/// Kim elsewhere, Sam here, and a post of Sam's for each audience.
async fn scene(ours: &Ours, home: &Stranger, visibility: Visibility) -> (Person, Post) {
    let kim = home.actor(&format!("kim{}", visibility.as_str()), "Person");
    let sam = ours.kit.member(&format!("sam{}", visibility.as_str())).await.actor();
    let post = ours.kit.post_with(sam, "awake", |post| post.visibility = visibility).await;
    (kim, post)
}

both_engines! {
    async fn whoever_asks_to_quote_is_refused_and_told(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        for visibility in [Visibility::Public, Visibility::Unlisted] {
            let (kim, post) = scene(&ours, &home, visibility).await;
            let quoting = format!("{}/notes/1", kim.id);
            let asked = request(&kim, 1, &post.uri, &quoting);
            ours.act_on(&kim, &asked).await;
            let sent = delivered(&home);
            assert_eq!(sent.len(), 1, "{sent:?}");
            assert_eq!(sent[0]["type"], "Reject");
            assert_eq!(sent[0]["actor"], format!("https://here.example/actors/sam{}", visibility.as_str()));
            assert_eq!(sent[0]["object"]["type"], "QuoteRequest");
            assert_eq!(sent[0]["object"]["id"], asked["id"]);
            assert_eq!((&sent[0]["object"]["object"], &sent[0]["object"]["instrument"]), (&json!(post.uri), &json!(quoting)));
            ours.kit.clock.advance_secs(1);
            ours.act_on(&kim, &request(&kim, 2, &post.uri, &quoting)).await;
            assert_eq!(delivered(&home).len(), 1, "asked again, they answer again");
        }
    }

    async fn of_what_not_everybody_may_read_nobody_hears(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        for visibility in [Visibility::Followers, Visibility::Direct, Visibility::Members] {
            let (kim, post) = scene(&ours, &home, visibility).await;
            ours.act_on(&kim, &request(&kim, 1, &post.uri, &format!("{}/notes/1", kim.id))).await;
            assert_eq!(delivered(&home), Vec::<Value>::new(), "{visibility}");
        }
        let (kim, post) = scene(&ours, &home, Visibility::Public).await;
        let quoting = format!("{}/notes/1", kim.id);
        ours.act_on(&kim, &request(&kim, 1, "https://here.example/posts/1", &quoting)).await;
        ours.act_on(&kim, &request(&kim, 2, &format!("{}?x", post.uri), &quoting)).await;
        let mut tx = ours.kit.store().begin().await.unwrap();
        sanctions::set(&mut tx, post.author, SanctionKind::Suspend, Some(ours.now())).await.unwrap();
        tx.commit().await.unwrap();
        ours.act_on(&kim, &request(&kim, 3, &post.uri, &quoting)).await;
        let mut tx = ours.kit.store().begin().await.unwrap();
        sanctions::set(&mut tx, post.author, SanctionKind::Suspend, None).await.unwrap();
        posts::mark_deleted(&mut tx, post.id, ours.now()).await.unwrap();
        tx.commit().await.unwrap();
        ours.act_on(&kim, &request(&kim, 4, &post.uri, &quoting)).await;
        assert_eq!(delivered(&home), Vec::<Value>::new());
    }

    async fn nobody_asks_for_the_post_of_another_or_through_somebody(store: Store) {
        let (home, other) = (Stranger::new().await, Stranger::new().await);
        let ours = Ours::new(store, &[&home, &other]);
        let (kim, post) = scene(&ours, &home, Visibility::Public).await;
        let mallory = other.actor("mallory", "Person");
        ours.know(&kim).await;
        ours.act_on(&mallory, &request(&mallory, 1, &post.uri, &format!("{}/notes/1", kim.id))).await;
        let told = mallory.activity("announce", "Announce", request(&kim, 1, &post.uri, &format!("{}/notes/1", kim.id)));
        ours.act_on(&mallory, &told).await;
        assert_eq!((delivered(&home), delivered(&other)), (Vec::new(), Vec::new()));
    }

    async fn a_refusal_is_for_who_asked_alone_and_cannot_be_read_at_its_address(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (kim, post) = scene(&ours, &home, Visibility::Public).await;
        ours.act_on(&kim, &request(&kim, 1, &post.uri, &format!("{}/notes/1", kim.id))).await;
        let sent = delivered(&home);
        assert_eq!((&sent[0]["to"], &sent[0]["cc"]), (&json!([kim.id]), &json!([])));
        let uri = sent[0]["id"].as_str().unwrap();
        let kept = alongside_store::activities::find_by_uri(&mut ours.kit.app.reader(), uri).await.unwrap();
        assert!(kept.is_none_or(|kept| !kept.open));
    }
}
