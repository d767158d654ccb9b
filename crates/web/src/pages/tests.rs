//! Every template, rendered with its sample, keeps the promises of every page.

use super::*;
use crate::pages::contexts::{
    Code, Confirm, Consent, Deletions, Forgotten, Gone, Goodbye, Home, Moving, NewPassword, Policy, Privacy,
    Profile, SignIn, SignUp, Terms, Thread, Told, UrgentHelp, Welcome, Welcomed,
};

/// Bytes in a page.
const PAGE_BYTES_MAX: usize = 50_000;

fn every_page() -> Vec<(&'static str, String)> {
    vec![
        ("sign_in", SignIn::sample().render().unwrap()),
        ("sign_up", SignUp::sample().render().unwrap()),
        ("confirm", Confirm::sample().render().unwrap()),
        ("forgotten", Forgotten::sample().render().unwrap()),
        ("new_password", NewPassword::sample().render().unwrap()),
        ("told", Told::sample().render().unwrap()),
        ("consent", Consent::sample().render().unwrap()),
        ("code", Code::sample().render().unwrap()),
        ("error", Failed::sample().render().unwrap()),
        ("welcome", Welcome::sample().render().unwrap()),
        ("welcomed", Welcomed::sample().render().unwrap()),
        ("goodbye", Goodbye::sample().render().unwrap()),
        ("deletions", Deletions::sample().render().unwrap()),
        ("moving", Moving::sample().render().unwrap()),
        ("gone", Gone::sample().render().unwrap()),
        ("home", Home::sample().render().unwrap()),
        ("urgent_help", UrgentHelp::sample().render().unwrap()),
        ("privacy", Privacy::sample().render().unwrap()),
        ("terms", Terms::sample().render().unwrap()),
        ("profile", Profile::sample().render().unwrap()),
        ("post", Thread::sample().render().unwrap()),
    ]
}

#[test]
fn every_page_offers_urgent_help_and_a_way_out() {
    for (name, html) in every_page() {
        assert!(html.contains(r#"<a class="help" href="/urgent-help">"#), "{name}");
        assert!(html.contains(r#"<a class="exit" href="#), "{name}");
        assert!(html.contains(r#"<html lang="en">"#) && html.contains(r#"<main id="main">"#), "{name}");
        assert!(html.contains("noindex"), "{name}");
    }
}

#[test]
fn no_page_runs_anything_or_loads_anything_from_elsewhere() {
    for (name, html) in every_page().into_iter().chain([("policy", Policy::sample().render().unwrap())]) {
        assert!(
            !html.contains("<script") && !html.contains(" style=") && !html.contains(" onclick"),
            "{name}"
        );
        for loads in ["src=\"http", "src=\"//", "url(", "<iframe", "<link rel=\"preconnect"] {
            assert!(!html.contains(loads), "{name}: {loads}");
        }
        assert!(html.len() <= PAGE_BYTES_MAX, "{name}: {} bytes", html.len());
    }
}

#[test]
fn our_own_words_are_never_those_that_hurt() {
    const NEVER: [&str; 4] = ["committed suicide", "commit suicide", "successful attempt", "failed attempt"];
    for (name, html) in every_page() {
        assert!(!NEVER.iter().any(|words| html.to_lowercase().contains(words)), "{name}");
    }
}

#[test]
fn forms_are_posted_and_carry_their_secret() {
    for (name, html) in every_page() {
        let forms = html.matches("<form").count();
        assert_eq!(html.matches(r#"<form method="post""#).count(), forms, "{name}");
        assert_eq!(html.matches(r#"name="csrf""#).count(), forms, "{name}");
    }
}

#[test]
fn a_code_page_has_nothing_else_that_looks_like_one() {
    let html = Code::sample().render().unwrap();
    assert!(!html.contains("<input") && !html.contains("password"));
    assert!(html.contains(r#"<code class="shown">Zm9vYmFyYmF6cXV4</code>"#));
}

#[test]
fn a_form_may_lead_to_the_client_and_nowhere_else() {
    let response =
        Page::new(Consent::sample()).leading_to(Some("https://client.example".to_owned())).into_response();
    let policy = response.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://client.example;"), "{policy}");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self';"), "{policy}");
}
