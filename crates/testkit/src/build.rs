//! Builders: people, communities and posts, written straight into the store with no consequences.

use crate::node::Node;
use alongside_app::{hosts, profiles};
use alongside_domain::account::{Email, Role};
use alongside_domain::actor::ActorKind;
use alongside_domain::agreement::{Limit, Limits};
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{AccountId, ActorId, CommunityId, FollowId, MemberId, PostId};
use alongside_domain::place::{Place, follow_name};
use alongside_domain::post::{Post, Visibility};
use alongside_store::actors::Profile;
use alongside_store::engine::Tx;
use alongside_store::follows::Follow;
use alongside_store::session::Session as _;
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

    /// Makes two members personas of one account.
    pub async fn of_one_account(&self, first: MemberId, second: MemberId) {
        let mut tx = self.store().begin().await.expect("a transaction");
        tx.query(
            "update member set account_id = (select account_id from member where actor_id = $1) where actor_id = $2",
        )
        .bind(first)
        .bind(second)
        .execute()
        .await
        .expect("the store works");
        tx.commit().await.expect("a commit");
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
            featured: None,
            ..self.local(handle, ActorKind::Person)
        };
        let id: ActorId = self.app.next_id();
        let mut tx = self.store().begin().await.expect("a transaction");
        actors::insert(&mut tx, id, &profile, self.app.now()).await.expect("an actor");
        tx.commit().await.expect("a commit");
        id
    }

    /// A community that lives on another host, with its lists.
    pub async fn community_elsewhere(&self, handle: &str, host: &str) -> CommunityId {
        let home = format!("https://{host}/c/{handle}");
        let profile = Profile {
            host: host.to_owned(),
            uri: home.clone(),
            url: home.clone(),
            inbox: format!("{home}/inbox"),
            shared_inbox: Some(format!("https://{host}/inbox")),
            outbox: None,
            followers: Some(format!("{home}/followers")),
            featured: Some(format!("{home}/featured")),
            moderators: Some(format!("{home}/moderators")),
            ..self.local(handle, ActorKind::Group)
        };
        let id = CommunityId::of(self.app.next_id());
        let community = Community {
            id,
            audience: Audience::Everyone,
            join_policy: JoinPolicy::Open,
            indexable: false,
            safeguarding_contact: None,
            local: false,
        };
        let mut tx = self.store().begin().await.expect("a transaction");
        actors::insert(&mut tx, id.actor(), &profile, self.app.now()).await.expect("an actor");
        communities::put(&mut tx, &community).await.expect("a community");
        tx.commit().await.expect("a commit");
        id
    }

    /// Lets somebody look after a community.
    pub async fn appoint(&self, community: CommunityId, actor: ActorId) {
        let mut tx = self.store().begin().await.expect("a transaction");
        communities::appoint(&mut tx, community, actor, "moderator", self.app.now()).await.expect("a role");
        tx.commit().await.expect("a commit");
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

    /// Puts a host into the agreement, as one that may have what is for members.
    pub async fn agree(&self, host: &str) {
        hosts::allow(&self.app, host).await.expect("a decision");
        hosts::limit(&self.app, host, Limits::of(&[Limit::Members])).await.expect("a decision");
    }

    /// Lets one follow the other, accepted.
    pub async fn follow(&self, follower: ActorId, target: ActorId) {
        let mut tx = self.store().begin().await.expect("a transaction");
        self.follow_with(&mut tx, follower, target, true).await;
        follows::count(&mut tx, follower, target, 1).await.expect("a count");
        tx.commit().await.expect("a commit");
    }

    /// Lets one follow the other, accepted or not, as part of something else.
    pub async fn follow_with(&self, tx: &mut Tx, follower: ActorId, target: ActorId, accepted: bool) {
        let id: FollowId = self.app.next_id();
        let follow = Follow {
            id,
            follower_id: follower,
            target_id: target,
            accepted,
            uri: self.app.places().of(Place::Activity(&follow_name(id))),
            show_boosts: true,
            notify: false,
            at: self.app.now(),
        };
        follows::put(tx, &follow).await.expect("a follow");
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

    /// Whether words are kept anywhere: in a post, in what it said before, in what arrived or in what is told.
    pub async fn holds(&self, words: &str) -> bool {
        let mut reader = self.app.reader();
        let found: Vec<posts::Id> = reader
            .query(
                "select id from post where content like $1 or source like $1 or content_note like $1 or title like $1
                union all select post_id as id from post_edit where content like $1 or content_note like $1
                union all select id from scheduled_post where draft like $1
                union all select id from inbox where body like $1
                union all select id from activity where body like $1",
            )
            .bind(format!("%{words}%"))
            .all()
            .await
            .expect("the store works");
        !found.is_empty()
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
        Profile { name: handle.to_owned(), discoverable: true, ..profiles::newcomer(&self.app, kind, handle) }
    }
}
