//! What only the viewer knows of a page of posts: what they did with them, their votes, and what their
//! filters find.

use crate::entities::filters::{self, FilterResult};
use crate::entities::statuses::Own;
use crate::error::Error;
use crate::render::polls::{self, Votes};
use alongside_app::context::App;
use alongside_domain::filter::Filter;
use alongside_domain::id::{ActorId, MemberId, PollId, PostId};
use alongside_domain::plain;
use alongside_domain::post::Post;
use alongside_store::filters as stored;
use alongside_store::marks::{self, Marks};
use std::collections::HashMap;

/// What a viewer has to do with a page of posts.
#[derive(Debug)]
pub(crate) struct Viewed {
    viewer: ActorId,
    marks: HashMap<PostId, Marks>,
    filters: Vec<Filter>,
    pub(crate) votes: Votes,
}

impl Viewed {
    /// Reads it: two statements for any number of posts, and one more each for polls and for filters.
    pub(crate) async fn read(app: &App, viewer: MemberId, posts: &[&Post]) -> Result<Self, Error> {
        let (mut reader, actor) = (app.reader(), viewer.actor());
        let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
        let polls: Vec<PollId> = posts.iter().filter_map(|post| post.poll).collect();
        let marks = marks::of(&mut reader, actor, &ids).await?.into_iter();
        let mut filters = stored::of_member(&mut reader, viewer).await?;
        filters.retain(|filter| filter.is_current(app.now()));
        Ok(Self {
            viewer: actor,
            marks: marks.map(|marks| (marks.post_id, marks)).collect(),
            filters,
            votes: polls::votes(app, Some(actor), &polls).await?,
        })
    }

    /// What the viewer has to do with one of them.
    pub(crate) fn own(&self, post: &Post) -> Own {
        let filtered = if self.filters.is_empty() {
            Vec::new()
        } else {
            filtered(&self.filters, post.id, &searched(post))
        };
        own(self.viewer, post, self.marks.get(&post.id), filtered)
    }
}

/// What a viewer has to do with a post, where this is what they did and what their filters find.
pub(crate) fn own(viewer: ActorId, post: &Post, marks: Option<&Marks>, filtered: Vec<FilterResult>) -> Own {
    let did = |what: fn(&Marks) -> bool| marks.is_some_and(what);
    let is_own = post.author == viewer;
    Own {
        favourited: did(|marks| marks.reacted),
        reblogged: did(|marks| marks.boosted),
        muted: did(|marks| marks.muted),
        bookmarked: did(|marks| marks.bookmarked),
        pinned: (is_own && post.visibility.can_be_pinned()).then(|| did(|marks| marks.pinned)),
        filtered: if is_own { Vec::new() } else { filtered },
    }
}

/// The text of a post in which filters look.
pub(crate) fn searched(post: &Post) -> String {
    let title = post.title.as_deref().unwrap_or_default();
    format!("{title}\n{}\n{}", post.content_note, plain::text(&post.content))
}

/// What filters find in a post with this text. Where to apply them is the client's work: it knows the place.
pub(crate) fn filtered(filters: &[Filter], post: PostId, text: &str) -> Vec<FilterResult> {
    let found = filters.iter().map(|filter| (filter, filter.matches(text), filter.names(post)));
    found
        .filter(|(_, matches, names)| *names || !matches.is_empty())
        .map(|(filter, matches, names)| FilterResult {
            filter: filters::Filter::new(filter),
            keyword_matches: matches.into_iter().map(str::to_owned).collect(),
            status_matches: names.then(|| vec![post.to_string()]),
        })
        .collect()
}
