//! Other nodes, and what was decided about them.

use alongside_domain::agreement::Policy;
use alongside_store::engine::Store;
use alongside_store::hosts;
use alongside_testkit::both_engines;

both_engines! {
    async fn what_was_decided_about_a_host_holds_for_those_below_it_if_it_is_a_block(store: Store) {
        let mut tx = store.begin().await.unwrap();
        hosts::set_policy(&mut tx, "spam.example", Policy::Block).await.unwrap();
        hosts::set_policy(&mut tx, "good.spam.example", Policy::Allow).await.unwrap();
        hosts::set_policy(&mut tx, "trust.example", Policy::Allow).await.unwrap();
        hosts::ensure(&mut tx, "c.trust.example").await.unwrap();
        for (host, policy) in [
            ("spam.example", Policy::Block),
            ("a.spam.example", Policy::Block),
            ("spam.example:8443", Policy::Block),
            ("good.spam.example", Policy::Allow),
            ("a.good.spam.example", Policy::Block),
            ("notspam.example", Policy::Open),
            ("trust.example", Policy::Allow),
            ("c.trust.example", Policy::Open),
            ("trust.example:8443", Policy::Open),
            ("", Policy::Open),
        ] {
            assert_eq!(hosts::standing(&mut tx, host).await.unwrap().policy, policy, "{host}");
        }
        hosts::set_policy(&mut tx, "spam.example", Policy::Open).await.unwrap();
        assert_eq!(hosts::standing(&mut tx, "a.spam.example").await.unwrap().policy, Policy::Open);
    }
}
