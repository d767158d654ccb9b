//! Communities for clients that know none: each rule of the convention that such clients rely on, by its name.
//!
//! A community is an account. One follows it to join, names it to write in it, and reads what it boosts. What is for
//! its members is never shown to anybody else, whichever way a client goes.

use crate::mastodon::testing::{Answer, Door, Persona, each, png};
use alongside_app::effects::Via;
use alongside_app::reactions;
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::id::{ActorId, CommunityId, PostId};
use alongside_domain::reaction::Reaction;
use alongside_store::communities;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// A community for everybody and one for its members; Sam and Ada are in both, Eve in neither.
struct World {
    door: Door,
    open: CommunityId,
    quiet: CommunityId,
    sam: Persona,
    ada: Persona,
    eve: Persona,
}

impl World {
    async fn new(store: Store) -> Self {
        let door = Door::new(store);
        let (sam, ada, eve) =
            (door.persona("sam").await, door.persona("ada").await, door.persona("eve").await);
        let open = door.node.community("open", Audience::Everyone).await;
        let quiet = door.node.community("quiet", Audience::Members).await;
        for member in [&sam, &ada] {
            for community in [open, quiet] {
                door.node.follow(member.member.actor(), community.actor()).await;
            }
        }
        Self { door, open, quiet, sam, ada, eve }
    }

    async fn send(&self, by: &Persona, body: Value) -> Answer {
        // Lines of one millisecond have an order by chance.
        self.door.node.clock.advance_secs(1);
        self.door.post("/api/v1/statuses", &by.token, &body).await
    }

    async fn say(&self, by: &Persona, text: &str) -> String {
        id(&self.send(by, json!({ "status": text })).await.ok())
    }

    async fn reply(&self, by: &Persona, to: &str, text: &str) -> Answer {
        self.send(by, json!({ "status": text, "in_reply_to_id": to })).await
    }

    async fn get(&self, who: &Persona, path: &str) -> Value {
        self.door.get(path, &who.token).await.ok()
    }

    /// What a timeline shows: the account of each line, and the post in it.
    async fn lines(&self, who: &Persona, path: &str) -> Vec<(String, String)> {
        let timeline = self.get(who, path).await;
        let line = |line: &Value| {
            let post = line.pointer("/reblog/id").unwrap_or(&line["id"]);
            (line["account"]["acct"].as_str().unwrap().to_owned(), post.as_str().unwrap().to_owned())
        };
        timeline.as_array().unwrap().iter().map(line).collect()
    }
}

const HOME: &str = "/api/v1/timelines/home";

fn id(status: &Value) -> String {
    status["id"].as_str().unwrap().to_owned()
}

fn line(account: &str, post: &str) -> (String, String) {
    (account.to_owned(), post.to_owned())
}

fn refused(answer: &Answer, says: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error = answer.json()["error"].as_str().unwrap().to_owned();
    assert!(error.contains(says), "{error}");
}

async fn asks_first(world: &World, community: CommunityId) {
    let mut tx = world.door.node.store().begin().await.unwrap();
    let found = communities::find(&mut tx, community.actor()).await.unwrap().unwrap();
    communities::put(&mut tx, &Community { join_policy: JoinPolicy::Approval, ..found }).await.unwrap();
    tx.commit().await.unwrap();
}

both_engines! {
    async fn r1_a_community_is_an_account_that_every_way_of_looking_finds(store: Store) {
        let world = World::new(store).await;
        let account = world.get(&world.eve, &format!("/api/v1/accounts/{}", world.quiet)).await;
        assert_eq!((&account["group"], &account["acct"]), (&json!(true), &json!("quiet")));
        for path in ["/api/v1/accounts/search?q=qui", "/api/v1/accounts/search?q=@quiet@127.0.0.1:7100"] {
            assert_eq!(each(&world.get(&world.eve, path).await, "/id"), [world.quiet.to_string()], "{path}");
        }
        assert_eq!(each(&world.get(&world.eve, "/api/v2/search?q=qui").await["accounts"], "/id"), [world.quiet.to_string()]);
        assert_eq!(world.get(&world.eve, "/api/v1/accounts/lookup?acct=quiet").await["id"], world.quiet.to_string());
    }

    async fn r2_following_is_joining_and_unfollowing_leaving(store: Store) {
        let world = World::new(store).await;
        asks_first(&world, world.quiet).await;
        let follow = async |id: CommunityId, verb: &str| {
            let path = format!("/api/v1/accounts/{id}/{verb}");
            let told = world.door.post(&path, &world.eve.token, &json!({})).await.ok();
            (told["following"] == true, told["requested"] == true)
        };
        assert_eq!(follow(world.open, "follow").await, (true, false));
        assert_eq!(follow(world.quiet, "follow").await, (false, true), "a moderator lets her in");
        world.say(&world.eve, "@open hello").await;
        refused(&world.send(&world.eve, json!({ "status": "@quiet hello" })).await, "only members");
        assert_eq!((follow(world.open, "unfollow").await, follow(world.quiet, "unfollow").await), ((false, false), (false, false)));
    }

    async fn r3_naming_it_submits_a_post_which_stands_among_its_posts(store: Store) {
        let world = World::new(store).await;
        let post = world.say(&world.sam, "@open awake?").await;
        world.reply(&world.ada, &post, "yes").await.ok();
        let path = format!("/api/v1/accounts/{}/statuses", world.open);
        assert_eq!(world.lines(&world.eve, &path).await, [line("open", &post)], "threads, and not their comments");
        let quiet = world.say(&world.sam, "@quiet awake?").await;
        let path = format!("/api/v1/accounts/{}/statuses", world.quiet);
        assert_eq!(world.lines(&world.ada, &path).await, [line("quiet", &quiet)]);
        assert_eq!(world.lines(&world.eve, &path).await, []);
    }

    async fn r4_home_shows_a_thread_once_as_the_communitys_and_never_a_comment(store: Store) {
        let world = World::new(store).await;
        let [first, second] = [world.say(&world.sam, "@open one").await, world.say(&world.sam, "@quiet two").await];
        for post in [&first, &second] {
            world.reply(&world.sam, post, "a comment").await.ok();
        }
        let expected = [line("quiet", &second), line("open", &first)];
        assert_eq!(world.lines(&world.ada, HOME).await, expected);
        world.door.node.follow(world.ada.member.actor(), world.sam.member.actor()).await;
        assert_eq!(world.lines(&world.ada, HOME).await, expected, "who follows its author too does not see it twice");
        assert_eq!(world.lines(&world.sam, HOME).await, expected, "nor does its author");
        world.door.post(&format!("/api/v1/statuses/{first}/reblog"), &world.sam.token, &json!({})).await.ok();
        assert_eq!(world.lines(&world.ada, HOME).await, expected, "nor where somebody boosts it");
    }

    async fn r5_what_is_for_members_is_named_private_and_never_public(store: Store) {
        let world = World::new(store).await;
        for asked in ["public", "unlisted", ""] {
            let posted = world.send(&world.sam, json!({ "status": "@quiet a secret", "visibility": asked })).await.ok();
            assert_eq!(posted["visibility"], "private", "asked for {asked:?}");
            let path = format!("/api/v1/statuses/{}", id(&posted));
            assert_eq!(world.get(&world.ada, &path).await["visibility"], "private");
            for outsider in [world.eve.token.as_str(), ""] {
                assert_eq!(world.door.get(&path, outsider).await.status, StatusCode::NOT_FOUND);
            }
        }
        for path in ["/api/v1/timelines/public", "/api/v2/search?q=secret", &format!("/api/v1/accounts/{}/statuses", world.sam.member)] {
            let seen = world.get(&world.eve, path).await.to_string();
            assert!(!seen.contains("secret"), "{path}: {seen}");
        }
        assert_eq!(world.get(&world.eve, &format!("/api/v1/accounts/{}", world.sam.member)).await["statuses_count"], 0, "no count either");
    }

    async fn r6_who_is_no_member_or_names_others_is_told_why_nothing_was_published(store: Store) {
        let world = World::new(store).await;
        refused(&world.send(&world.eve, json!({ "status": "@quiet hello" })).await, "only members of this community may do this: join it first");
        refused(&world.send(&world.sam, json!({ "status": "@quiet meet @eve" })).await, "it names somebody who is not a member");
        let post = world.say(&world.sam, "@quiet hello").await;
        refused(&world.reply(&world.ada, &post, "look, @eve").await, "it names somebody who is not a member");
        let answered = world.reply(&world.eve, &post, "me too").await;
        assert_eq!(answered.status, StatusCode::NOT_FOUND, "for her there is no such post");
        assert_eq!(world.lines(&world.eve, HOME).await, []);
        let told = world.get(&world.eve, "/api/v1/notifications").await;
        assert_eq!(told, json!([]));
    }

    async fn r7_an_answer_has_the_audience_of_what_it_answers(store: Store) {
        let world = World::new(store).await;
        let post = world.say(&world.sam, "@quiet a secret").await;
        for asked in ["public", "unlisted", "private", ""] {
            let body = json!({ "status": "me too", "in_reply_to_id": post, "visibility": asked });
            let reply = world.send(&world.ada, body).await.ok();
            assert_eq!((&reply["visibility"], &reply["group"]["id"]), (&json!("private"), &json!(world.quiet.to_string())), "asked for {asked:?}");
            let path = format!("/api/v1/statuses/{}", id(&reply));
            assert_eq!(world.door.get(&path, &world.eve.token).await.status, StatusCode::NOT_FOUND);
            refused(&world.door.put(&path, &world.ada.token, &json!({ "status": "look, @eve" })).await, "not a member");
            world.door.put(&path, &world.ada.token, &json!({ "status": "public now", "visibility": "public" })).await.ok();
            assert_eq!(world.door.get(&path, &world.eve.token).await.status, StatusCode::NOT_FOUND, "an edit opens nothing");
        }
        let body = json!({ "status": "me too", "in_reply_to_id": post, "visibility": "direct" });
        refused(&world.send(&world.ada, body).await, "stays in the community");
        let at = "2026-11-23T05:00:00Z";
        let later = json!({ "status": "me too", "in_reply_to_id": post, "visibility": "public", "scheduled_at": at });
        assert_eq!(world.send(&world.ada, later).await.ok()["params"]["visibility"], "private");
        let outside = json!({ "status": "look, @eve", "in_reply_to_id": post, "scheduled_at": at });
        refused(&world.send(&world.ada, outside).await, "not a member");
    }

    async fn r8_what_is_for_members_is_not_boosted(store: Store) {
        let world = World::new(store).await;
        let post = world.say(&world.sam, "@quiet a secret").await;
        for (who, status) in [(&world.ada, StatusCode::FORBIDDEN), (&world.sam, StatusCode::FORBIDDEN), (&world.eve, StatusCode::NOT_FOUND)] {
            let path = format!("/api/v1/statuses/{post}/reblog");
            assert_eq!(world.door.post(&path, &who.token, &json!({})).await.status, status);
        }
    }

    async fn r9_what_is_for_some_people_only_is_for_no_community(store: Store) {
        let world = World::new(store).await;
        for visibility in ["private", "direct"] {
            for name in ["open", "quiet"] {
                let body = json!({ "status": format!("@{name} between us"), "visibility": visibility });
                let posted = world.send(&world.sam, body).await.ok();
                assert_eq!((&posted["visibility"], posted.get("group")), (&json!(visibility), None));
                let path = format!("/api/v1/statuses/{}", id(&posted));
                assert_eq!(world.door.get(&path, &world.ada.token).await.status, StatusCode::NOT_FOUND, "{visibility} @{name}");
            }
            let group = json!({ "status": "x", "visibility": visibility, "group_id": world.open.to_string() });
            refused(&world.send(&world.sam, group).await, "choose one");
        }
        for community in [world.open, world.quiet] {
            let path = format!("/api/v1/accounts/{community}/statuses");
            assert_eq!(world.lines(&world.ada, &path).await, []);
        }
        assert_eq!(world.lines(&world.ada, HOME).await, []);
    }

    async fn r10_joined_communities_are_lists_that_cannot_be_changed(store: Store) {
        let world = World::new(store).await;
        let post = world.say(&world.ada, "@quiet hello").await;
        world.reply(&world.ada, &post, "a comment").await.ok();
        let lists = world.get(&world.sam, "/api/v1/lists").await;
        assert_eq!(each(&lists, "/title"), ["open", "quiet"]);
        let path = format!("/api/v1/lists/{}", world.quiet);
        assert_eq!(world.lines(&world.sam, &format!("/api/v1/timelines/list/{}", world.quiet)).await, [line("quiet", &post)]);
        let body = json!({ "title": "mine", "account_ids": [world.sam.member.to_string()] });
        refused(&world.door.put(&path, &world.sam.token, &body).await, "a community you joined");
        refused(&world.door.delete(&path, &world.sam.token).await, "a community you joined");
        for method in [Method::POST, Method::DELETE] {
            let accounts = format!("{path}/accounts");
            let answer = world.door.send(method, &accounts, &world.sam.token, "application/json", body.to_string().into()).await;
            refused(&answer, "a community you joined");
        }
        assert_eq!(world.get(&world.eve, "/api/v1/lists").await, json!([]));
        for path in [path, format!("/api/v1/timelines/list/{}", world.quiet)] {
            assert_eq!(world.door.get(&path, &world.eve.token).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn r11_who_belongs_where_is_told_to_nobody_else(store: Store) {
        let world = World::new(store).await;
        world.door.node.follow(world.ada.member.actor(), world.sam.member.actor()).await;
        let sam = world.sam.member.actor();
        for subject in [sam, world.open.actor(), world.quiet.actor()] {
            for what in ["followers", "following"] {
                let path = format!("/api/v1/accounts/{subject}/{what}");
                assert_eq!(world.get(&world.ada, &path).await, json!([]), "{path}");
                assert_eq!(world.door.get(&path, "").await.ok(), json!([]), "{path}");
            }
            let familiar = world.get(&world.ada, &format!("/api/v1/accounts/familiar_followers?id[]={subject}")).await;
            assert_eq!(familiar, json!([{ "id": subject.to_string(), "accounts": [] }]));
            let lists = world.get(&world.ada, &format!("/api/v1/accounts/{subject}/lists")).await;
            assert_eq!(lists, json!([]), "a community is a list of one's own, and nobody is listed in it");
        }
        let following = world.get(&world.sam, &format!("/api/v1/accounts/{sam}/following")).await;
        assert_eq!(each(&following, "/acct"), ["quiet", "open"], "one's own is one's own");
        let inside = world.get(&world.sam, &format!("/api/v1/lists/{}/accounts", world.quiet)).await;
        assert_eq!(each(&inside, "/acct"), ["quiet"]);
    }

    async fn r12_who_reacted_is_told_to_the_author_alone(store: Store) {
        let world = World::new(store).await;
        let post = world.say(&world.sam, "@open awake?").await;
        for verb in ["favourite", "reblog"] {
            world.door.post(&format!("/api/v1/statuses/{post}/{verb}"), &world.ada.token, &json!({})).await.ok();
        }
        for what in ["favourited_by", "reblogged_by"] {
            let path = format!("/api/v1/statuses/{post}/{what}");
            assert_eq!(each(&world.get(&world.sam, &path).await, "/acct"), ["ada"]);
            assert_eq!(world.get(&world.eve, &path).await, json!([]));
            assert_eq!(world.get(&world.ada, &path).await, json!([]), "not even to who did");
            assert_eq!(world.door.get(&path, "").await.ok(), json!([]));
        }
    }

    async fn r13_me_too_is_counted_from_five_on(store: Store) {
        let world = World::new(store).await;
        let post = world.say(&world.sam, "@open awake?").await;
        let path = format!("/api/v1/statuses/{post}");
        for (number, shown) in (1..=6).zip([0, 0, 0, 0, 5, 6]) {
            let who = world.door.node.member(&format!("m{number}")).await;
            react(&world, who.actor(), &post).await;
            assert_eq!(world.get(&world.eve, &path).await["favourites_count"], shown, "after {number}");
        }
        react(&world, world.ada.member.actor(), &post).await;
        let own = world.get(&world.ada, &path).await;
        assert_eq!(own["favourited"], true, "one's own is always shown");
    }

    async fn r14_pictures_of_what_not_everybody_may_read_have_addresses_that_run_out(store: Store) {
        let world = World::new(store).await;
        for (text, visibility) in [("@quiet look", "public"), ("@ada look", "direct"), ("look", "private")] {
            let address = picture(&world, text, visibility).await;
            let (bare, ticket) = address.split_once('?').expect("a signed address");
            assert!(ticket.starts_with("until=") && ticket.contains("&signature="), "{ticket}");
            assert_eq!(world.door.get(&address, "").await.status, StatusCode::OK);
            assert_eq!(world.door.get(bare, "").await.status, StatusCode::NOT_FOUND, "{text}: without its ticket");
            assert_eq!(world.door.get(&address.replace("until=", "until=9"), "").await.status, StatusCode::NOT_FOUND);
            world.door.node.clock.advance_secs(2 * 3_600 + 1);
            assert_eq!(world.door.get(&address, "").await.status, StatusCode::NOT_FOUND, "{text}: it has run out");
        }
        let open = picture(&world, "@open look", "public").await;
        assert!(!open.contains('?'), "{open}");
    }
}

/// Reacts with "me too".
async fn react(world: &World, who: ActorId, post: &str) {
    let post: PostId = post.parse().unwrap();
    reactions::react(&world.door.node.app, who, post, Reaction::MeToo, None, Via::Here).await.unwrap();
}

/// Publishes a picture and gives its address on the node.
async fn picture(world: &World, text: &str, visibility: &str) -> String {
    let head = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n";
    let form = [&head[..], &png(), b"\r\n--x--\r\n"].concat();
    let kind = "multipart/form-data; boundary=x";
    let media =
        world.door.send(Method::POST, "/api/v2/media", &world.sam.token, kind, form.into()).await.ok();
    let body = json!({ "status": text, "visibility": visibility, "media_ids": [media["id"]] });
    let posted = world.send(&world.sam, body).await.ok();
    let url = posted["media_attachments"][0]["url"].as_str().unwrap();
    url.strip_prefix("http://127.0.0.1:7100").unwrap().to_owned()
}
