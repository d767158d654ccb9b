//! Posts, and lines of timelines: a post, or somebody's boost of one.

use crate::entities::accounts::Account;
use crate::entities::statuses::{self, Application, Context, Mention, Status, TagLink};
use crate::error::Error;
use crate::render::around::Around;
use crate::render::own::Viewed;
use crate::render::{accounts, media, polls, visibility};
use alongside_app::context::App;
use alongside_app::reading::{self, Thread};
use alongside_domain::actor::Actor;
use alongside_domain::compose::escape;
use alongside_domain::id::{ActorId, EntryId, MemberId, PostId};
use alongside_domain::place::Place;
use alongside_domain::post::Post;
use alongside_store::entries::{self, Entry};
use std::collections::HashMap;
use std::sync::Arc;

/// These posts, which the viewer may read, in their order.
pub(crate) async fn of_posts(
    app: &App,
    viewer: Option<MemberId>,
    posts: &[Post],
) -> Result<Vec<Status>, Error> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let posts: Vec<&Post> = posts.iter().collect();
    let page = Page::read(app, viewer, &posts, &[]).await?;
    Ok(posts.iter().filter_map(|post| page.status(post)).collect())
}

/// One post, which the viewer may read.
pub(crate) async fn of_post(app: &App, viewer: Option<MemberId>, post: &Post) -> Result<Status, Error> {
    of_posts(app, viewer, std::slice::from_ref(post)).await?.pop().ok_or(Error::NotFound)
}

/// The thread around a post, which the viewer may read, as one page.
pub(crate) async fn of_thread(
    app: &App,
    viewer: Option<MemberId>,
    thread: &Thread,
) -> Result<Context, Error> {
    let posts: Vec<&Post> = thread.above.iter().chain(&thread.below).collect();
    let page = Page::read(app, viewer, &posts, &[]).await?;
    Ok(Context {
        ancestors: thread.above.iter().filter_map(|post| page.status(post)).collect(),
        descendants: thread.below.iter().filter_map(|post| page.status(post)).collect(),
    })
}

/// These lines of timelines, as far as the viewer may read them, in their order.
pub(crate) async fn of_lines(
    app: &App,
    viewer: Option<MemberId>,
    ids: &[EntryId],
) -> Result<Vec<Status>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = app.reader();
    let lines = entries::find_all(&mut reader, ids).await?;
    let posts: Vec<PostId> = lines.iter().map(|line| line.post_id).collect();
    let posts = reading::posts(&mut reader, viewer.map(ActorId::from), &posts, app.now()).await?;
    let posts: Vec<&Post> = posts.iter().collect();
    let boosters: Vec<ActorId> = lines.iter().filter(|line| line.boost).map(|line| line.actor_id).collect();
    let page = Page::read(app, viewer, &posts, &boosters).await?;
    let by_id: HashMap<PostId, &Post> = posts.iter().map(|post| (post.id, *post)).collect();
    Ok(lines.iter().filter_map(|line| page.line(line, by_id.get(&line.post_id)?)).collect())
}

/// What a post says. Clients know no titles, so a title stands as its first line.
pub(crate) fn content(title: Option<&str>, html: &str) -> String {
    match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("<p><strong>{}</strong></p>{html}", escape(title)),
        None => html.to_owned(),
    }
}

/// A page of posts with all that is needed to show them.
struct Page<'a> {
    app: &'a App,
    around: Around,
    /// Each is shown many times on a page and made once.
    accounts: HashMap<ActorId, Arc<Account>>,
    viewed: Option<Viewed>,
    viewer: Option<ActorId>,
}

impl<'a> Page<'a> {
    /// Reads it. `others` are actors the page shows besides the authors.
    async fn read(
        app: &'a App,
        viewer: Option<MemberId>,
        posts: &[&Post],
        others: &[ActorId],
    ) -> Result<Self, Error> {
        let viewed = match viewer {
            Some(viewer) if !posts.is_empty() => Some(Viewed::read(app, viewer, posts).await?),
            Some(_) | None => None,
        };
        let around = Around::read(app, posts, others).await?;
        let shown = posts.iter().map(|post| post.author).chain(others.iter().copied());
        let accounts = shown
            .filter_map(|id| around.actors.get(&id))
            .filter(|actor| actor.is_present())
            .map(|actor| (actor.id, Arc::new(accounts::account(app.places(), actor))))
            .collect();
        Ok(Self { app, around, accounts, viewed, viewer: viewer.map(ActorId::from) })
    }

    /// A line: the post itself, or a boost around it. Nothing where whoever made it is gone.
    fn line(&self, line: &Entry, post: &Post) -> Option<Status> {
        let status = self.status(post)?;
        if !line.boost {
            return Some(status);
        }
        Some(Status {
            id: line.id.to_string(),
            created_at: line.at.to_string(),
            in_reply_to_id: None,
            in_reply_to_account_id: None,
            sensitive: status.sensitive,
            spoiler_text: String::new(),
            visibility: status.visibility,
            language: None,
            uri: line.uri.clone(),
            url: Some(line.uri.clone()),
            replies_count: status.replies_count,
            reblogs_count: status.reblogs_count,
            favourites_count: status.favourites_count,
            quotes_count: 0,
            edited_at: None,
            content: String::new(),
            text: None,
            application: None,
            account: self.accounts.get(&line.actor_id)?.clone(),
            media_attachments: Vec::new(),
            mentions: Vec::new(),
            tags: Vec::new(),
            emojis: [],
            quote: None,
            card: None,
            poll: None,
            own: status.own.clone(),
            reblog: Some(Box::new(status)),
        })
    }

    fn status(&self, post: &Post) -> Option<Status> {
        let media = self.around.media.get(&post.id).into_iter().flatten();
        let written_with = post.application.as_ref().filter(|_| self.viewer == Some(post.author));
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
            application: written_with.map(|name| Application { name: name.clone(), website: None }),
            account: self.accounts.get(&post.author)?.clone(),
            media_attachments: media
                .map(|media| media::attachment(&self.around.addresses, media, Some(post)))
                .collect(),
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

    fn poll(&self, post: &Post) -> Option<statuses::Poll> {
        let poll = self.around.polls.get(&post.poll?)?;
        let chosen =
            self.viewed.as_ref().map(|viewed| viewed.votes.get(&poll.id).cloned().unwrap_or_default());
        Some(polls::poll(poll, chosen, self.viewer == Some(post.author), self.app.now()))
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
