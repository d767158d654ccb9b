//! What the node's staff may do: one table of duty × role, and who is out of reach of whom.
//!
//! A duty is a kind of work. No duty reads direct messages, and none is about what a member reads.

use crate::account::Role;
use crate::policy::Refusal;

/// A kind of work that staff do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duty {
    /// See who is here, let in who waits, and sanction.
    People,
    /// See the address an account signs in with.
    Addresses,
    /// Delete somebody for good.
    Deletion,
    /// Look at what was reported.
    Reports,
    /// Read the node's figures.
    Figures,
    /// Look at what is talked about.
    Trends,
    /// Decide with whom the node talks.
    Hosts,
    /// Decide from where nobody signs up.
    Barriers,
}

/// Leave to do one kind of work. Only the table makes one.
#[derive(Debug)]
#[must_use]
pub struct Leave {
    role: Role,
}

impl Leave {
    /// The role it was given to.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Whether whoever has it may act about somebody: not about themselves, and not about those who have as
    /// much of a say. An administrator is made a member again on the command line first.
    pub const fn reaches(&self, whom: Option<Role>, is_oneself: bool) -> bool {
        match (self.role, whom) {
            _ if is_oneself => false,
            (Role::Moderator | Role::Admin, None | Some(Role::Member))
            | (Role::Admin, Some(Role::Moderator)) => true,
            (Role::Member, _) | (_, Some(Role::Admin)) | (Role::Moderator, Some(Role::Moderator)) => false,
        }
    }
}

/// The table.
pub const fn may(role: Role, duty: Duty) -> bool {
    match (role, duty) {
        (Role::Moderator, Duty::People | Duty::Reports | Duty::Figures | Duty::Trends) | (Role::Admin, _) => {
            true
        }
        (Role::Moderator, Duty::Addresses | Duty::Deletion | Duty::Hosts | Duty::Barriers)
        | (Role::Member, _) => false,
    }
}

/// Asks the table.
pub const fn check(role: Role, duty: Duty) -> Result<Leave, Refusal> {
    if may(role, duty) { Ok(Leave { role }) } else { Err(Refusal::Forbidden) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUTIES: [Duty; 8] = [
        Duty::People,
        Duty::Addresses,
        Duty::Deletion,
        Duty::Reports,
        Duty::Figures,
        Duty::Trends,
        Duty::Hosts,
        Duty::Barriers,
    ];

    #[test]
    fn moderators_look_after_people_and_administrators_after_the_node_too() {
        let of = |role| DUTIES.into_iter().filter(|duty| may(role, *duty)).collect::<Vec<_>>();
        assert_eq!(of(Role::Member), []);
        assert_eq!(of(Role::Moderator), [Duty::People, Duty::Reports, Duty::Figures, Duty::Trends]);
        assert_eq!(of(Role::Admin), DUTIES);
        assert_eq!(check(Role::Member, Duty::People).unwrap_err(), Refusal::Forbidden);
    }

    #[test]
    fn nobody_acts_about_themselves_or_about_those_with_as_much_of_a_say() {
        let everybody = [None, Some(Role::Member), Some(Role::Moderator), Some(Role::Admin)];
        let reached = |by| {
            let leave = check(by, Duty::People).unwrap();
            everybody.into_iter().filter(|whom| leave.reaches(*whom, false)).collect::<Vec<_>>()
        };
        assert_eq!(reached(Role::Moderator), [None, Some(Role::Member)]);
        assert_eq!(reached(Role::Admin), [None, Some(Role::Member), Some(Role::Moderator)]);
        for whom in everybody {
            assert!(!check(Role::Admin, Duty::People).unwrap().reaches(whom, true));
        }
    }
}
