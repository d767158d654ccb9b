//! Asking for human eyes.

use alongside_app::reports::{self, Error, NewReport};
use alongside_domain::account::Role;
use alongside_domain::clock::Clock as _;
use alongside_domain::community::Audience;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::notification::NotificationKind;
use alongside_domain::report::ReportCategory;
use alongside_store::notifications::Wanted;
use alongside_store::page::Page;
use alongside_store::{communities, notifications, reports as stored};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

fn about(target: ActorId) -> NewReport {
    NewReport {
        target,
        posts: Vec::new(),
        category: ReportCategory::Other,
        comment: "I am worried".to_owned(),
        rules: Vec::new(),
        uri: None,
        forward: false,
    }
}

/// Who a member was told of: the one who reported, or the one reported.
async fn told(node: &Node, member: MemberId) -> Vec<ActorId> {
    let wanted = Wanted::of(&[NotificationKind::Report]);
    let (reader, newest) = (&mut node.app.reader(), Page::newest(9));
    let notices = notifications::page(reader, member, &wanted, &newest, node.clock.now()).await.unwrap();
    notices.iter().map(|notice| notice.from_id).collect()
}

both_engines! {
    async fn those_who_look_after_it_are_told_and_only_staff_by_whom(node: Node) {
        let (sam, ada) = (node.member("sam").await, node.stranger("ada", "b.example").await);
        let (staff, steward) = (node.member_as("staff", Role::Moderator).await, node.member("steward").await);
        let sleep = node.community("sleep", Audience::Everyone).await;
        let mut tx = node.store().begin().await.unwrap();
        communities::appoint(&mut tx, sleep, steward.actor(), "moderator", node.clock.now()).await.unwrap();
        communities::appoint(&mut tx, sleep, staff.actor(), "moderator", node.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let hers = node.post_with(ada, "!", |post| post.community = Some(sleep)).await.id;
        let anothers = node.post(sam.actor(), "mine").await.id;
        let new = NewReport { posts: vec![hers, anothers], ..about(ada) };
        let report = reports::create(&node.app, sam.actor(), new).await.unwrap();
        assert_eq!((report.posts.as_slice(), report.community), ([hers].as_slice(), Some(sleep)));
        assert_eq!(stored::find(&mut node.app.reader(), report.id).await.unwrap(), Some(report));
        assert_eq!(told(&node, staff).await, [sam.actor()]);
        assert_eq!(told(&node, steward).await, [ada]);
        assert!(told(&node, sam).await.is_empty());
    }

    async fn the_same_report_from_elsewhere_is_taken_once(node: Node) {
        let (sam, far) = (node.member("sam").await, node.stranger("far", "b.example").await);
        let staff = node.member_as("staff", Role::Admin).await;
        let new = NewReport { uri: Some("https://b.example/flags/1".to_owned()), ..about(sam.actor()) };
        reports::create(&node.app, far, new.clone()).await.unwrap();
        reports::create(&node.app, far, new).await.unwrap();
        assert_eq!(told(&node, staff).await, [sam.actor()], "who it was is for the staff there to know");
        let open = stored::Wanted::default();
        assert_eq!(stored::page(&mut node.app.reader(), &open, &Page::newest(9)).await.unwrap().len(), 1);
    }

    async fn a_report_is_about_somebody_and_not_endless(node: Node) {
        let sam = node.member("sam").await.actor();
        let nobody = reports::create(&node.app, sam, about(ActorId::new(404))).await.unwrap_err();
        assert!(matches!(nobody, Error::Refused(_)));
        let lawless = NewReport { rules: vec!["77".to_owned()], ..about(sam) };
        assert!(matches!(reports::create(&node.app, sam, lawless).await, Err(Error::Rule(_))));
        let endless = NewReport { comment: "x".repeat(1_001), ..about(sam) };
        assert!(matches!(reports::create(&node.app, sam, endless).await, Err(Error::TooLong)));
    }
}
