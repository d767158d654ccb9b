//! One example of each context, with what is hardest to show: markup in names, nothing, and much.

use super::{
    ByPassword, Code, Confirm, Consent, Deletion, Deletions, Failed, Forgotten, Frame, Gone, Goodbye, Home,
    Linked, Moving, NewPassword, Persona, Policy, Privacy, Profile, SignIn, SignUp, Terms, TermsText, Thread,
    Told, UrgentHelp, Welcome, Welcomed, Words,
};
use alongside_domain::id::MemberId;
use askama::Template as _;

const RUDE: &str = "<script>alert('\"&')</script>";

impl Frame {
    pub(crate) fn sample() -> Self {
        Self { node: RUDE.to_owned(), style: super::STYLE, indexable: false }
    }
}

impl SignIn {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            client: Some(RUDE.to_owned()),
            problem: Some("The e-mail address or the password is wrong.".to_owned()),
            action: "/oauth/sign-in?client_id=a&state=b".to_owned(),
            csrf: "0123456789abcdef".to_owned(),
            email: RUDE.to_owned(),
            sends_mail: true,
        }
    }
}

impl SignUp {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            problem: Some(RUDE.to_owned()),
            csrf: "0123456789abcdef".to_owned(),
            host: "a.example".to_owned(),
            is_looked_at: true,
            min_age: Some(16),
            handle: RUDE.to_owned(),
            email: String::new(),
            reason: RUDE.to_owned(),
        }
    }
}

impl Confirm {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            action: "/confirm/abc".to_owned(),
            csrf: "0123456789abcdef".to_owned(),
            host: "a.example".to_owned(),
        }
    }
}

impl Forgotten {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), csrf: "0123456789abcdef".to_owned() }
    }
}

impl NewPassword {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            problem: Some(RUDE.to_owned()),
            action: "/new-password/abc".to_owned(),
            csrf: "0123456789abcdef".to_owned(),
        }
    }
}

impl Told {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), heading: "Look into your mailbox", says: RUDE.to_owned() }
    }
}

impl Consent {
    pub(crate) fn sample() -> Self {
        let persona =
            |number| Persona { id: MemberId::from(number), name: RUDE.to_owned(), handle: "owl".to_owned() };
        Self {
            frame: Frame::sample(),
            client: RUDE.to_owned(),
            website: Some("https://client.example".to_owned()),
            deeds: vec!["read everything you can read here".to_owned()],
            personas: vec![persona(1), persona(2)],
            action: "/oauth/authorize?client_id=a".to_owned(),
            sign_out: "/oauth/sign_out?client_id=a".to_owned(),
            csrf: "0123456789abcdef".to_owned(),
            version: Self::VERSION,
        }
    }
}

impl Code {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), client: RUDE.to_owned(), shown: "Zm9vYmFyYmF6cXV4".to_owned() }
    }
}

impl Failed {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), heading: "Not found", says: RUDE.to_owned() }
    }
}

impl Welcome {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            problem: Some(RUDE.to_owned()),
            action: "/welcome/abc".to_owned(),
            csrf: "0123456789abcdef".to_owned(),
            handle: RUDE.to_owned(),
            email: String::new(),
        }
    }
}

impl Welcomed {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), handle: "owl".to_owned(), host: "a.example".to_owned() }
    }
}

impl ByPassword {
    fn sample() -> Self {
        Self {
            problem: Some(RUDE.to_owned()),
            csrf: "0123456789abcdef".to_owned(),
            host: "a.example".to_owned(),
            handle: RUDE.to_owned(),
            email: String::new(),
        }
    }
}

impl Goodbye {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), form: ByPassword::sample() }
    }
}

impl Deletions {
    pub(crate) fn sample() -> Self {
        let deletion = Deletion {
            day: "2026-11-23".to_owned(),
            address: RUDE.to_owned(),
            says: RUDE.to_owned(),
            holdouts: vec![(RUDE.to_owned(), "was not reached yet"); 10],
        };
        Self { frame: Frame::sample(), form: ByPassword::sample(), found: Some(vec![deletion; 20]) }
    }
}

impl Moving {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            form: ByPassword::sample(),
            done: Some(RUDE.to_owned()),
            other: RUDE.to_owned(),
        }
    }
}

impl Gone {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), handle: RUDE.to_owned(), host: "a.example".to_owned() }
    }
}

impl Home {
    pub(crate) fn sample() -> Self {
        let community = Linked { name: RUDE.to_owned(), path: "/@sleep".to_owned() };
        Self {
            frame: Frame::sample(),
            host: "a.example".to_owned(),
            contact: Some("help@a.example".to_owned()),
            signs_up: true,
            communities: vec![community; 100],
        }
    }
}

impl UrgentHelp {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), contact: Some("help@a.example".to_owned()) }
    }
}

impl Policy {
    pub(crate) fn sample() -> Self {
        Self { node: RUDE.to_owned(), contact: Some("help@a.example".to_owned()) }
    }
}

impl Privacy {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), policy: "<p>What we keep.</p>".to_owned() }
    }
}

impl Terms {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), terms: TermsText::sample().render().unwrap_or_default() }
    }
}

impl TermsText {
    pub(crate) fn sample() -> Self {
        Self {
            node: RUDE.to_owned(),
            contact: Some("help@a.example".to_owned()),
            rules: vec![("Be kind", "You may disagree.")],
        }
    }
}

impl Profile {
    pub(crate) fn sample() -> Self {
        Self {
            frame: Frame::sample(),
            name: RUDE.to_owned(),
            address: "sleep@a.example".to_owned(),
            note: "<p>For those who lie awake.</p>".to_owned(),
            face: Some("/media/face.png".to_owned()),
            is_community: true,
            posts: vec![Words::sample(); 20],
        }
    }
}

impl Thread {
    pub(crate) fn sample() -> Self {
        Self { frame: Frame::sample(), post: Words::sample(), replies: vec![Words::sample(); 20] }
    }
}

impl Words {
    pub(crate) fn sample() -> Self {
        Self {
            author: RUDE.to_owned(),
            author_url: "/@owl".to_owned(),
            day: "2026-11-23".to_owned(),
            content_note: RUDE.to_owned(),
            content: "<p>Is anybody else awake?</p>".to_owned(),
            path: "/@owl/7".to_owned(),
        }
    }
}
