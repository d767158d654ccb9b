//! What those who listen are told of: one closed set. A change carries ids, and the truth is read again when it
//! is told; a deletion alone has to carry what cannot be read any more.

use crate::id::{ActorId, AnnouncementId, EntryId, MemberId, NotificationId, PostId};
use serde::{Deserialize, Serialize};

/// Lines of timelines that a deletion names: clients find the post itself behind the others.
pub const LINES_GONE_MAX: i64 = 20;

/// Something that changed a moment ago.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// A post was published.
    Posted {
        /// The post.
        post: PostId,
        /// The line in which its community, if that lives here, announced it along with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        announced: Option<EntryId>,
    },
    /// Somebody, or a community, boosted a post.
    Boosted {
        /// The line in their timeline.
        entry: EntryId,
    },
    /// A boost was taken back.
    Unboosted {
        /// What it boosted.
        post: PostId,
        /// The line that is gone.
        line: Line,
    },
    /// A post was changed by its author.
    Edited {
        /// The post.
        post: PostId,
    },
    /// A post was deleted, or removed from its community.
    Gone {
        /// The post.
        post: PostId,
        /// Lines that showed it.
        lines: Vec<Line>,
    },
    /// A member was told of something.
    Notified {
        /// Who.
        #[serde(with = "member")]
        member: MemberId,
        /// Of what.
        notice: NotificationId,
    },
    /// What waited of somebody is among a member's notifications now.
    Merged {
        /// Whose notifications.
        #[serde(with = "member")]
        member: MemberId,
    },
    /// Whoever runs the node told every member something.
    Announced {
        /// What.
        announcement: AnnouncementId,
    },
    /// What every member was told was taken back.
    Withdrawn {
        /// What.
        announcement: AnnouncementId,
    },
    /// Members answered it with a sign, or took one back.
    Answered {
        /// What.
        announcement: AnnouncementId,
        /// The sign.
        sign: String,
    },
    /// A member's filters are not what they were.
    Filters {
        /// Whose.
        #[serde(with = "member")]
        member: MemberId,
    },
}

/// A line of a timeline, and whose it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its id.
    pub id: EntryId,
    /// Whose.
    pub actor: ActorId,
}

/// A member is written as the number of the actor.
mod member {
    use crate::id::{ActorId, MemberId};
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(member: &MemberId, out: S) -> Result<S::Ok, S::Error> {
        member.actor().serialize(out)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<MemberId, D::Error> {
        ActorId::deserialize(from).map(MemberId::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_reads_back_as_it_was_written() {
        let member = MemberId::from(7);
        let told = Change::Notified { member, notice: NotificationId::new(9) };
        let text = serde_json::to_string(&told).unwrap();
        assert_eq!(text, r#"{"kind":"notified","member":7,"notice":9}"#);
        assert_eq!(serde_json::from_str::<Change>(&text).unwrap(), told);
        let line = Line { id: EntryId::new(3), actor: ActorId::new(4) };
        let gone = Change::Gone { post: PostId::new(2), lines: vec![line] };
        assert_eq!(serde_json::from_str::<Change>(&serde_json::to_string(&gone).unwrap()).unwrap(), gone);
    }
}
