//! The story in one process, step by step: a charity's node with the community `sleep`, a trust's node
//! whose member joins it, and a third node that sees the whole thread. Each is asked through the client
//! API, over real HTTP; time stands still until the test moves it.

use alongside_store::engine::Store;
use alongside_testkit::both_engines_many;
use serde_json::{Value, json};

use crate::peer::{Client, Peer, id, list, settle, words};

both_engines_many!(the_story);

async fn the_story(stores: [Store; 3]) {
    let [charity, mut trust, third] = Peer::three(stores).await;
    charity.open_community("sleep").await;
    let (ada, ben) = (charity.member("ada").await, trust.member("ben").await);
    let sleep = charity.join(&ada, "sleep").await;
    let earlier = ada.post(&json!({ "status": "@sleep awake again at two" })).await;
    ada.post(&json!({ "status": "it was the coffee", "in_reply_to_id": earlier["id"] })).await;
    let abroad = joins_and_sees_what_was_written_before(&charity, &trust, &ben).await;
    let question = asks_by_naming_the_community(&charity, &trust, [&ada, &ben], &abroad).await;
    let seen = charity.thread_of(&ada, &sleep, "count backwards").await;
    they_answer_and_react(&charity, &trust, [(&ada, &seen), (&ben, &question)]).await;
    he_changes_and_deletes(&charity, &trust, [(&ada, &seen), (&ben, &question)]).await;
    let cleo = third.member("cleo").await;
    let thread = a_third_node_sees_the_whole_thread([&charity, &trust, &third], &cleo).await;
    nothing_is_lost_while_a_node_is_down(
        &charity,
        &mut trust,
        &third,
        [(&ada, &seen), (&ben, &question), (&cleo, &thread)],
    )
    .await;
}

/// Ben finds the community from his own node, joins, and sees what was written before.
async fn joins_and_sees_what_was_written_before(charity: &Peer, trust: &Peer, ben: &Client) -> String {
    let abroad = ben.find(&format!("sleep@{}", charity.host())).await;
    assert_eq!(abroad["group"], true);
    let abroad = id(&abroad);
    let asked = ben.act(&format!("/api/v1/accounts/{abroad}/follow")).await;
    let answer = (&asked["requested"], &asked["following"]);
    assert_eq!(answer, (&json!(true), &json!(false)), "not before it is accepted");
    settle(&[charity, trust]).await;
    let now = ben.get(&format!("/api/v1/accounts/relationships?id[]={abroad}")).await;
    assert_eq!(now[0]["following"], true);
    let threads = ben.posts_of(&abroad).await;
    assert_eq!(words(&threads), ["@sleep awake again at two"]);
    assert_eq!(words(&ben.below(&id(&threads[0])).await), ["it was the coffee"]);
    abroad
}

/// He posts to it by naming it; Ada sees it at once, under the community. His post, as his node has it.
async fn asks_by_naming_the_community(
    charity: &Peer,
    trust: &Peer,
    [ada, ben]: [&Client; 2],
    abroad: &str,
) -> Value {
    let status = format!("@sleep@{} does anybody else count backwards?", charity.host());
    let question = ben.post(&json!({ "status": status })).await;
    assert_eq!(question["mentions"][0]["id"], abroad);
    settle(&[charity, trust]).await;
    assert_eq!(ada.in_home("count backwards").await, 1, "once, as the community's");
    assert_eq!(ben.in_home("count backwards").await, 1, "once, though it is his own");
    assert_eq!(words(&ben.posts_of(abroad).await).len(), 2);
    question
}

/// They answer each other, he reacts, and each sees it in their own client.
async fn they_answer_and_react(
    charity: &Peer,
    trust: &Peer,
    [(ada, seen), (ben, question)]: [(&Client, &Value); 2],
) {
    ada.post(&json!({ "status": "I do, from three hundred", "in_reply_to_id": seen["id"] })).await;
    settle(&[charity, trust]).await;
    let answers = ben.below(&id(question)).await;
    assert_eq!(words(&answers), ["I do, from three hundred"]);
    ben.act(&format!("/api/v1/statuses/{}/favourite", id(&answers[0]))).await;
    ben.post(&json!({ "status": "thank you", "in_reply_to_id": answers[0]["id"] })).await;
    settle(&[charity, trust]).await;
    let below = ada.below(&id(seen)).await;
    assert_eq!(words(&below), ["I do, from three hundred", "thank you"]);
    assert_eq!(below[0]["favourites_count"], 1);
    let told = list(ada.get("/api/v1/notifications").await);
    for kind in ["favourite", "mention"] {
        assert!(told.iter().any(|notice| notice["type"] == kind), "{kind}: {told:?}");
    }
}

/// He changes his mind about his words, and takes them and the reaction back.
async fn he_changes_and_deletes(
    charity: &Peer,
    trust: &Peer,
    [(ada, seen), (ben, question)]: [(&Client, &Value); 2],
) {
    let [answer, thanks] = &ben.below(&id(question)).await[..] else { panic!("two answers") };
    let changed = json!({ "status": "thank you, truly" });
    ben.call("PUT", &format!("/api/v1/statuses/{}", id(thanks)), Some(&changed)).await;
    settle(&[charity, trust]).await;
    assert_eq!(words(&ada.below(&id(seen)).await), ["I do, from three hundred", "thank you, truly"]);
    ben.act(&format!("/api/v1/statuses/{}/unfavourite", id(answer))).await;
    let published = format!("/activities/create-{}", id(thanks));
    assert_eq!(trust.serves(&published).await, 200);
    ben.call("DELETE", &format!("/api/v1/statuses/{}", id(thanks)), None).await;
    assert_eq!(
        trust.serves(&published).await,
        404,
        "his words are not served any more, whatever carried them"
    );
    settle(&[charity, trust]).await;
    let below = ada.below(&id(seen)).await;
    assert_eq!(words(&below), ["I do, from three hundred"]);
    assert_eq!(below[0]["favourites_count"], 0);
}

async fn a_third_node_sees_the_whole_thread(peers: [&Peer; 3], cleo: &Client) -> Value {
    let community = id(&cleo.find(&format!("sleep@{}", peers[0].host())).await);
    cleo.act(&format!("/api/v1/accounts/{community}/follow")).await;
    settle(&peers).await;
    let thread = peers[2].thread_of(cleo, &community, "count backwards").await;
    assert_eq!(words(&cleo.below(&id(&thread)).await), ["I do, from three hundred"]);
    thread
}

/// What is written while the trust's node is down comes when it is back; the others do not wait for it.
async fn nothing_is_lost_while_a_node_is_down(
    charity: &Peer,
    trust: &mut Peer,
    third: &Peer,
    [(ada, seen), (ben, question), (cleo, thread)]: [(&Client, &Value); 3],
) {
    trust.stop();
    ada.post(&json!({ "status": "and one for the morning", "in_reply_to_id": seen["id"] })).await;
    settle(&[charity, third]).await;
    let whole = ["I do, from three hundred", "and one for the morning"];
    assert_eq!(words(&cleo.below(&id(thread)).await), whole);
    trust.start().await;
    settle(&[charity, trust]).await;
    assert_eq!(
        words(&ben.below(&id(question)).await).len(),
        1,
        "the charity leaves the host alone for a while"
    );
    charity.kit.clock.advance_secs(60);
    settle(&[charity, trust]).await;
    assert_eq!(words(&ben.below(&id(question)).await), whole);
}
