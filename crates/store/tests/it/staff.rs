//! What staff decide: sanctions, who waits, and from where nobody signs up.

use alongside_domain::account::Role;
use alongside_domain::barrier::Severity;
use alongside_domain::clock::Clock as _;
use alongside_domain::figure::{Days, Dimension, Frequency, Measure};
use alongside_domain::id::{ActorId, BarrierId, DecisionId, SanctionId};
use alongside_domain::sanction::{Sanction, SanctionKind};
use alongside_store::barriers::{self, Hashed, Kept, MailHost};
use alongside_store::page::Page;
use alongside_store::people::{self, Wanted};
use alongside_store::{actors, decisions, figures, hosts, members, oauth, sanctions};
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

fn sanction(node: &Node, id: i64, target: ActorId, kind: SanctionKind) -> Sanction {
    Sanction {
        id: SanctionId::new(id),
        target,
        kind,
        by: target,
        report: None,
        message: "why".to_owned(),
        at: node.clock.now(),
        until: kind.ends(node.clock.now(), None).unwrap(),
        ended_at: None,
    }
}

both_engines! {
    async fn every_kind_of_sanction_reads_back_and_ends_once(node: Node) {
        let (sam, far) = (node.member("sam").await.actor(), node.stranger("far", "b.example").await);
        let mut tx = node.store().begin().await.unwrap();
        for (id, kind) in (1..).zip(SanctionKind::ALL) {
            let kept = sanction(&node, id, sam, *kind);
            sanctions::insert(&mut tx, &kept).await.unwrap();
            assert_eq!(sanctions::find(&mut tx, kept.id).await.unwrap(), Some(kept.clone()));
            assert_eq!(sanctions::end(&mut tx, far, *kind, node.clock.now()).await.unwrap(), 0);
            assert_eq!(sanctions::end(&mut tx, sam, *kind, node.clock.now()).await.unwrap(), 1);
            assert_eq!(sanctions::end(&mut tx, sam, *kind, node.clock.now()).await.unwrap(), 0);
            for (since, changes) in [(None, false), (Some(node.clock.now()), kind.lasts())] {
                assert_eq!(sanctions::set(&mut tx, sam, *kind, since).await.unwrap(), changes, "{kind}");
                assert!(!sanctions::set(&mut tx, sam, *kind, since).await.unwrap(), "{kind} again");
            }
        }
        let actor = actors::find(&mut tx, sam).await.unwrap().unwrap();
        assert!(actor.silenced_at.is_some() && actor.sensitized_at.is_some() && actor.suspended_at.is_some());
        assert_eq!(sanctions::silenced_among(&mut tx, &[sam, far]).await.unwrap(), [sam]);
        assert_eq!(sanctions::suspended_among(&mut tx, &[sam, far]).await.unwrap(), [sam]);
        assert!(members::find_by_handle(&mut tx, "sam").await.unwrap().is_none());
        assert!(!sanctions::set(&mut tx, far, SanctionKind::Disable, Some(node.clock.now())).await.unwrap());
        assert!(oauth::bearer(&mut tx, "x").await.unwrap().is_none());
    }

    async fn people_are_found_by_what_they_are_and_in_pages(node: Node) {
        let root = node.member_as("root", Role::Admin).await.actor();
        let sam = node.member("sam").await;
        let far = node.stranger("far", "b.example").await;
        let account = members::find(&mut node.app.reader(), sam).await.unwrap().unwrap().account_id;
        let mut tx = node.store().begin().await.unwrap();
        people::wait(&mut tx, account, Some("please")).await.unwrap();
        tx.commit().await.unwrap();
        let find = async |wanted: Wanted| people::page(&mut node.app.reader(), &wanted, &Page::newest(9)).await.unwrap();
        let (pending, active) = (Wanted { status: "pending", ..Wanted::default() }, Wanted { status: "active", ..Wanted::default() });
        assert_eq!(find(pending.clone()).await, [sam.actor()]);
        assert_eq!(find(active).await, [far, root]);
        assert_eq!(find(Wanted { staff: true, ..Wanted::default() }).await, [root]);
        assert_eq!(find(Wanted { roles: Some(vec![Role::Admin]), ..Wanted::default() }).await, [root]);
        assert_eq!(find(Wanted { roles: Some(Vec::new()), ..Wanted::default() }).await, []);
        assert_eq!(find(Wanted { host: "b.example".to_owned(), ..Wanted::default() }).await, [far]);
        assert_eq!(find(Wanted { email: " Root@mail.example ".to_owned(), ..Wanted::default() }).await, [root]);
        assert_eq!(find(Wanted { handle: "ro".to_owned(), ..Wanted::default() }).await, [root]);
        assert_eq!(find(Wanted { handle: "%".to_owned(), ..Wanted::default() }).await, [], "it is no pattern");
        let up = Page { min_id: Some(root.get()), ..Page::newest(1) };
        assert_eq!(people::page(&mut node.app.reader(), &Wanted::default(), &up).await.unwrap(), [sam.actor()]);
        let behind = people::behind(&mut node.app.reader(), &[sam.actor(), far]).await.unwrap();
        assert_eq!((behind.len(), behind[0].sign_up_reason.as_deref()), (1, Some("please")));
        let mut tx = node.store().begin().await.unwrap();
        assert!(people::approve(&mut tx, account, node.clock.now()).await.unwrap());
        assert!(!people::approve(&mut tx, account, node.clock.now()).await.unwrap());
    }

    async fn what_keeps_people_out_reads_back(node: Node) {
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        let host = MailHost { id: BarrierId::new(1), domain: "trash.example".to_owned(), lets_wait: true, created_at: now };
        assert!(barriers::insert_mail_host(&mut tx, &host).await.unwrap());
        let again = MailHost { id: BarrierId::new(2), ..host.clone() };
        assert!(!barriers::insert_mail_host(&mut tx, &again).await.unwrap());
        let names = ["in.trash.example", "trash.example", "example"].map(str::to_owned);
        assert_eq!(barriers::mail_hosts_among(&mut tx, &names).await.unwrap().len(), 1);
        for day in [1, 8, 8] {
            barriers::count_attempt(&mut tx, host.id, day, day - 6).await.unwrap();
        }
        let counted = barriers::attempts(&mut tx, &[host.id], 0).await.unwrap();
        assert_eq!(counted.iter().map(|it| (it.day, it.attempts)).collect::<Vec<_>>(), [(8, 2)]);
        assert_eq!(barriers::mail_hosts(&mut tx, &Page { min_id: Some(0), ..Page::newest(9) }).await.unwrap().len(), 1);
        assert!(barriers::remove_mail_host(&mut tx, host.id).await.unwrap());
        assert!(barriers::mail_host(&mut tx, host.id).await.unwrap().is_none());

        let kept = Kept {
            id: BarrierId::new(3),
            network: "192.0.2.0/24".parse().unwrap(),
            severity: Severity::NoAccess,
            comment: "flood".to_owned(),
            created_at: now,
            expires_at: Some(now.plus_secs(60)),
        };
        assert!(barriers::put_network(&mut tx, &kept).await.unwrap());
        assert!(!barriers::put_network(&mut tx, &Kept { id: BarrierId::new(4), ..kept.clone() }).await.unwrap());
        assert!(barriers::put_network(&mut tx, &Kept { severity: Severity::Waits, ..kept.clone() }).await.unwrap());
        assert_eq!(barriers::network(&mut tx, kept.id).await.unwrap().unwrap().severity, Severity::Waits);
        let later = now.plus_secs(61);
        assert_eq!(barriers::networks(&mut tx, &Page::newest(9), now).await.unwrap().len(), 1);
        assert_eq!(barriers::networks(&mut tx, &Page::newest(9), later).await.unwrap().len(), 0);
        assert_eq!(barriers::sweep(&mut tx, now).await.unwrap(), 0);
        assert_eq!(barriers::sweep(&mut tx, later).await.unwrap(), 1);
        assert!(!barriers::remove_network(&mut tx, kept.id).await.unwrap());

        let hashed = Hashed { id: BarrierId::new(5), hash: "abc".to_owned() };
        assert!(barriers::insert_address(&mut tx, &hashed).await.unwrap());
        assert!(!barriers::insert_address(&mut tx, &Hashed { id: BarrierId::new(6), ..hashed.clone() }).await.unwrap());
        assert_eq!(barriers::address_of(&mut tx, "abc").await.unwrap().unwrap().id, hashed.id);
        assert_eq!(barriers::addresses(&mut tx, &Page::newest(9)).await.unwrap().len(), 1);
        assert!(barriers::remove_address(&mut tx, hashed.id).await.unwrap());
        assert!(barriers::address(&mut tx, hashed.id).await.unwrap().is_none());
    }

    async fn a_decision_about_a_host_has_one_number_as_long_as_it_holds(node: Node) {
        use alongside_domain::agreement::{Limit, Limits, Policy};
        let now = node.clock.now();
        let mut tx = node.store().begin().await.unwrap();
        decisions::number(&mut tx, "b.example", DecisionId::new(1), now).await.unwrap();
        assert!(decisions::of_host(&mut tx, "b.example").await.unwrap().is_none(), "nothing is decided");
        hosts::set_limits(&mut tx, "b.example", Limits::of(&[Limit::Silence])).await.unwrap();
        for id in [2, 3] {
            decisions::number(&mut tx, "b.example", DecisionId::new(id), now).await.unwrap();
        }
        decisions::annotate(&mut tx, "b.example", "told by c", true).await.unwrap();
        let found = decisions::find(&mut tx, DecisionId::new(2)).await.unwrap().unwrap();
        assert_eq!((found.name.as_str(), found.private_comment.as_str(), found.obfuscate), ("b.example", "told by c", true));
        assert_eq!(decisions::page(&mut tx, true, &Page::newest(9)).await.unwrap().len(), 0);
        hosts::set_policy(&mut tx, "b.example", Policy::Allow).await.unwrap();
        assert_eq!(decisions::page(&mut tx, true, &Page { min_id: Some(0), ..Page::newest(9) }).await.unwrap().len(), 1);
        hosts::set_policy(&mut tx, "b.example", Policy::Open).await.unwrap();
        hosts::set_limits(&mut tx, "b.example", Limits::default()).await.unwrap();
        decisions::number(&mut tx, "b.example", DecisionId::new(4), now).await.unwrap();
        assert!(decisions::of_host(&mut tx, "b.example").await.unwrap().is_none());
    }

    async fn every_figure_can_be_asked_for(node: Node) {
        let sam = node.member("sam").await.actor();
        node.post(sam, "hello #sleep").await;
        let days = Days::between(node.clock.now(), node.clock.now()).unwrap();
        let reader = &mut node.app.reader();
        for measure in Measure::ALL {
            let subject = match measure.about() {
                alongside_domain::figure::About::Node => "",
                alongside_domain::figure::About::Tag => "sleep",
                alongside_domain::figure::About::Host => "b.example",
            };
            let daily: i64 = figures::daily(reader, *measure, days, subject).await.unwrap().iter().map(|on| on.count).sum();
            assert_eq!(figures::total(reader, *measure, days, subject).await.unwrap(), daily, "of one day: {measure}");
        }
        for dimension in Dimension::ALL {
            let subject = match dimension.about() {
                alongside_domain::figure::About::Node => "",
                alongside_domain::figure::About::Tag => "sleep",
                alongside_domain::figure::About::Host => "b.example",
            };
            figures::kinds(reader, *dimension, days, 9, subject).await.unwrap();
        }
        assert!(figures::database(reader).await.unwrap().bytes > 0);
        let periods = days.periods(Frequency::Month).unwrap();
        assert_eq!(figures::joined(reader, &periods, days.end()).await.unwrap().len(), 1);
        assert_eq!(figures::stayed(reader, &periods, days.end()).await.unwrap()[0].count, 1);
    }
}
