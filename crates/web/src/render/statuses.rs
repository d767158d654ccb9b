//! Posts, and lines of timelines: a post, or somebody's boost of one.

use crate::entities::statuses::{Application, Mention, Status, TagLink};
use crate::error::Error;
use crate::render::around::Around;
use crate::render::own::Viewed;
use crate::render::{accounts, media, polls, visibility};
use alongside_app::context::App;
use alongside_app::reading;
use alongside_domain::actor::Actor;
use alongside_domain::compose::escape;
use alongside_domain::id::{ActorId, EntryId, MemberId, PostId};
use alongside_domain::place::Place;
use alongside_domain::post::Post;
use alongside_store::entries::{self, Entry};
use std::collections::HashMap;

/// These posts, which the viewer may read, in their order.
pub(crate) async fn of_posts(app: &App, viewer: Option<MemberId>, posts: &[Post]) -> Result<Vec<Status>, Error> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let page = Page::read(app, viewer, posts, &[]).await?;
    Ok(posts.iter().filter_map(|post| page.status(post)).collect())
}

/// One post, which the viewer may read.
pub(crate) async fn of_post(app: &App, viewer: Option<MemberId>, post: &Post) -> Result<Status, Error> {
    of_posts(app, viewer, std::slice::from_ref(post)).await?.pop().ok_or(Error::NotFound)
}

/// These lines of timelines, as far as the viewer may read them, in their order.
pub(crate) async fn of_lines(app: &App, viewer: Option<MemberId>, ids: &[EntryId]) -> Result<Vec<Status>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = app.reader();
    let lines = entries::find_all(&mut reader, ids).await?;
    let posts: Vec<PostId> = lines.iter().map(|line| line.post_id).collect();
    let posts = reading::posts(&mut reader, viewer.map(ActorId::from), &posts, app.now()).await?;
    let boosters: Vec<ActorId> = lines.iter().filter(|line| line.boost).map(|line| line.actor_id).collect();
    let page = Page::read(app, viewer, &posts, &boosters).await?;
    let by_id: HashMap<PostId, &Post> = posts.iter().map(|post| (post.id, post)).collect();
    Ok(lines.iter().filter_map(|line| page.line(line, by_id.get(&line.post_id)?)).collect())
}

/// A page of posts with all that is needed to show them.
struct Page<'a> {
    app: &'a App,
    around: Around,
    viewed: Option<Viewed>,
    viewer: Option<ActorId>,
}

impl<'a> Page<'a> {
    async fn read(
        app: &'a App,
        viewer: Option<MemberId>,
        posts: &[Post],
        others: &[ActorId],
    ) -> Result<Self, Error> {
        let viewed = match viewer {
            Some(viewer) => Some(Viewed::read(app, viewer, posts).await?),
            None => None,
        };
        let around = Around::read(app, posts, others).await?;
        Ok(Self { app, around, viewed, viewer: viewer.map(ActorId::from) })
    }

    /// A line: the post itself, or a boost around it.
    fn line(&self, line: &Entry, post: &Post) -> Option<Status> {
        let status = self.status(post)?;
        if !line.boost {
            return Some(status);
        }
        let booster = self.around.actors.get(&line.actor_id)?;
        Some(Status {
            id: line.id.to_string(),
            created_at: line.at.to_string(),
            uri: line.uri.clone(),
            url: Some(line.uri.clone()),
            account: accounts::account(self.app.places(), booster),
            in_reply_to_id: None,
            in_reply_to_account_id: None,
            application: None,
            media_attachments: Vec::new(),
            mentions: Vec::new(),
            tags: Vec::new(),
            poll: None,
            reblog: Some(Box::new(status.clone())),
            ..status
        })
    }

    fn status(&self, post: &Post) -> Option<Status> {
        let (places, around) = (self.app.places(), &self.around);
        let author = around.actors.get(&post.author)?;
        let media = around.media.get(&post.id).into_iter().flatten();
        Some(Status {
            id: post.id.to_string(),
            created_at: post.published_at.to_string(),
            in_reply_to_id: post.reply_to.map(|id| id.to_string()),
            in_reply_to_account_id: post.reply_to_author.map(|id| id.to_string()),
            sensitive: post.sensitive,
            spoiler_text: post.content_note.clone(),
            visibility: visibility(post.visibility),
            language: post.language.clone(),
            uri: post.uri.clone(),
            url: Some(post.url.clone()),
            replies_count: post.replies_count,
            reblogs_count: post.boosts_count,
            favourites_count: post.shown_reactions(),
            quotes_count: 0,
            edited_at: post.edited_at.map(|at| at.to_string()),
            content: content(post.title.as_deref(), &post.content),
            text: None,
            reblog: None,
            application: post.application.clone().map(|name| Application { name, website: None }),
            account: accounts::account(places, author),
            media_attachments: media.map(|media| media::attachment(&around.addresses, media, Some(post))).collect(),
            mentions: self.mentions(post),
            tags: self.tags(post),
            emojis: [],
            quote: None,
            card: None,
            poll: self.poll(post),
            own: self.viewed.as_ref().map(|viewed| viewed.own(post)),
        })
    }

    fn mentions(&self, post: &Post) -> Vec<Mention> {
        let named = self.around.mentions.get(&post.id).into_iter().flatten();
        named.filter_map(|id| self.around.actors.get(id)).map(mention).collect()
    }

    fn tags(&self, post: &Post) -> Vec<TagLink> {
        let tags = self.around.tags.get(&post.id).into_iter().flatten();
        tags.map(|tag| TagLink { name: tag.clone(), url: self.app.places().of(Place::Tag(tag)) }).collect()
    }

    fn poll(&self, post: &Post) -> Option<crate::entities::statuses::Poll> {
        let poll = self.around.polls.get(&post.poll?)?;
        let chosen = self.viewed.as_ref().map(|viewed| viewed.votes.get(&poll.id).cloned().unwrap_or_default());
        Some(polls::poll(poll, chosen, self.viewer == Some(post.author), self.app.now()))
    }
}

/// What a post says. Clients know no titles, so a title stands as its first line.
pub(crate) fn content(title: Option<&str>, html: &str) -> String {
    match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("<p><strong>{}</strong></p>{html}", escape(title)),
        None => html.to_owned(),
    }
}

fn mention(actor: &Actor) -> Mention {
    Mention {
        id: actor.id.to_string(),
        username: actor.handle.clone(),
        url: actor.url.clone(),
        acct: actor.acct(),
    }
}
