//! Who reaches the addresses of staff, and with which token.

use crate::mastodon::testing::Door;
use alongside_domain::account::Role;
use alongside_store::engine::Store;
use alongside_testkit::both_engines;
use axum::body::Body;
use http::{Method, StatusCode};

/// Who comes to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Moderators,
    Admins,
}

/// Every address, the scope it asks for, and who may do the work. Nothing named by an id is there, so whoever may come
/// is told so (404), or that what they sent does not do (422, and 400 where a value is missing).
const DOORS: &[(Method, &str, &str, Who)] = &[
    (Method::GET, "/api/v1/admin/accounts", "admin:read:accounts", Who::Moderators),
    (Method::GET, "/api/v2/admin/accounts", "admin:read:accounts", Who::Moderators),
    (Method::GET, "/api/v1/admin/accounts/7", "admin:read:accounts", Who::Moderators),
    (Method::DELETE, "/api/v1/admin/accounts/7", "admin:write:accounts", Who::Admins),
    (Method::POST, "/api/v1/admin/accounts/7/approve", "admin:write:accounts", Who::Moderators),
    (Method::POST, "/api/v1/admin/accounts/7/reject", "admin:write:accounts", Who::Moderators),
    (Method::POST, "/api/v1/admin/accounts/7/action", "admin:write:accounts", Who::Moderators),
    (Method::POST, "/api/v1/admin/accounts/7/enable", "admin:write:accounts", Who::Moderators),
    (Method::POST, "/api/v1/admin/accounts/7/unsilence", "admin:write:accounts", Who::Moderators),
    (Method::POST, "/api/v1/admin/accounts/7/unsuspend", "admin:write:accounts", Who::Moderators),
    (Method::POST, "/api/v1/admin/accounts/7/unsensitive", "admin:write:accounts", Who::Moderators),
    (Method::GET, "/api/v1/admin/reports", "admin:read:reports", Who::Moderators),
    (Method::GET, "/api/v1/admin/reports/7", "admin:read:reports", Who::Moderators),
    (Method::PUT, "/api/v1/admin/reports/7", "admin:write:reports", Who::Moderators),
    (Method::POST, "/api/v1/admin/reports/7/assign_to_self", "admin:write:reports", Who::Moderators),
    (Method::POST, "/api/v1/admin/reports/7/unassign", "admin:write:reports", Who::Moderators),
    (Method::POST, "/api/v1/admin/reports/7/resolve", "admin:write:reports", Who::Moderators),
    (Method::POST, "/api/v1/admin/reports/7/reopen", "admin:write:reports", Who::Moderators),
    (Method::GET, "/api/v1/admin/domain_blocks", "admin:read:domain_blocks", Who::Admins),
    (Method::POST, "/api/v1/admin/domain_blocks", "admin:write:domain_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/domain_blocks/7", "admin:read:domain_blocks", Who::Admins),
    (Method::PUT, "/api/v1/admin/domain_blocks/7", "admin:write:domain_blocks", Who::Admins),
    (Method::DELETE, "/api/v1/admin/domain_blocks/7", "admin:write:domain_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/domain_allows", "admin:read:domain_allows", Who::Admins),
    (Method::POST, "/api/v1/admin/domain_allows", "admin:write:domain_allows", Who::Admins),
    (Method::GET, "/api/v1/admin/domain_allows/7", "admin:read:domain_allows", Who::Admins),
    (Method::DELETE, "/api/v1/admin/domain_allows/7", "admin:write:domain_allows", Who::Admins),
    (Method::GET, "/api/v1/admin/email_domain_blocks", "admin:read:email_domain_blocks", Who::Admins),
    (Method::POST, "/api/v1/admin/email_domain_blocks", "admin:write:email_domain_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/email_domain_blocks/7", "admin:read:email_domain_blocks", Who::Admins),
    (Method::DELETE, "/api/v1/admin/email_domain_blocks/7", "admin:write:email_domain_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/ip_blocks", "admin:read:ip_blocks", Who::Admins),
    (Method::POST, "/api/v1/admin/ip_blocks", "admin:write:ip_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/ip_blocks/7", "admin:read:ip_blocks", Who::Admins),
    (Method::PUT, "/api/v1/admin/ip_blocks/7", "admin:write:ip_blocks", Who::Admins),
    (Method::DELETE, "/api/v1/admin/ip_blocks/7", "admin:write:ip_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/canonical_email_blocks", "admin:read:canonical_email_blocks", Who::Admins),
    (Method::POST, "/api/v1/admin/canonical_email_blocks", "admin:write:canonical_email_blocks", Who::Admins),
    (Method::GET, "/api/v1/admin/canonical_email_blocks/7", "admin:read:canonical_email_blocks", Who::Admins),
    (
        Method::DELETE,
        "/api/v1/admin/canonical_email_blocks/7",
        "admin:write:canonical_email_blocks",
        Who::Admins,
    ),
    (
        Method::POST,
        "/api/v1/admin/canonical_email_blocks/test",
        "admin:read:canonical_email_blocks",
        Who::Admins,
    ),
    (Method::POST, "/api/v1/admin/measures", "admin:read", Who::Moderators),
    (Method::POST, "/api/v1/admin/dimensions", "admin:read", Who::Moderators),
    (Method::POST, "/api/v1/admin/retention", "admin:read", Who::Moderators),
    (Method::GET, "/api/v1/admin/trends/tags", "admin:read", Who::Moderators),
    (Method::GET, "/api/v1/admin/trends/statuses", "admin:read", Who::Moderators),
    (Method::GET, "/api/v1/admin/trends/links", "admin:read", Who::Moderators),
    (Method::GET, "/api/v1/admin/trends/links/publishers", "admin:read", Who::Moderators),
    (Method::POST, "/api/v1/admin/trends/links/7/approve", "admin:write", Who::Moderators),
    (Method::POST, "/api/v1/admin/trends/links/publishers/7/reject", "admin:write", Who::Moderators),
    (Method::POST, "/api/v1/admin/trends/statuses/7/approve", "admin:write", Who::Moderators),
    (Method::POST, "/api/v1/admin/trends/statuses/7/reject", "admin:write", Who::Moderators),
    (Method::POST, "/api/v1/admin/trends/tags/7/approve", "admin:write", Who::Moderators),
    (Method::POST, "/api/v1/admin/trends/tags/7/reject", "admin:write", Who::Moderators),
    (Method::GET, "/api/v1/admin/tags", "admin:read", Who::Moderators),
    (Method::GET, "/api/v1/admin/tags/7", "admin:read", Who::Moderators),
    (Method::PUT, "/api/v1/admin/tags/7", "admin:write", Who::Moderators),
];

both_engines! {
    async fn every_address_is_closed_but_to_staff_with_the_right_token(store: Store) {
        let door = Door::new(store);
        for (handle, role) in [("sam", Role::Member), ("mod", Role::Moderator), ("root", Role::Admin)] {
            door.node.member_as(handle, role).await;
        }
        for (method, path, scope, who) in DOORS {
            let ask = async |token: &str| {
                door.send(method.clone(), path, token, "", Body::empty()).await.status
            };
            let umbrella = if scope.starts_with("admin:read") { "admin:read" } else { "admin:write" };
            assert_eq!(ask("").await, StatusCode::UNAUTHORIZED, "{method} {path} for nobody");
            assert_eq!(ask("x").await, StatusCode::UNAUTHORIZED, "{method} {path} for anybody");
            let others = if umbrella == "admin:read" { "admin:write" } else { "admin:read" };
            for scopes in ["read write follow push profile", others] {
                let token = door.token("root", scopes).await;
                assert_eq!(ask(&token).await, StatusCode::FORBIDDEN, "{method} {path} with {scopes}");
            }
            let member = door.token("sam", umbrella).await;
            assert_eq!(ask(&member).await, StatusCode::FORBIDDEN, "{method} {path} for a member");
            let is_open = |status: StatusCode| {
                let said_no = [StatusCode::NOT_FOUND, StatusCode::UNPROCESSABLE_ENTITY, StatusCode::BAD_REQUEST];
                status == StatusCode::OK || said_no.contains(&status)
            };
            for scopes in [*scope, umbrella] {
                let moderator = ask(&door.token("mod", scopes).await).await;
                assert_eq!(is_open(moderator), *who == Who::Moderators, "{method} {path}: {moderator} for a moderator");
                assert!(*who == Who::Moderators || moderator == StatusCode::FORBIDDEN, "{method} {path}");
                let admin = ask(&door.token("root", scopes).await).await;
                assert!(is_open(admin), "{method} {path}: {admin} for an administrator");
            }
        }
    }

    async fn a_role_counts_when_it_is_used_and_not_when_the_token_was_given(store: Store) {
        use alongside_store::session::Session as _;
        let door = Door::new(store);
        door.node.member_as("mod", Role::Moderator).await;
        let token = door.token("mod", "admin:read").await;
        door.get("/api/v1/admin/reports", &token).await.ok();
        let mut tx = door.node.store().begin().await.unwrap();
        tx.query("update account set role = 'member'").execute().await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(door.get("/api/v1/admin/reports", &token).await.status, StatusCode::FORBIDDEN);
    }
}
