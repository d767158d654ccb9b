//! Builders: people, communities and posts, written straight into the store with no consequences.

use crate::node::Node;
use alongside_domain::account::{Email, Role};
use alongside_domain::actor::ActorKind;
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{AccountId, ActorId, CommunityId, FollowId, MemberId, PostId};
use alongside_domain::place::{Part, Place};
use alongside_domain::post::{Post, Visibility};
use alongside_store::actors::Profile;
use alongside_store::follows::Follow;
use alongside_store::{accounts, actors, communities, follows, members, posts};

impl Node {
    /// A member who takes part.
    pub async fn member(&self, handle: &str) -> MemberId {
        self.member_as(handle, Role::Member).await
    }

    /// A member whose account has this role. Nobody knows the password.
    pub async fn member_as(&self, handle: &str, role: Role) -> MemberId {
        let email = Email::parse(&format!("{handle}@mail.example")).expect("an address");
        let account: AccountId = self.app.next_id();
        let member = MemberId::of(self.app.next_id());
        let mut tx = self.store().begin().await.expect("a transaction");
        accounts::insert(&mut tx, account, &email, "no hash", role, self.app.now())
            .await
            .expect("an account");
        let profile = self.local(handle, ActorKind::Person);
        actors::insert(&mut tx, member.actor(), &profile, self.app.now()).await.expect("an actor");
        members::insert(&mut tx, member, account).await.expect("a member");
        tx.commit().await.expect("a commit");
        member
    }

    /// Somebody who lives on another host.
    pub async fn stranger(&self, handle: &str, host: &str) -> ActorId {
        let home = format!("https://{host}");
        let profile = Profile {
            host: host.to_owned(),
            uri: format!("{home}/users/{handle}"),
            url: format!("{home}/@{handle}"),
            inbox: format!("{home}/users/{handle}/inbox"),
            shared_inbox: Some(format!("{home}/inbox")),
            ..self.local(handle, ActorKind::Person)
        };
        let id: ActorId = self.app.next_id();
        let mut tx = self.store().begin().await.expect("a transaction");
        actors::insert(&mut tx, id, &profile, self.app.now()).await.expect("an actor");
        tx.commit().await.expect("a commit");
        id
    }

    /// A community that lives here.
    pub async fn community(&self, handle: &str, audience: Audience) -> CommunityId {
        let id = CommunityId::of(self.app.next_id());
        let community = Community {
            id,
            audience,
            join_policy: JoinPolicy::Open,
            indexable: false,
            safeguarding_contact: Some("help@mail.example".to_owned()),
            local: true,
        };
        let profile = self.local(handle, ActorKind::Group);
        let mut tx = self.store().begin().await.expect("a transaction");
        actors::insert(&mut tx, id.actor(), &profile, self.app.now()).await.expect("an actor");
        communities::put(&mut tx, &community).await.expect("a community");
        tx.commit().await.expect("a commit");
        id
    }

    /// Lets one follow the other, accepted.
    pub async fn follow(&self, follower: ActorId, target: ActorId) {
        let id: FollowId = self.app.next_id();
        let follow = Follow {
            id,
            follower_id: follower,
            target_id: target,
            accepted: true,
            uri: self.app.places().of(Place::Activity(&format!("follow-{id}"))),
            show_boosts: true,
            notify: false,
            at: self.app.now(),
        };
        let mut tx = self.store().begin().await.expect("a transaction");
        follows::put(&mut tx, &follow).await.expect("a follow");
        follows::count(&mut tx, follower, target, 1).await.expect("a count");
        tx.commit().await.expect("a commit");
    }

    /// A public post that begins a thread.
    pub async fn post(&self, author: ActorId, text: &str) -> Post {
        self.post_with(author, text, |_| {}).await
    }

    /// A post that is changed before it is written.
    pub async fn post_with(&self, author: ActorId, text: &str, change: impl FnOnce(&mut Post)) -> Post {
        self.post_naming(author, text, &[], change).await
    }

    /// A post that names somebody, and is changed before it is written.
    pub async fn post_naming(
        &self,
        author: ActorId,
        text: &str,
        named: &[ActorId],
        change: impl FnOnce(&mut Post),
    ) -> Post {
        let mut post = self.unwritten(author, text);
        change(&mut post);
        let tags = alongside_domain::compose::tags(text);
        let mut tx = self.store().begin().await.expect("a transaction");
        assert!(posts::insert(&mut tx, &post, named, &tags).await.expect("a post"), "its address is new");
        tx.commit().await.expect("a commit");
        post
    }

    fn unwritten(&self, author: ActorId, text: &str) -> Post {
        let id: PostId = self.app.next_id();
        Post {
            id,
            uri: self.app.places().of(Place::Post(id)),
            url: self.app.places().of(Place::Post(id)),
            author,
            community: None,
            reply_to: None,
            reply_to_author: None,
            reply_to_uri: None,
            root: id,
            title: None,
            content: format!("<p>{text}</p>"),
            source: text.to_owned(),
            content_note: String::new(),
            sensitive: false,
            visibility: Visibility::Public,
            language: None,
            application: None,
            poll: None,
            local: true,
            published_at: self.app.now(),
            edited_at: None,
            deleted_at: None,
            removed_at: None,
            locked_at: None,
            replies_count: 0,
            boosts_count: 0,
            reactions_count: 0,
            me_too_count: 0,
        }
    }

    fn local(&self, handle: &str, kind: ActorKind) -> Profile {
        let places = self.app.places();
        Profile {
            kind,
            handle: handle.to_owned(),
            host: String::new(),
            uri: places.of(Place::Actor(handle)),
            url: places.of(Place::Profile(handle)),
            name: handle.to_owned(),
            note: String::new(),
            note_source: String::new(),
            fields: Vec::new(),
            avatar: None,
            header: None,
            locked: false,
            bot: false,
            discoverable: true,
            inbox: places.of(Place::Of(handle, Part::Inbox)),
            shared_inbox: Some(places.of(Place::SharedInbox)),
            outbox: Some(places.of(Place::Of(handle, Part::Outbox))),
            followers: Some(places.of(Place::Of(handle, Part::Followers))),
            featured: None,
            moderators: None,
            created_at: self.app.now().midnight(),
        }
    }
}
