//! Somebody elsewhere who blocks a member: their server says so by `Block` alone.

use crate::stranger::{Ours, Stranger};
use alongside_app::follows::{self, Wishes};
use alongside_store::engine::Store;
use alongside_store::relationships;
use alongside_testkit::both_engines;
use http::Method;
use serde_json::json;

both_engines! {
    async fn a_block_ends_follows_both_ways_and_nothing_else(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let sam = ours.follower_of("sam", &[&kim]).await;
        let known = ours.know(&kim).await.id;
        ours.kit.follow(known, sam).await;
        ours.settle().await;
        let tie = async || {
            let ties = relationships::of(&mut ours.kit.app.reader(), sam, &[known], ours.now()).await.unwrap();
            ties.into_iter().next().map(|tie| (tie.following, tie.followed_by, tie.blocked_by)).unwrap()
        };
        assert_eq!(tie().await, (true, true, false));
        home.asked();
        let block = kim.activity("block", "Block", json!("https://here.example/actors/sam"));
        ours.act_on(&kim, &block).await;
        assert_eq!(tie().await, (false, false, false));
        let told = home.asked().into_iter().filter(|asked| asked.method == Method::POST).count();
        assert_eq!(told, 0, "they know");
        ours.act_on(&kim, &kim.activity("unblock", "Undo", block)).await;
        assert_eq!(tie().await, (false, false, false));
        follows::follow(&ours.kit.app, sam, known, Wishes::default(), None).await.unwrap();
    }

    async fn whom_else_somebody_blocks_is_their_own_affair(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (kim, ann) = (home.actor("kim", "Person"), home.actor("ann", "Person"));
        let sam = ours.follower_of("sam", &[&kim, &ann]).await;
        for (number, object) in [&*ann.id, "https://here.example/actors/nobody", "https://here.example/actors/sam?x"]
            .into_iter()
            .enumerate()
        {
            ours.act_on(&kim, &kim.activity(&format!("block/{number}"), "Block", object.into())).await;
        }
        let people = [ours.know(&kim).await.id, ours.know(&ann).await.id];
        let ties = relationships::of(&mut ours.kit.app.reader(), sam, &people, ours.now()).await.unwrap();
        assert!(ties.iter().all(|tie| tie.following && !tie.blocked_by));
    }
}
