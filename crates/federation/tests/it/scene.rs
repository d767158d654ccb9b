//! Somebody elsewhere who publishes, and a member here who follows them.

use crate::stranger::{Ours, Person, Stranger};
use alongside_domain::id::ActorId;
use alongside_domain::media::MediaKind;
use alongside_domain::post::Post;
use alongside_domain::reaction::Reaction;
use alongside_store::engine::Store;
use alongside_store::{media, reactions};
use serde_json::Value;

/// Kim and a community live there, and Sam follows both.
pub(crate) struct Scene {
    pub(crate) ours: Ours,
    pub(crate) home: Stranger,
    pub(crate) kim: Person,
    pub(crate) group: Person,
    pub(crate) sam: ActorId,
}

impl Scene {
    pub(crate) async fn new(store: Store) -> Self {
        let home = Stranger::new().await;
        let ours = Ours::new(store, &[&home]);
        let (kim, group) = (home.actor("kim", "Person"), home.actor("sleep", "Group"));
        let sam = ours.follower_of("sam", &[&kim, &group]).await;
        Self { ours, home, kim, group, sam }
    }

    /// Kim publishes something.
    pub(crate) async fn publishes(&self, name: &str, document: Value) -> Option<Post> {
        let id = document["id"].as_str().unwrap().to_owned();
        self.ours.act_on(&self.kim, &self.kim.activity(name, "Create", document)).await;
        self.ours.post(&id).await
    }

    /// Kim does something to a post.
    pub(crate) async fn does(&self, name: &str, kind: &str, post: &Post) {
        self.ours.act_on(&self.kim, &self.kim.activity(name, kind, post.uri.clone().into())).await;
    }

    pub(crate) async fn reaction_to(&self, post: &Post) -> Option<Reaction> {
        let kim = self.ours.actor(&self.kim.id).await.unwrap().id;
        let kept = reactions::between(&mut self.ours.kit.app.reader(), kim, post.id).await.unwrap();
        kept.map(|kept| kept.kind)
    }

    pub(crate) async fn files_of(&self, post: &Post) -> Vec<(MediaKind, String)> {
        let files = media::of_posts(&mut self.ours.kit.app.reader(), &[post.id]).await.unwrap();
        files.into_iter().map(|file| (file.kind, file.remote_url.unwrap())).collect()
    }
}
