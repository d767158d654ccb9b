//! Who may do what: one table of verb × role × relation.
//!
//! A rule gives a [`Permit`], and a write asks for one. The rule looks at who the actor is to the
//! thing, never at the door the request came through.

use crate::account::Role;
use crate::community::{Audience, JoinPolicy};
use crate::post::Visibility;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Read what is in it.
    Read,
    /// Begin a thread.
    Post,
    /// Answer, react or vote.
    TakePart,
    /// Boost it to one's own followers.
    Boost,
    /// Change one's words.
    Edit,
    /// Take one's words away.
    Delete,
    /// Remove, lock or pin another's post; accept or refuse a member; say what a community is for.
    Moderate,
    /// Open a community on this node.
    Open,
    /// Close a community of this node for good.
    Close,
}

/// Who somebody is to a post or a community.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Wrote it.
    Author,
    /// Looks after the community.
    Moderator,
    /// Is an accepted member of it.
    Member,
    /// Is named in it.
    Named,
    /// Follows its author.
    Follower,
    /// None of these.
    Outsider,
    /// Was sent out of the community: they may read what is open there, and no more.
    Banned,
    /// Is blocked by the author.
    Barred,
}

/// What the thing is to those who look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Openness {
    /// Anybody may read it.
    Open,
    /// The members of its community.
    Members,
    /// The followers of its author.
    Followers,
    /// Those it names.
    Named,
}

/// Leave to do one thing. Only a rule makes one.
#[derive(Debug)]
#[must_use]
pub struct Permit {
    verb: Verb,
}

impl Permit {
    /// What it gives leave to do.
    pub const fn verb(&self) -> Verb {
        self.verb
    }
}

/// The answer was no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// As far as they may know, it does not exist.
    #[error("not found")]
    Hidden,
    /// They may see it, but not do this.
    #[error("this is not allowed")]
    Forbidden,
    /// They would have to be a member.
    #[error("only members of this community may do this: join it first")]
    MembersOnly,
}

impl From<Visibility> for Openness {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public | Visibility::Unlisted => Self::Open,
            Visibility::Members => Self::Members,
            Visibility::Followers => Self::Followers,
            Visibility::Direct => Self::Named,
        }
    }
}

impl From<Audience> for Openness {
    fn from(audience: Audience) -> Self {
        match audience {
            Audience::Everyone => Self::Open,
            Audience::Members => Self::Members,
        }
    }
}

/// The table. Rows are relations; each says which verbs are theirs, given how open the thing is.
fn allows(verb: Verb, relation: Relation, openness: Openness) -> bool {
    use Relation::{Author, Banned, Barred, Follower, Member, Moderator, Named, Outsider};
    let may_read = match (relation, openness) {
        (Author, _) | (_, Openness::Open) | (Named, Openness::Followers | Openness::Named) => {
            relation != Barred
        }
        (Moderator | Member, Openness::Members) | (Follower, Openness::Followers) => true,
        (Barred, _) | (_, Openness::Members | Openness::Followers | Openness::Named) => false,
    };
    match verb {
        Verb::Read => may_read,
        Verb::Post | Verb::TakePart => may_read && relation != Banned,
        Verb::Boost => {
            may_read
                && (openness == Openness::Open || (relation == Author && openness == Openness::Followers))
        }
        Verb::Edit | Verb::Delete => relation == Author,
        Verb::Moderate => match relation {
            Moderator => true,
            Author | Member | Named | Follower | Outsider | Banned | Barred => false,
        },
        // A community needs an organisation behind it: only the node's staff opens and closes one.
        Verb::Open | Verb::Close => false,
    }
}

/// Asks the table. The node's staff moderate everywhere on their node, delete, and open communities; whoever runs
/// the node closes them.
pub fn check(
    verb: Verb,
    role: Option<Role>,
    relation: Relation,
    openness: Openness,
) -> Result<Permit, Refusal> {
    let by_role = match role {
        Some(Role::Admin) => matches!(verb, Verb::Moderate | Verb::Delete | Verb::Open | Verb::Close),
        Some(Role::Moderator) => matches!(verb, Verb::Moderate | Verb::Delete | Verb::Open),
        Some(Role::Member) | None => false,
    };
    if by_role || allows(verb, relation, openness) {
        return Ok(Permit { verb });
    }
    if !allows(Verb::Read, relation, openness) {
        let is_out = matches!(relation, Relation::Banned | Relation::Barred);
        let may_be_told = verb == Verb::Post && openness == Openness::Members && !is_out;
        return Err(if may_be_told { Refusal::MembersOnly } else { Refusal::Hidden });
    }
    Err(Refusal::Forbidden)
}

/// What asking to join leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining {
    /// A member at once.
    Accepted,
    /// A moderator decides.
    Requested,
}

/// Whether somebody who asks to join is let in.
pub const fn joining(policy: JoinPolicy) -> Joining {
    match policy {
        JoinPolicy::Open => Joining::Accepted,
        JoinPolicy::Approval | JoinPolicy::Invitation => Joining::Requested,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Relation::{Author, Banned, Barred, Follower, Member, Moderator, Named, Outsider};

    const RELATIONS: [Relation; 8] = [Author, Moderator, Member, Named, Follower, Outsider, Banned, Barred];

    fn who_may(verb: Verb, openness: Openness) -> Vec<Relation> {
        RELATIONS.into_iter().filter(|relation| check(verb, None, *relation, openness).is_ok()).collect()
    }

    #[test]
    fn reading_follows_the_audience() {
        assert_eq!(
            who_may(Verb::Read, Openness::Open),
            [Author, Moderator, Member, Named, Follower, Outsider, Banned]
        );
        assert_eq!(who_may(Verb::Read, Openness::Members), [Author, Moderator, Member]);
        assert_eq!(who_may(Verb::Read, Openness::Followers), [Author, Named, Follower]);
        assert_eq!(who_may(Verb::Read, Openness::Named), [Author, Named]);
    }

    #[test]
    fn whoever_was_sent_out_reads_what_is_open_and_does_not_write() {
        for verb in [Verb::Post, Verb::TakePart] {
            assert_eq!(check(verb, None, Banned, Openness::Open).unwrap_err(), Refusal::Forbidden);
            assert_eq!(check(verb, None, Banned, Openness::Members).unwrap_err(), Refusal::Hidden);
        }
    }

    #[test]
    fn only_an_author_changes_words() {
        for openness in [Openness::Open, Openness::Members, Openness::Followers, Openness::Named] {
            assert_eq!(who_may(Verb::Edit, openness), [Author]);
            assert_eq!(who_may(Verb::Delete, openness), [Author]);
            assert_eq!(who_may(Verb::Moderate, openness), [Moderator]);
        }
    }

    #[test]
    fn what_is_for_members_is_never_boosted() {
        assert_eq!(who_may(Verb::Boost, Openness::Members), []);
        assert_eq!(who_may(Verb::Boost, Openness::Named), []);
        assert_eq!(who_may(Verb::Boost, Openness::Followers), [Author]);
    }

    #[test]
    fn what_one_may_not_see_does_not_exist_but_a_writer_is_told_to_join() {
        assert_eq!(check(Verb::TakePart, None, Outsider, Openness::Members).unwrap_err(), Refusal::Hidden);
        assert_eq!(check(Verb::Post, None, Outsider, Openness::Members).unwrap_err(), Refusal::MembersOnly);
        assert_eq!(check(Verb::Edit, None, Outsider, Openness::Open).unwrap_err(), Refusal::Forbidden);
    }

    #[test]
    fn staff_open_communities_and_whoever_runs_the_node_closes_them() {
        let may = |verb, role| check(verb, Some(role), Outsider, Openness::Open).is_ok();
        assert_eq!(
            [Role::Member, Role::Moderator, Role::Admin].map(|role| may(Verb::Open, role)),
            [false, true, true]
        );
        assert_eq!(
            [Role::Member, Role::Moderator, Role::Admin].map(|role| may(Verb::Close, role)),
            [false, false, true]
        );
        assert_eq!(who_may(Verb::Close, Openness::Open), []);
    }

    #[test]
    fn staff_moderate_but_do_not_edit_or_read_direct_messages() {
        let staff = Some(Role::Moderator);
        assert!(check(Verb::Moderate, staff, Outsider, Openness::Open).is_ok());
        assert!(check(Verb::Edit, staff, Outsider, Openness::Open).is_err());
        assert!(check(Verb::Read, staff, Outsider, Openness::Named).is_err());
    }
}
