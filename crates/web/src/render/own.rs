//! What only the viewer knows of a page of posts: their reactions, boosts, bookmarks, pins and mutes,
//! their votes, and what their filters find.

use crate::entities::filters::{self, FilterResult};
use crate::entities::statuses::Own;
use crate::error::Error;
use crate::render::polls::{self, Votes};
use alongside_app::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::filter::Filter;
use alongside_domain::id::{MemberId, PollId, PostId};
use alongside_domain::post::Post;
use alongside_federation::sanitise;
use alongside_store::{bookmarks, entries, filters as stored, mutes, pins, reactions};
use std::collections::HashSet;

/// What a viewer has to do with a page of posts.
#[derive(Debug)]
pub(crate) struct Viewed {
    viewer: MemberId,
    reacted: HashSet<PostId>,
    boosted: HashSet<PostId>,
    bookmarked: HashSet<PostId>,
    pinned: HashSet<PostId>,
    muted_threads: HashSet<PostId>,
    filters: Vec<Filter>,
    pub(crate) votes: Votes,
}

impl Viewed {
    /// Reads it: at most seven statements for any number of posts.
    pub(crate) async fn read(app: &App, viewer: MemberId, posts: &[Post]) -> Result<Self, Error> {
        let (mut reader, actor) = (app.reader(), viewer.actor());
        let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
        let roots: Vec<PostId> = posts.iter().map(|post| post.root).collect();
        let polls: Vec<PollId> = posts.iter().filter_map(|post| post.poll).collect();
        let has_own = posts.iter().any(|post| post.author == actor);
        let pinned = if has_own { pins::of_actor(&mut reader, actor).await? } else { Vec::new() };
        let mut filters = stored::of_member(&mut reader, viewer).await?;
        filters.retain(|filter| is_current(filter, app.now()));
        Ok(Self {
            viewer,
            reacted: reactions::among(&mut reader, actor, &ids).await?.iter().map(|given| given.post_id).collect(),
            boosted: entries::boosts_among(&mut reader, actor, &ids).await?.iter().map(|line| line.post_id).collect(),
            bookmarked: bookmarks::among(&mut reader, viewer, &ids).await?.into_iter().collect(),
            pinned: pinned.into_iter().collect(),
            muted_threads: mutes::threads_among(&mut reader, viewer, &roots).await?.into_iter().collect(),
            filters,
            votes: polls::votes(app, Some(actor), &polls).await?,
        })
    }

    /// What the viewer has to do with one of them.
    pub(crate) fn own(&self, post: &Post) -> Own {
        let may_pin = post.author == self.viewer.actor() && post.visibility.is_open();
        Own {
            favourited: self.reacted.contains(&post.id),
            reblogged: self.boosted.contains(&post.id),
            muted: self.muted_threads.contains(&post.root),
            bookmarked: self.bookmarked.contains(&post.id),
            pinned: may_pin.then(|| self.pinned.contains(&post.id)),
            filtered: if post.author == self.viewer.actor() { Vec::new() } else { self.filtered(post) },
        }
    }

    /// What the viewer's filters find. Where to apply them is the client's work: it knows the place.
    fn filtered(&self, post: &Post) -> Vec<FilterResult> {
        if self.filters.is_empty() {
            return Vec::new();
        }
        let text = format!("{}\n{}", post.content_note, sanitise::plain_text(&post.content));
        let found = self.filters.iter().map(|filter| (filter, filter.matches(&text)));
        found
            .filter(|(_, matches)| !matches.is_empty())
            .map(|(filter, matches)| FilterResult {
                filter: filters::Filter::new(filter),
                keyword_matches: matches.into_iter().map(str::to_owned).collect(),
                status_matches: None,
            })
            .collect()
    }
}

fn is_current(filter: &Filter, now: Timestamp) -> bool {
    filter.expires_at.is_none_or(|end| end > now)
}
