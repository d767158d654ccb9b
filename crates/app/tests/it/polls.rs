//! Voting, and the end of a poll.

use alongside_app::effects::Via;
use alongside_app::polls::{self, Error};
use alongside_domain::clock::Clock as _;
use alongside_domain::id::{ActorId, PollId};
use alongside_domain::job::Job;
use alongside_domain::notification::NotificationKind;
use alongside_domain::poll::{Choice, NoVote, Poll};
use alongside_domain::post::{Post, Visibility};
use alongside_store::notifications::Wanted;
use alongside_store::page::Page;
use alongside_store::{notifications, polls as stored};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const POLL: PollId = PollId::new(8);

async fn asked(node: &Node, author: ActorId, multiple: bool, change: impl FnOnce(&mut Post)) -> Post {
    let post = node
        .post_with(author, "tea or cocoa?", |post| {
            post.poll = Some(POLL);
            change(post);
        })
        .await;
    let poll = Poll {
        id: POLL,
        post: post.id,
        multiple,
        hide_totals: false,
        closes_at: Some(node.clock.now().plus_secs(600)),
        ended_at: None,
        voters_count: 0,
        choices: ["tea", "cocoa"].map(|title| Choice { title: title.to_owned(), votes_count: 0 }).to_vec(),
    };
    let mut tx = node.store().begin().await.unwrap();
    polls::begin(&mut tx, &node.app, &poll).await.unwrap();
    tx.commit().await.unwrap();
    post
}

async fn stands(node: &Node) -> (Vec<i64>, i64) {
    let poll = stored::find(&mut node.app.reader(), POLL).await.unwrap().unwrap();
    (poll.choices.iter().map(|choice| choice.votes_count).collect(), poll.voters_count)
}

both_engines! {
    async fn a_member_votes_once(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        asked(&node, sam.actor(), false, |_| {}).await;
        let vote = async |member, chosen: &[usize]| polls::vote(&node.app, member, POLL, chosen).await;
        assert!(matches!(vote(sam, &[0]).await, Err(Error::NoVote(NoVote::Own))));
        assert!(matches!(vote(ada, &[2]).await, Err(Error::NoVote(NoVote::NoSuchChoice))));
        assert!(matches!(vote(ada, &[0, 1]).await, Err(Error::NoVote(NoVote::Twice))));
        assert_eq!(vote(ada, &[1]).await.unwrap().choices[1].votes_count, 1);
        assert!(matches!(vote(ada, &[0]).await, Err(Error::NoVote(NoVote::Twice))));
        assert_eq!(stands(&node).await, (vec![0, 1], 1));
        assert_eq!(node.take_queued().await, [], "nobody elsewhere has to be told");
        let late = node.member("late").await;
        node.clock.advance_secs(600);
        assert!(matches!(vote(late, &[0]).await, Err(Error::NoVote(NoVote::Closed))));
    }

    async fn where_more_than_one_may_be_chosen_another_is_added_later(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        asked(&node, sam.actor(), true, |_| {}).await;
        let vote = async |chosen: &[usize]| polls::vote(&node.app, ada, POLL, chosen).await;
        vote(&[1]).await.unwrap();
        assert!(matches!(vote(&[0, 1]).await, Err(Error::NoVote(NoVote::Twice))));
        node.clock.advance_secs(1);
        vote(&[0]).await.unwrap();
        assert_eq!(stands(&node).await, (vec![1, 1], 1), "one voter");
        let votes = stored::votes_of(&mut node.app.reader(), ada.actor(), &[POLL]).await.unwrap();
        let chosen: Vec<i64> = votes.iter().map(|vote| vote.position).collect();
        assert_eq!(chosen, [1, 0], "as they were cast");
    }

    async fn two_votes_at_once_are_one(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        asked(&node, sam.actor(), false, |_| {}).await;
        let mut all = Vec::new();
        for at in 0..4 {
            let app = node.app.clone();
            all.push(tokio::spawn(async move { polls::vote(&app, ada, POLL, &[at % 2]).await.is_ok() }));
        }
        let mut counted = 0;
        for one in all {
            counted += usize::from(one.await.unwrap());
        }
        let (votes, voters) = stands(&node).await;
        assert_eq!((counted, votes.iter().sum::<i64>(), voters), (1, 1, 1));
    }

    async fn one_votes_only_where_one_may_read(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        asked(&node, sam.actor(), false, |post| post.visibility = Visibility::Followers).await;
        assert!(matches!(polls::vote(&node.app, ada, POLL, &[0]).await, Err(Error::Refused(_))));
        node.follow(ada.actor(), sam.actor()).await;
        assert!(polls::vote(&node.app, ada, POLL, &[0]).await.is_ok());
    }

    async fn a_vote_in_a_poll_elsewhere_is_sent_there(node: Node) {
        let (ada, far) = (node.member("ada").await, node.stranger("far", "b.example").await);
        asked(&node, far, true, |post| post.local = false).await;
        polls::vote(&node.app, ada, POLL, &[0, 1]).await.unwrap();
        assert_eq!(stands(&node).await, (vec![1, 1], 1));
        assert_eq!(node.take_queued().await, [Job::Vote { poll: POLL, actor: ada.actor() }]);
    }

    async fn choices_arrive_one_by_one_and_count_once(node: Node) {
        let (sam, far) = (node.member("sam").await, node.stranger("far", "b.example").await);
        let post = asked(&node, sam.actor(), true, |_| {}).await;
        for title in ["tea", "tea", "cocoa"] {
            polls::vote_arrived(&node.app, far, post.id, title, Via::Fetched).await.unwrap();
        }
        assert_eq!(stands(&node).await, (vec![1, 1], 1));
        let odd = polls::vote_arrived(&node.app, far, post.id, "coffee", Via::Fetched).await.unwrap_err();
        assert!(matches!(odd, Error::NoVote(NoVote::NoSuchChoice)));
    }

    async fn a_second_choice_does_not_arrive_where_one_is_asked_for(node: Node) {
        let (sam, far) = (node.member("sam").await, node.stranger("far", "b.example").await);
        let post = asked(&node, sam.actor(), false, |_| {}).await;
        polls::vote_arrived(&node.app, far, post.id, "tea", Via::Fetched).await.unwrap();
        let second = polls::vote_arrived(&node.app, far, post.id, "cocoa", Via::Fetched).await.unwrap_err();
        assert!(matches!(second, Error::NoVote(NoVote::Twice)));
        assert_eq!(stands(&node).await, (vec![1, 0], 1));
    }

    async fn how_a_poll_stands_is_told_after_a_while_for_all_votes_at_once(node: Node) {
        let (sam, ada, far) =
            (node.member("sam").await, node.member("ada").await, node.stranger("far", "b.example").await);
        let post = asked(&node, sam.actor(), false, |_| {}).await;
        polls::vote(&node.app, ada, POLL, &[0]).await.unwrap();
        node.clock.advance_secs(60);
        polls::vote_arrived(&node.app, far, post.id, "tea", Via::Fetched).await.unwrap();
        assert_eq!(node.take_queued().await, []);
        node.clock.advance_secs(120);
        assert_eq!(node.take_queued().await, [Job::Revise { post: post.id }]);
        polls::vote(&node.app, node.member("eve").await, POLL, &[1]).await.unwrap();
        node.clock.advance_secs(180);
        assert_eq!(node.take_queued().await, [Job::Revise { post: post.id }]);
    }

    async fn nobody_is_told_what_is_hidden_until_the_end(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.member("ada").await);
        asked(&node, sam.actor(), false, |_| {}).await;
        let mut tx = node.store().begin().await.unwrap();
        let poll = stored::find(&mut tx, POLL).await.unwrap().unwrap();
        stored::remove(&mut tx, POLL).await.unwrap();
        polls::begin(&mut tx, &node.app, &Poll { hide_totals: true, ..poll }).await.unwrap();
        tx.commit().await.unwrap();
        polls::vote(&node.app, ada, POLL, &[0]).await.unwrap();
        node.clock.advance_secs(180);
        assert_eq!(node.take_queued().await, []);
    }

    async fn those_who_took_part_are_told_of_the_end_once(node: Node) {
        let (sam, ada, far) =
            (node.member("sam").await, node.member("ada").await, node.stranger("far", "b.example").await);
        let post = asked(&node, sam.actor(), false, |_| {}).await;
        polls::vote(&node.app, ada, POLL, &[0]).await.unwrap();
        polls::vote_arrived(&node.app, far, post.id, "tea", Via::Fetched).await.unwrap();
        polls::end(&node.app, POLL).await.unwrap();
        let told = async |member| {
            let wanted = Wanted::of(&[NotificationKind::Poll]);
            let page = Page::newest(9);
            notifications::page(&mut node.app.reader(), member, &wanted, &page, node.clock.now()).await.unwrap().len()
        };
        assert_eq!(told(ada).await, 0, "it has not ended yet");
        assert_eq!(node.take_queued().await, []);
        node.clock.advance_secs(600);
        let due = node.take_queued().await;
        assert!(due.contains(&Job::PollEnded { poll: POLL }), "{due:?}");
        polls::end(&node.app, POLL).await.unwrap();
        polls::end(&node.app, POLL).await.unwrap();
        assert_eq!((told(sam).await, told(ada).await), (1, 1));
        assert_eq!(node.take_queued().await, [Job::Revise { post: post.id }], "how it stands is sent out once");
    }
}
