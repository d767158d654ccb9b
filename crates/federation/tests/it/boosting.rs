//! Boosts from elsewhere, and whom they are for.

use crate::stranger::{Ours, PUBLIC, Stranger};
use alongside_domain::post::Visibility;
use alongside_store::engine::Store;
use alongside_store::entries;
use alongside_testkit::both_engines;
use serde_json::json;

both_engines! {
    async fn a_boost_is_for_those_it_is_addressed_to(store: Store) {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let kim = home.actor("kim", "Person");
        let ada = ours.follower_of("ada", &[&kim]).await;
        let followers = format!("{}/followers", kim.id);
        for (name, to, cc, visibility) in [
            ("open", vec![PUBLIC], vec![&*followers], Visibility::Public),
            ("quiet", vec![&*followers], vec![PUBLIC], Visibility::Unlisted),
            ("narrow", vec![&*followers], vec!["https://here.example/actors/ada"], Visibility::Followers),
        ] {
            let post = ours.kit.post(ada, name).await;
            let mut boost = kim.activity(name, "Announce", post.uri.into());
            (boost["to"], boost["cc"]) = (json!(to), json!(cc));
            ours.act_on(&kim, &boost).await;
            let line = entries::find_by_uri(&mut ours.kit.app.reader(), boost["id"].as_str().unwrap()).await.unwrap();
            assert_eq!(line.expect("it is kept").visibility, visibility, "{name}");
        }
    }
}
