//! One post for many viewers at once: rendered once, and then made each viewer's own. Most viewers have nothing
//! of their own in it and get the same text.

use crate::entities::statuses::{Application, Own, OwnVotes, Status};
use crate::error::Error;
use crate::render::own::{self, filtered, searched};
use crate::render::statuses;
use alongside_app::context::App;
use alongside_domain::filter::Filter;
use alongside_domain::id::{ActorId, MemberId};
use alongside_domain::post::Post;
use alongside_store::entries::Entry;
use alongside_store::filters;
use alongside_store::listeners::{self, ViewerMarks};
use serde::Serialize;
use std::collections::HashMap;

/// A post as JSON, and for whom it is so.
#[derive(Debug)]
pub(crate) struct Variant {
    /// The JSON.
    pub(crate) text: String,
    /// For whom.
    pub(crate) members: Vec<MemberId>,
}

/// A post, or a line that shows it, for each of these members, who may all see it. Nothing where whoever wrote it
/// is gone.
pub(crate) async fn variants(
    app: &App,
    post: &Post,
    line: Option<&Entry>,
    members: &[MemberId],
) -> Result<Vec<Variant>, Error> {
    let Some(status) = statuses::for_everybody(app, post, line).await? else { return Ok(Vec::new()) };
    let known = Known::read(app, post, members).await?;
    let mut alike: HashMap<String, (Personal, Vec<MemberId>)> = HashMap::new();
    for member in members {
        let personal = known.of(post, *member);
        alike.entry(json(&personal)?).or_insert_with(|| (personal, Vec::new())).1.push(*member);
    }
    alike
        .into_values()
        .map(|(personal, members)| Ok(Variant { text: json(&personal.within(status.clone()))?, members }))
        .collect()
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.into()))
}

/// What is different for one viewer.
#[derive(Debug, Serialize)]
struct Personal {
    own: Own,
    votes: OwnVotes,
    application: Option<Application>,
}

impl Personal {
    fn within(&self, mut status: Status) -> Status {
        status.own = Some(self.own.clone());
        let post = match &mut status.reblog {
            Some(reblog) => {
                reblog.own = Some(self.own.clone());
                reblog
            }
            None => &mut status,
        };
        post.application.clone_from(&self.application);
        if let Some(poll) = &mut post.poll {
            poll.own = Some(self.votes.clone());
        }
        status
    }
}

/// What these viewers have to do with the post.
struct Known {
    marks: HashMap<ActorId, ViewerMarks>,
    votes: HashMap<ActorId, Vec<i64>>,
    filters: HashMap<MemberId, Vec<Filter>>,
    searched: String,
}

impl Known {
    async fn read(app: &App, post: &Post, members: &[MemberId]) -> Result<Self, Error> {
        let mut reader = app.reader();
        let viewers: Vec<ActorId> = members.iter().map(|member| member.actor()).collect();
        let marks = listeners::marks(&mut reader, post.id, &viewers).await?;
        let mut votes: HashMap<ActorId, Vec<i64>> = HashMap::new();
        if let Some(poll) = post.poll {
            for vote in listeners::votes(&mut reader, poll, &viewers).await? {
                votes.entry(vote.viewer_id).or_default().push(vote.position);
            }
        }
        let mut filters = filters::of_members(&mut reader, members).await?;
        for own in filters.values_mut() {
            own.retain(|filter| filter.is_current(app.now()));
        }
        Ok(Self {
            marks: marks.into_iter().map(|marks| (marks.viewer_id, marks)).collect(),
            votes,
            searched: if filters.is_empty() { String::new() } else { searched(post) },
            filters,
        })
    }

    fn of(&self, post: &Post, member: MemberId) -> Personal {
        let viewer = member.actor();
        let found = self.filters.get(&member).map(|filters| filtered(filters, post.id, &self.searched));
        let marks = self.marks.get(&viewer).map(|of| &of.marks);
        let own_votes = self.votes.get(&viewer).cloned().unwrap_or_default();
        let is_author = post.author == viewer;
        let written_with = post.application.as_ref().filter(|_| is_author);
        Personal {
            own: own::own(viewer, post, marks, found.unwrap_or_default()),
            votes: OwnVotes { voted: is_author || !own_votes.is_empty(), own_votes },
            application: written_with.map(|name| Application { name: name.clone(), website: None }),
        }
    }
}
