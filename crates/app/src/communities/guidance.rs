//! What a community asks of its members, when somebody looks after it, and who does.
//!
//! Every client shows the note of an account and the lines of its table, so this is written there, anew whenever
//! it changes; other nodes are told as of any profile.

use crate::context::App;
use crate::effects;
use alongside_domain::actor::{Actor, Field};
use alongside_domain::community::{Audience, Community, JoinPolicy};
use alongside_domain::compose::{self, escape};
use alongside_domain::id::{ActorId, CommunityId};
use alongside_domain::job::Job;
use alongside_domain::limits::{RULE_CHARS_MAX, RULES_MAX, STAFFED_HOURS_CHARS_MAX};
use alongside_domain::place::Place;
use alongside_store::communities::{self, Steward};
use alongside_store::engine::Tx;
use alongside_store::{actors, error};
use std::fmt::Write as _;

/// Those who look after a community that are named in its profile: more would not be read.
const NAMED_MAX: usize = 10;

/// What a community asks of its members, and when somebody looks after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guidance {
    /// Its rules, the first one first.
    pub rules: Vec<String>,
    /// When somebody looks after it, in words.
    pub staffed_hours: String,
}

/// Why it does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There are too many rules, or one is empty or too long.
    #[error("a community may have {RULES_MAX} rules of 1 to {RULE_CHARS_MAX} characters each")]
    Rules,
    /// The hours are told in too many words.
    #[error("when a community is staffed may be told in {STAFFED_HOURS_CHARS_MAX} characters")]
    StaffedHours,
}

impl Guidance {
    /// Checks it against the limits.
    pub fn check(&self) -> Result<(), Unfit> {
        let fits = |rule: &String| (1..=RULE_CHARS_MAX).contains(&rule.trim().chars().count());
        if self.rules.len() > RULES_MAX || !self.rules.iter().all(fits) {
            return Err(Unfit::Rules);
        }
        if self.staffed_hours.chars().count() > STAFFED_HOURS_CHARS_MAX {
            return Err(Unfit::StaffedHours);
        }
        Ok(())
    }

    pub(super) async fn put(&self, tx: &mut Tx, id: CommunityId) -> Result<(), error::Error> {
        communities::set_guidance(tx, id, &self.rules, self.staffed_hours.trim()).await
    }
}

/// As [`tell`], of a community that others know: they are told as well.
pub(crate) async fn retell(tx: &mut Tx, app: &App, id: CommunityId) -> Result<(), error::Error> {
    if tell(tx, app, id).await? {
        effects::push(tx, app, &Job::Profile { actor: id.actor() }, "").await?;
    }
    Ok(())
}

/// As [`retell`], of every community that somebody looks after, who is suspended or comes back: it names who is there.
pub(crate) async fn retell_looked_after_by(
    tx: &mut Tx,
    app: &App,
    steward: ActorId,
) -> Result<(), error::Error> {
    for community in communities::looked_after_by(tx, steward).await? {
        retell(tx, app, community).await?;
    }
    Ok(())
}

/// Writes into the profile of a community of ours what it asks and who looks after it; false if it says so already.
pub(super) async fn tell(tx: &mut Tx, app: &App, id: CommunityId) -> Result<bool, error::Error> {
    let actor = actors::find(tx, id.actor()).await?.filter(|actor| actor.is_local() && actor.is_present());
    let community = communities::find(tx, id.actor()).await?;
    let (Some(actor), Some(community)) = (actor, community) else { return Ok(false) };
    let kept = communities::guidance(tx, id).await?;
    let note = note(app, &actor.note_source, &kept.rules);
    let stewards = communities::stewards(tx, id).await?;
    let stewards = named(tx, &stewards).await?;
    let fields = fields(&community, &kept.staffed_hours, &stewards);
    if note == actor.note && fields == actor.fields {
        return Ok(false);
    }
    actors::describe(tx, actor.id, &note, &fields, app.now()).await?;
    Ok(true)
}

/// Those who look after it and are there, the longest-serving first.
async fn named(tx: &mut Tx, stewards: &[Steward]) -> Result<Vec<Actor>, error::Error> {
    let ids: Vec<ActorId> = stewards.iter().map(|steward| steward.actor_id).collect();
    let mut found = actors::find_all(tx, &ids).await?;
    found.retain(Actor::is_present);
    found.sort_by_key(|actor| ids.iter().position(|id| *id == actor.id));
    Ok(found)
}

/// What it is for, and its rules below.
fn note(app: &App, summary: &str, rules: &[String]) -> String {
    let mut note = compose::html(summary, &[], &app.places().of(Place::Tag("")));
    if !rules.is_empty() {
        note.push_str("<p>Rules:");
        for (number, rule) in (1..).zip(rules) {
            let _ = write!(note, "<br>{number}. {}", escape(rule.trim()));
        }
        note.push_str("</p>");
    }
    note
}

fn fields(community: &Community, staffed_hours: &str, stewards: &[Actor]) -> Vec<Field> {
    let line = |name: &str, value: String| Field { name: name.to_owned(), value };
    let readers = match community.audience {
        Audience::Everyone => "Everybody",
        Audience::Members => "Its members",
    };
    let joining = match community.join_policy {
        JoinPolicy::Open => "Open to everybody",
        JoinPolicy::Approval => "A moderator lets you in",
        JoinPolicy::Invitation => "By invitation",
    };
    let mut fields = vec![line("Who can read", readers.to_owned()), line("Joining", joining.to_owned())];
    if !staffed_hours.is_empty() {
        fields.push(line("Staffed hours", escape(staffed_hours)));
    }
    if !stewards.is_empty() {
        fields.push(line("Looked after by", names(stewards)));
    }
    fields
}

fn names(stewards: &[Actor]) -> String {
    let links = stewards.iter().take(NAMED_MAX).map(|actor| {
        format!(r#"<a href="{}" class="u-url mention">@{}</a>"#, escape(&actor.url), escape(&actor.acct()))
    });
    let mut names = links.collect::<Vec<_>>().join(", ");
    if stewards.len() > NAMED_MAX {
        let _ = write!(names, " and {} more", stewards.len() - NAMED_MAX);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guidance_is_within_limits() {
        let rules = |rules: &[&str]| Guidance {
            rules: rules.iter().map(ToString::to_string).collect(),
            staffed_hours: String::new(),
        };
        assert_eq!(rules(&["Be kind", "No adverts"]).check(), Ok(()));
        assert_eq!(rules(&["Be kind", " "]).check(), Err(Unfit::Rules));
        assert_eq!(rules(&["x"; RULES_MAX + 1]).check(), Err(Unfit::Rules));
        assert_eq!(rules(&[&"x".repeat(RULE_CHARS_MAX + 1)]).check(), Err(Unfit::Rules));
        let long = Guidance { staffed_hours: "x".repeat(STAFFED_HOURS_CHARS_MAX + 1), ..Guidance::default() };
        assert_eq!(long.check(), Err(Unfit::StaffedHours));
    }
}
