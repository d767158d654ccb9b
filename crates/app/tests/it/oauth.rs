//! A client registers, asks, is allowed, and holds a token until it is taken back.

use crate::accounts::{PASSWORD, sam};
use alongside_app::accounts::{self, Created};
use alongside_app::oauth::apps::{self, NewApp, RegisterError, Registered};
use alongside_app::oauth::authorise::{self, ApproveError, Ask, AskError, Request};
use alongside_app::oauth::grant::{self, Client, GrantError, Shown};
use alongside_app::oauth::{self, OUT_OF_BAND};
use alongside_app::sessions;
use alongside_domain::account::CONSENT_VERSION;
use alongside_domain::limits::CODE_SECS_MAX;
use alongside_domain::scope::Scopes;
use alongside_store::accounts as stored;
use alongside_testkit::both_engines;
use alongside_testkit::node::Node;

const BACK: &str = "https://client.example/cb";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn new_app(scopes: &str) -> NewApp {
    NewApp {
        name: "A client".to_owned(),
        website: Some("https://client.example".to_owned()),
        redirect_uris: vec![BACK.to_owned(), OUT_OF_BAND.to_owned()],
        scopes: scopes.to_owned(),
    }
}

async fn registered(node: &Node) -> Registered {
    apps::register(&node.app, new_app("read write push")).await.unwrap()
}

fn client(registered: &Registered) -> Client<'_> {
    Client { id: &registered.client.client_id, secret: &registered.secret }
}

fn request(registered: &Registered) -> Request {
    Request {
        client_id: registered.client.client_id.clone(),
        redirect_uri: BACK.to_owned(),
        scopes: Some("read write:statuses".to_owned()),
        challenge: Some(CHALLENGE.to_owned()),
        challenge_method: Some("S256".to_owned()),
    }
}

/// The session of Sam's browser.
async fn signed_in(node: &Node) -> String {
    let proven = accounts::sign_in(&node.app, "sam@mail.example", PASSWORD).await.unwrap();
    sessions::start(&node.app, &proven, None).await.unwrap().unwrap().token
}

async fn code(node: &Node, request: Request, sam: Created) -> String {
    let ask: Ask = authorise::ask(&node.app, request).await.unwrap();
    authorise::approve(&node.app, &ask, &signed_in(node).await, sam.member).await.unwrap()
}

fn shown(code: &str) -> Shown<'_> {
    Shown { code, redirect_uri: BACK, verifier: Some(VERIFIER) }
}

both_engines! {
    async fn a_code_is_exchanged_for_a_token_of_the_member(node: Node) {
        let (sam, app) = (sam(&node).await, registered(&node).await);
        let code = code(&node, request(&app), sam).await;
        let granted = grant::for_code(&node.app, client(&app), shown(&code)).await.unwrap();
        assert_eq!(granted.scopes.to_string(), "read write:statuses");
        let bearer = oauth::bearer(&node.app, &granted.token).await.unwrap().unwrap();
        assert_eq!((bearer.id, bearer.member_id, bearer.app_id), (granted.id, Some(sam.member), app.client.id));
        assert!(bearer.scopes.grants("write:statuses") && !bearer.scopes.grants("write:media"));
        let account = stored::find(&mut node.app.reader(), sam.account).await.unwrap().unwrap();
        assert_eq!(account.consent_version, Some(CONSENT_VERSION));
    }

    async fn a_code_that_comes_back_gives_nothing_and_takes_nothing_away(node: Node) {
        let (sam, app) = (sam(&node).await, registered(&node).await);
        let code = code(&node, request(&app), sam).await;
        let granted = grant::for_code(&node.app, client(&app), shown(&code)).await.unwrap();
        let again = grant::for_code(&node.app, client(&app), shown(&code)).await.unwrap_err();
        assert!(matches!(again, GrantError::Grant));
        assert!(oauth::bearer(&node.app, &granted.token).await.unwrap().is_some());
    }

    async fn a_stolen_code_is_worth_nothing(node: Node) {
        let (sam, app, other) = (sam(&node).await, registered(&node).await, registered(&node).await);
        let code = code(&node, request(&app), sam).await;
        let wrong_client = grant::for_code(&node.app, client(&other), shown(&code)).await;
        assert!(matches!(wrong_client.unwrap_err(), GrantError::Grant));
        for wrong in [
            Shown { verifier: None, ..shown(&code) },
            Shown { verifier: Some(CHALLENGE), ..shown(&code) },
            Shown { redirect_uri: OUT_OF_BAND, ..shown(&code) },
            Shown { code: "guess", ..shown(&code) },
        ] {
            let refused = grant::for_code(&node.app, client(&app), wrong).await.unwrap_err();
            assert!(matches!(refused, GrantError::Grant), "{wrong:?}");
        }
        let wrong_secret = Client { secret: "guess", ..client(&app) };
        let refused = grant::for_code(&node.app, wrong_secret, shown(&code)).await.unwrap_err();
        assert!(matches!(refused, GrantError::Client));
        assert!(grant::for_code(&node.app, client(&app), shown(&code)).await.is_ok(), "nobody else used it up");
    }

    async fn a_code_runs_out(node: Node) {
        let (sam, app) = (sam(&node).await, registered(&node).await);
        let code = code(&node, request(&app), sam).await;
        node.clock.advance_secs(CODE_SECS_MAX);
        let refused = grant::for_code(&node.app, client(&app), shown(&code)).await.unwrap_err();
        assert!(matches!(refused, GrantError::Grant));
    }

    async fn a_verifier_without_its_challenge_was_tampered_with(node: Node) {
        let (sam, app) = (sam(&node).await, registered(&node).await);
        let plain = Request { challenge: None, challenge_method: None, ..request(&app) };
        let code = code(&node, plain, sam).await;
        let refused = grant::for_code(&node.app, client(&app), shown(&code)).await.unwrap_err();
        assert!(matches!(refused, GrantError::Grant));
        let without = Shown { verifier: None, ..shown(&code) };
        assert!(grant::for_code(&node.app, client(&app), without).await.is_ok());
    }

    async fn what_a_client_may_not_ask_is_not_put_to_the_member(node: Node) {
        let app = registered(&node).await;
        let ask = async |request| authorise::ask(&node.app, request).await.unwrap_err();
        let unknown = Request { client_id: "guess".to_owned(), ..request(&app) };
        assert!(matches!(ask(unknown).await, AskError::UnknownClient));
        for elsewhere in ["https://evil.example/", "https://client.example/cb/", "https://client.example/cb?x=1", ""] {
            let elsewhere = Request { redirect_uri: elsewhere.to_owned(), ..request(&app) };
            assert!(matches!(ask(elsewhere).await, AskError::RedirectUri));
        }
        for more in ["admin:read", "read follow", "everything"] {
            let more = Request { scopes: Some(more.to_owned()), ..request(&app) };
            assert!(matches!(ask(more).await, AskError::Scope));
        }
        for method in [None, Some("plain".to_owned())] {
            let weak = Request { challenge_method: method, ..request(&app) };
            assert!(matches!(ask(weak).await, AskError::Challenge));
        }
        let default = Request { scopes: None, ..request(&app) };
        assert_eq!(authorise::ask(&node.app, default).await.unwrap().scopes, Scopes::parse("read").unwrap());
    }

    async fn nobody_says_yes_for_another(node: Node) {
        let (_, app) = (sam(&node).await, registered(&node).await);
        let other = node.member("other").await;
        let ask = authorise::ask(&node.app, request(&app)).await.unwrap();
        let refused = authorise::approve(&node.app, &ask, &signed_in(&node).await, other).await.unwrap_err();
        assert!(matches!(refused, ApproveError::NotYours));
    }

    async fn nobody_says_yes_whose_session_has_ended_meanwhile(node: Node) {
        let (sam, app) = (sam(&node).await, registered(&node).await);
        let ask = authorise::ask(&node.app, request(&app)).await.unwrap();
        let session = signed_in(&node).await;
        let mut tx = node.store().begin().await.unwrap();
        stored::lock_out(&mut tx, sam.account, node.app.now()).await.unwrap();
        tx.commit().await.unwrap();
        let refused = authorise::approve(&node.app, &ask, &session, sam.member).await.unwrap_err();
        assert!(matches!(refused, ApproveError::SignedOut));
    }

    async fn a_token_is_taken_back_by_its_client_alone(node: Node) {
        let (sam, app, other) = (sam(&node).await, registered(&node).await, registered(&node).await);
        let code = code(&node, request(&app), sam).await;
        let token = grant::for_code(&node.app, client(&app), shown(&code)).await.unwrap().token;
        grant::revoke(&node.app, client(&other), &token).await.unwrap();
        assert!(oauth::bearer(&node.app, &token).await.unwrap().is_some());
        let stranger = grant::revoke(&node.app, Client { id: "guess", secret: "" }, &token).await.unwrap_err();
        assert!(matches!(stranger, GrantError::Client));
        grant::revoke(&node.app, client(&app), &token).await.unwrap();
        grant::revoke(&node.app, client(&app), &token).await.unwrap();
        assert!(oauth::bearer(&node.app, &token).await.unwrap().is_none());
    }

    async fn a_client_may_act_for_itself_or_by_a_password(node: Node) {
        let (sam, app) = (sam(&node).await, registered(&node).await);
        let alone = grant::for_client(&node.app, client(&app), Some("read")).await.unwrap();
        let bearer = oauth::bearer(&node.app, &alone.token).await.unwrap().unwrap();
        assert_eq!((bearer.member_id, bearer.role), (None, None));
        let more = grant::for_client(&node.app, client(&app), Some("follow")).await.unwrap_err();
        assert!(matches!(more, GrantError::Scope));
        let by_password = async |password| {
            grant::for_password(&node.app, client(&app), "sam@mail.example", password, Some("read write")).await
        };
        let granted = by_password(PASSWORD).await.unwrap();
        let bearer = oauth::bearer(&node.app, &granted.token).await.unwrap().unwrap();
        assert_eq!(bearer.member_id, Some(sam.member));
        assert!(matches!(by_password("wrong horse").await.unwrap_err(), GrantError::Grant));
    }

    async fn the_command_line_gives_tokens_to_members(node: Node) {
        let sam = sam(&node).await;
        let scopes = Scopes::parse("read write follow push").unwrap();
        for handle in ["sam", "SAM"] {
            let token = oauth::issue(&node.app, handle, scopes.clone()).await.unwrap().unwrap();
            let bearer = oauth::bearer(&node.app, &token).await.unwrap().unwrap();
            assert_eq!((bearer.member_id, &bearer.scopes), (Some(sam.member), &scopes));
        }
        assert_eq!(oauth::issue(&node.app, "nobody", scopes).await.unwrap(), None);
        let nobodys = Client { id: "alongside-command-line", secret: "" };
        let refused = grant::for_client(&node.app, nobodys, None).await.unwrap_err();
        assert!(matches!(refused, GrantError::Client), "its client has no secret anybody could know");
    }

    async fn a_client_says_who_it_is_and_where_to_answer(node: Node) {
        let register = async |new| apps::register(&node.app, new).await;
        let good = new_app("read");
        let nameless = NewApp { name: " ".to_owned(), ..good.clone() };
        let unreachable = NewApp { redirect_uris: Vec::new(), ..good.clone() };
        let odd = NewApp { website: Some("javascript:x".to_owned()), ..good.clone() };
        assert!(matches!(register(nameless).await, Err(RegisterError::Name)));
        assert!(matches!(register(unreachable).await, Err(RegisterError::RedirectUri)));
        assert!(matches!(register(odd).await, Err(RegisterError::Website)));
        assert!(matches!(register(new_app("root")).await, Err(RegisterError::Scope(_))));
        let registered = register(NewApp { website: None, ..good }).await.unwrap();
        assert_ne!(registered.client.secret_hash, registered.secret);
    }
}
