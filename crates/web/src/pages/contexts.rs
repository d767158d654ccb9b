//! What each template is filled with. Every context has a sample, and a test renders them all.

use alongside_app::context::App;
use alongside_domain::account::CONSENT_VERSION;
use alongside_domain::id::MemberId;
use askama::Template;

/// What every page has around it.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The name of the node. It is all that a browser's history keeps.
    pub(crate) node: String,
    /// Where the style is.
    pub(crate) style: &'static str,
    /// Search engines may keep the page.
    pub(crate) indexable: bool,
}

impl Frame {
    /// Around a page of this node that search engines must not keep.
    pub(crate) fn of(app: &App) -> Self {
        Self { node: app.settings().title.clone(), style: STYLE, indexable: false }
    }

    /// Around a page that search engines may keep.
    pub(crate) fn indexable(self, indexable: bool) -> Self {
        Self { indexable, ..self }
    }
}

/// The style is kept by browsers, so its address changes with the version.
const STYLE: &str = concat!("/static/style.css?v=", env!("CARGO_PKG_VERSION"));

/// Asks for e-mail address and password.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    pub(crate) frame: Frame,
    /// The client that waits for it.
    pub(crate) client: Option<String>,
    pub(crate) problem: Option<String>,
    pub(crate) action: String,
    pub(crate) csrf: String,
    /// As typed before.
    pub(crate) email: String,
    /// Whether whoever has forgotten their password is sent a link.
    pub(crate) sends_mail: bool,
}

/// Asks whether a client may act for a member, and for the consent that joining needs.
#[derive(Debug, Template)]
#[template(path = "consent.html")]
pub(crate) struct Consent {
    pub(crate) frame: Frame,
    pub(crate) client: String,
    pub(crate) website: Option<String>,
    /// What the client could do, in plain words.
    pub(crate) deeds: Vec<String>,
    pub(crate) personas: Vec<Persona>,
    pub(crate) action: String,
    pub(crate) sign_out: String,
    pub(crate) csrf: String,
    /// The version of the wording.
    pub(crate) version: i64,
}

/// A name the member may choose.
#[derive(Debug, Clone)]
pub(crate) struct Persona {
    pub(crate) id: MemberId,
    pub(crate) name: String,
    pub(crate) handle: String,
}

/// Shows a code to be copied.
#[derive(Debug, Template)]
#[template(path = "code.html")]
pub(crate) struct Code {
    pub(crate) frame: Frame,
    pub(crate) client: String,
    pub(crate) shown: String,
}

/// Says that something did not work.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub(crate) struct Failed {
    pub(crate) frame: Frame,
    pub(crate) heading: &'static str,
    pub(crate) says: String,
}

/// Asks for the first account of a new node.
#[derive(Debug, Template)]
#[template(path = "welcome.html")]
pub(crate) struct Welcome {
    pub(crate) frame: Frame,
    pub(crate) problem: Option<String>,
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) handle: String,
    pub(crate) email: String,
}

/// Says that the first account is there.
#[derive(Debug, Template)]
#[template(path = "welcomed.html")]
pub(crate) struct Welcomed {
    pub(crate) frame: Frame,
    pub(crate) handle: String,
    pub(crate) host: String,
}

/// Asks for what an account needs.
#[derive(Debug, Template)]
#[template(path = "sign_up.html")]
pub(crate) struct SignUp {
    pub(crate) frame: Frame,
    pub(crate) problem: Option<String>,
    pub(crate) csrf: String,
    pub(crate) host: String,
    /// Whether staff let each of them in.
    pub(crate) is_looked_at: bool,
    /// How old one has to be.
    pub(crate) min_age: Option<u8>,
    /// As typed before.
    pub(crate) handle: String,
    pub(crate) email: String,
    pub(crate) reason: String,
}

/// Asks whether an address is confirmed: a program that follows every link must not do it.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub(crate) struct Confirm {
    pub(crate) frame: Frame,
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) host: String,
}

/// Asks for the address of whoever has forgotten their password.
#[derive(Debug, Template)]
#[template(path = "forgotten.html")]
pub(crate) struct Forgotten {
    pub(crate) frame: Frame,
    pub(crate) csrf: String,
}

/// Asks for a new password.
#[derive(Debug, Template)]
#[template(path = "new_password.html")]
pub(crate) struct NewPassword {
    pub(crate) frame: Frame,
    pub(crate) problem: Option<String>,
    pub(crate) action: String,
    pub(crate) csrf: String,
}

/// Says what was done, and what comes next.
#[derive(Debug, Template)]
#[template(path = "told.html")]
pub(crate) struct Told {
    pub(crate) frame: Frame,
    pub(crate) heading: &'static str,
    pub(crate) says: String,
}

/// The start page.
#[derive(Debug, Template)]
#[template(path = "home.html")]
pub(crate) struct Home {
    pub(crate) frame: Frame,
    pub(crate) host: String,
    pub(crate) contact: Option<String>,
    /// Whether one can sign up on a page.
    pub(crate) signs_up: bool,
    pub(crate) communities: Vec<Linked>,
}

/// A community on the start page.
#[derive(Debug, Clone)]
pub(crate) struct Linked {
    pub(crate) name: String,
    pub(crate) path: String,
}

/// Where help is, now.
#[derive(Debug, Template)]
#[template(path = "urgent_help.html")]
pub(crate) struct UrgentHelp {
    pub(crate) frame: Frame,
    pub(crate) contact: Option<String>,
}

/// What the node keeps, as a page.
#[derive(Debug, Template)]
#[template(path = "privacy.html")]
pub(crate) struct Privacy {
    pub(crate) frame: Frame,
    /// The rendered [`Policy`].
    pub(crate) policy: String,
}

/// What members and the node owe each other, as a page.
#[derive(Debug, Template)]
#[template(path = "terms.html")]
pub(crate) struct Terms {
    pub(crate) frame: Frame,
    /// The rendered [`TermsText`].
    pub(crate) terms: String,
}

/// What members and the node owe each other, as the client API gives it.
#[derive(Debug, Template)]
#[template(path = "terms_text.html")]
pub(crate) struct TermsText {
    pub(crate) node: String,
    pub(crate) contact: Option<String>,
    /// What is asked of everybody: a rule, and what it means.
    pub(crate) rules: Vec<(&'static str, &'static str)>,
}

/// What a form shows into which a member types the password they sign in with.
#[derive(Debug)]
pub(crate) struct ByPassword {
    pub(crate) problem: Option<String>,
    pub(crate) csrf: String,
    pub(crate) host: String,
    /// As typed before.
    pub(crate) handle: String,
    pub(crate) email: String,
}

/// A member deletes themselves.
#[derive(Debug, Template)]
#[template(path = "goodbye.html")]
pub(crate) struct Goodbye {
    pub(crate) frame: Frame,
    pub(crate) form: ByPassword,
}

/// A member asks what became of what they deleted.
#[derive(Debug, Template)]
#[template(path = "deletions.html")]
pub(crate) struct Deletions {
    pub(crate) frame: Frame,
    pub(crate) form: ByPassword,
    /// The newest first; none before anybody has asked.
    pub(crate) found: Option<Vec<Deletion>>,
}

/// A post that was deleted.
#[derive(Debug, Clone)]
pub(crate) struct Deletion {
    pub(crate) day: String,
    pub(crate) address: String,
    /// In how many places it is gone, in words.
    pub(crate) says: String,
    /// Where it may still be: a server, and why.
    pub(crate) holdouts: Vec<(String, &'static str)>,
}

/// A member names another account of theirs, or moves to it.
#[derive(Debug, Template)]
#[template(path = "moving.html")]
pub(crate) struct Moving {
    pub(crate) frame: Frame,
    pub(crate) form: ByPassword,
    pub(crate) done: Option<String>,
    /// As typed before.
    pub(crate) other: String,
}

/// They have deleted themselves.
#[derive(Debug, Template)]
#[template(path = "gone.html")]
pub(crate) struct Gone {
    pub(crate) frame: Frame,
    pub(crate) handle: String,
    pub(crate) host: String,
}

/// What the node keeps, as the client API gives it.
#[derive(Debug, Template)]
#[template(path = "policy.html")]
pub(crate) struct Policy {
    pub(crate) node: String,
    pub(crate) contact: Option<String>,
}

/// A member or a community.
#[derive(Debug, Template)]
#[template(path = "profile.html")]
pub(crate) struct Profile {
    pub(crate) frame: Frame,
    pub(crate) name: String,
    /// The full address, without the `@` before it.
    pub(crate) address: String,
    /// Clean HTML.
    pub(crate) note: String,
    pub(crate) face: Option<String>,
    pub(crate) is_community: bool,
    pub(crate) posts: Vec<Words>,
}

/// A post and its replies.
#[derive(Debug, Template)]
#[template(path = "post.html")]
pub(crate) struct Thread {
    pub(crate) frame: Frame,
    pub(crate) post: Words,
    pub(crate) replies: Vec<Words>,
}

/// What somebody wrote.
#[derive(Debug, Clone)]
pub(crate) struct Words {
    pub(crate) author: String,
    pub(crate) author_url: String,
    pub(crate) day: String,
    pub(crate) content_note: String,
    /// Clean HTML.
    pub(crate) content: String,
    pub(crate) path: String,
}

impl Consent {
    /// The wording that is agreed to.
    pub(crate) const VERSION: i64 = CONSENT_VERSION;
}

#[cfg(test)]
pub(crate) mod samples;
