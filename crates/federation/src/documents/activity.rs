//! Activities: who did what to what. The envelope is the same for all; what was done is a
//! closed enum.

use jiff::Timestamp;
use url::Url;

use crate::documents::addressing::Addressing;
use crate::documents::fields::{self, Fields};
use crate::documents::reference::Reference;
use crate::documents::{Malformed, UNKNOWN_KIND_BYTES_MAX};
use crate::proof::Proof;

/// Documents one activity may carry: votes of one poll, or a batch of announces.
pub const OBJECTS_MAX: usize = 50;
/// Bytes of an emoji reaction we read.
pub const EMOJI_BYTES_MAX: usize = 100;

/// Somebody did something.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id; without one it cannot be told from its own replay.
    pub id: Option<Url>,
    /// Who did it.
    pub actor: Url,
    /// To whom it is addressed.
    pub addressing: Addressing,
    /// When.
    pub published: Option<Timestamp>,
    /// The proof of its actor, where it is inside another and carries one. Not believed yet.
    pub proof: Option<Box<Proof>>,
    /// What was done.
    pub action: Action,
}

/// What was done, and to what.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Asks to follow an actor.
    Follow {
        /// Whom.
        object: Url,
    },
    /// Says yes, mostly to a Follow.
    Accept {
        /// To what.
        object: Reference,
    },
    /// Says no, or takes a yes back.
    Reject {
        /// To what.
        object: Reference,
    },
    /// Could not act on something that it was sent.
    NotTaken(NotTaken),
    /// Takes something back.
    Undo {
        /// What.
        object: Reference,
        /// Whether what was removed with it comes back.
        restores_posts: bool,
    },
    /// Publishes.
    Create {
        /// What: one post, or several votes at once. Never empty.
        objects: Vec<Reference>,
    },
    /// Publishes a change.
    Update {
        /// The changed post or actor.
        object: Reference,
    },
    /// Deletes, or as a moderator removes.
    Delete {
        /// What.
        object: Reference,
        /// A moderator's reason; its presence makes it a removal.
        reason: Option<String>,
    },
    /// Likes.
    Like {
        /// The post.
        object: Url,
        /// The emoji, where the like is a reaction.
        emoji: Option<String>,
    },
    /// Dislikes.
    Dislike {
        /// The post.
        object: Url,
    },
    /// Votes in a poll, as `PieFed` does in a community.
    PollVote {
        /// The post that asks.
        object: Url,
        /// The choice, as it is spelled there.
        choice: String,
    },
    /// Reacts with an emoji.
    EmojiReact {
        /// The post.
        object: Url,
        /// The emoji, or a shortcode in colons.
        emoji: String,
    },
    /// Shares a post or, as a group, passes an activity on.
    Announce {
        /// What: one, or a batch of votes. Never empty.
        objects: Vec<Reference>,
    },
    /// Reports.
    Flag {
        /// The actor and the posts. Never empty.
        objects: Vec<Url>,
        /// Why.
        reason: Option<String>,
    },
    /// Puts something on a list.
    Add {
        /// What.
        object: Reference,
        /// The list, whose owner decides who may.
        target: Url,
    },
    /// Takes something off a list.
    Remove {
        /// What.
        object: Reference,
        /// The list, whose owner decides who may.
        target: Url,
    },
    /// Blocks an actor, from oneself or from a group or server.
    Block {
        /// Whom.
        object: Url,
        /// From what; absent where it is from the actor itself.
        target: Option<Url>,
        /// Until when.
        ends: Option<Timestamp>,
        /// Whether what they posted there goes too.
        removes_posts: bool,
        /// Why.
        reason: Option<String>,
    },
    /// Closes a thread to answers.
    Lock {
        /// The thread's first post.
        object: Url,
        /// Why.
        reason: Option<String>,
    },
    /// Moves an actor to another id.
    Move {
        /// From.
        object: Url,
        /// To.
        target: Url,
    },
    /// Asks to quote a post (FEP-044f).
    QuoteRequest {
        /// The post.
        object: Url,
        /// The post that is to quote it.
        instrument: Url,
    },
    /// Something we do not know; to be ignored.
    Unknown {
        /// Its type, cut to [`UNKNOWN_KIND_BYTES_MAX`].
        kind: String,
    },
}

/// An activity that its receiver could not act on, in the words of `NodeBB`: neither who sent it nor what it was called are said as
/// everywhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// Its type.
    pub kind: String,
    /// Who acted.
    pub actor: Url,
    /// What it was about.
    pub object: Url,
}

pub(super) fn is_activity(kind: &str) -> bool {
    matches!(
        kind,
        "Follow"
            | "Accept"
            | "Reject"
            | "Undo"
            | "Create"
            | "Update"
            | "Delete"
            | "Like"
            | "Dislike"
            | "PollVote"
            | "EmojiReact"
            | "Announce"
            | "Flag"
            | "Add"
            | "Remove"
            | "Block"
            | "Lock"
            | "Move"
            | "QuoteRequest"
    )
}

impl Activity {
    pub(super) fn read(kind: &str, fields: Fields<'_>) -> Result<Self, Malformed> {
        let addressing = Addressing::read(fields);
        let mut action = Action::read(kind, fields)?;
        action.address(&addressing);
        Ok(Self {
            id: fields.own_id(),
            actor: fields.id("actor").ok_or(Malformed::Missing("actor"))?,
            addressing,
            published: fields.time("published"),
            proof: fields.proof().map(Box::new),
            action,
        })
    }
}

impl Action {
    /// The activity that an Announce of exactly one passes on.
    pub fn embedded_activity(&self) -> Option<&Activity> {
        match self {
            Self::Announce { objects } => match objects.as_slice() {
                [object] => object.activity(),
                _ => None,
            },
            _ => None,
        }
    }

    /// A post that does not say whom it is for is for those that its publication is for: Discourse says it only there.
    fn address(&mut self, to: &Addressing) {
        let posts = match self {
            Self::Create { objects } => objects.as_mut_slice(),
            Self::Update { object } => std::slice::from_mut(object),
            _ => return,
        };
        for post in posts.iter_mut().filter_map(Reference::post_mut) {
            let own = &mut post.addressing;
            if own.to.is_empty() && own.cc.is_empty() && own.public.is_none() {
                let audience = std::mem::take(&mut own.audience);
                *own = Addressing { audience, ..to.clone() };
            }
        }
    }

    /// As the wire spells it.
    pub fn kind(&self) -> &str {
        match self {
            Self::Follow { .. } => "Follow",
            Self::Accept { .. } => "Accept",
            Self::Reject { .. } | Self::NotTaken(_) => "Reject",
            Self::Undo { .. } => "Undo",
            Self::Create { .. } => "Create",
            Self::Update { .. } => "Update",
            Self::Delete { .. } => "Delete",
            Self::Like { .. } => "Like",
            Self::Dislike { .. } => "Dislike",
            Self::PollVote { .. } => "PollVote",
            Self::EmojiReact { .. } => "EmojiReact",
            Self::Announce { .. } => "Announce",
            Self::Flag { .. } => "Flag",
            Self::Add { .. } => "Add",
            Self::Remove { .. } => "Remove",
            Self::Block { .. } => "Block",
            Self::Lock { .. } => "Lock",
            Self::Move { .. } => "Move",
            Self::QuoteRequest { .. } => "QuoteRequest",
            Self::Unknown { kind } => kind,
        }
    }

    fn read(kind: &str, fields: Fields<'_>) -> Result<Self, Malformed> {
        let text = |name| fields.text(name).map(str::to_owned);
        // Misskey has its own name for it, and repeats it as `content` only since some versions ago.
        let emoji = || {
            let said = fields.text("content").or_else(|| fields.text("_misskey_reaction"));
            said.filter(|emoji| emoji.len() <= EMOJI_BYTES_MAX).map(str::to_owned)
        };
        Ok(match kind {
            "Follow" => Self::Follow { object: id(fields, "object")? },
            "Accept" => Self::Accept { object: object(fields)? },
            "Reject" => match (fields.reference("object"), NotTaken::read(fields)) {
                (None, Some(refused)) => Self::NotTaken(refused),
                (object, _) => Self::Reject { object: object.ok_or(Malformed::Missing("object"))? },
            },
            "Undo" => Self::Undo {
                object: object(fields)?,
                restores_posts: fields.flag("restoreData") == Some(true),
            },
            "Create" => Self::Create { objects: objects(fields)? },
            "Update" => Self::Update { object: object(fields)? },
            "Delete" => Self::Delete { object: object(fields)?, reason: text("summary") },
            "Like" => Self::Like { object: id(fields, "object")?, emoji: emoji() },
            "Dislike" => Self::Dislike { object: id(fields, "object")? },
            "PollVote" => Self::PollVote {
                object: id(fields, "object")?,
                choice: text("choice_text").ok_or(Malformed::Missing("choice_text"))?,
            },
            "EmojiReact" => Self::EmojiReact {
                object: id(fields, "object")?,
                emoji: emoji().ok_or(Malformed::Missing("content"))?,
            },
            "Announce" => Self::Announce { objects: objects(fields)? },
            "Flag" => Self::Flag {
                objects: Some(fields.ids("object", OBJECTS_MAX))
                    .filter(|objects| !objects.is_empty())
                    .ok_or(Malformed::Missing("object"))?,
                reason: text("content").or_else(|| text("summary")),
            },
            "Add" => Self::Add { object: object(fields)?, target: id(fields, "target")? },
            "Remove" => Self::Remove { object: object(fields)?, target: id(fields, "target")? },
            "Block" => Self::Block {
                object: id(fields, "object")?,
                target: fields.id("target"),
                ends: fields.time("endTime").or_else(|| fields.time("expires")),
                removes_posts: fields.flag("removeData") == Some(true),
                reason: text("summary"),
            },
            "Lock" => Self::Lock { object: id(fields, "object")?, reason: text("summary") },
            "Move" => Self::Move { object: id(fields, "object")?, target: id(fields, "target")? },
            "QuoteRequest" => {
                Self::QuoteRequest { object: id(fields, "object")?, instrument: id(fields, "instrument")? }
            }
            unknown => Self::Unknown { kind: fields::cut(unknown, UNKNOWN_KIND_BYTES_MAX).to_owned() },
        })
    }
}

impl NotTaken {
    fn read(fields: Fields<'_>) -> Option<Self> {
        let refused = fields.objects("object").next()?;
        let kind = refused.types().find(|kind| is_activity(kind))?;
        Some(Self { kind: kind.to_owned(), actor: refused.id("target")?, object: refused.id("object")? })
    }
}

fn id(fields: Fields<'_>, name: &'static str) -> Result<Url, Malformed> {
    fields.id(name).ok_or(Malformed::Missing(name))
}

fn object(fields: Fields<'_>) -> Result<Reference, Malformed> {
    fields.reference("object").ok_or(Malformed::Missing("object"))
}

fn objects(fields: Fields<'_>) -> Result<Vec<Reference>, Malformed> {
    let objects = fields.references("object", OBJECTS_MAX);
    if objects.is_empty() { Err(Malformed::Missing("object")) } else { Ok(objects) }
}
