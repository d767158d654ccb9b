//! Posts, and lines of timelines: a post, or somebody's boost of one.

use crate::entities::accounts::Account;
use crate::entities::groups::Group;
use crate::entities::statuses::{self, Application, Context, Mention, QuoteApproval, Status, TagLink};
use crate::error::Error;
use crate::render::around::Around;
use crate::render::kept::{Kept, Moment};
use crate::render::own::Viewed;
use crate::render::{accounts, groups, media, polls, visibility};
use alongside_app::context::App;
use alongside_app::reading::{self, Thread};
use alongside_domain::actor::Actor;
use alongside_domain::compose::escape;
use alongside_domain::id::{ActorId, EntryId, MemberId, PostId};
use alongside_domain::place::Place;
use alongside_domain::post::Post;
use alongside_store::entries::{self, Entry};
use alongside_store::touched::Topic;
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

/// Posts that were reported, for the staff who look at the report, whatever was done about their author.
pub(crate) async fn of_report(app: &App, posts: &[Post]) -> Result<Vec<Status>, Error> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let posts: Vec<&Post> = posts.iter().collect();
    let mut page = Page::made_anew(app, &posts, &[]).await?;
    page.around.addresses = page.around.addresses.for_staff();
    for author in posts.iter().filter_map(|post| page.around.actors.get(&post.author)) {
        let emojis = page.around.emojis.of_actor(author);
        let shown = || Arc::new(accounts::for_staff(&page.around.addresses, author, emojis));
        page.accounts.entry(author.id).or_insert_with(shown);
    }
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

/// A post, or a line that shows it, as it is for everybody who may see it: who that is was asked before.
pub(crate) async fn for_everybody(
    app: &App,
    post: &Post,
    line: Option<&Entry>,
) -> Result<Option<Status>, Error> {
    let boosters: Vec<ActorId> = line.iter().map(|line| line.actor_id).collect();
    let page = Page::read(app, None, &[post], &boosters).await?;
    Ok(match line {
        Some(line) => page.line(line, post),
        None => page.status(post),
    })
}

/// What a post says. Clients know no titles, so a title stands as its first line.
pub(crate) fn content(title: Option<&str>, html: &str) -> String {
    match title.map(str::trim).filter(|title| !title.is_empty()) {
        Some(title) => format!("<p><strong>{}</strong></p>{html}", escape(title)),
        None => html.to_owned(),
    }
}

/// What these are made of, as far as it shows in them: other posts and people change nothing about them.
pub(crate) fn topics(viewer: Option<ActorId>, page: &[Status]) -> Vec<Topic> {
    let mut topics: Vec<Topic> = viewer.map(Topic::Deeds).into_iter().collect();
    let numbered = |id: &str| id.parse().unwrap_or_default();
    let boosted = page.iter().filter_map(|status| status.reblog.as_deref());
    for status in page.iter().chain(boosted) {
        topics.push(Topic::Post(PostId::new(numbered(&status.id))));
        topics.push(Topic::Actor(ActorId::new(numbered(&status.account.id))));
        topics.extend(status.group.iter().map(|group| Topic::Actor(ActorId::new(numbered(&group.id)))));
    }
    topics
}

/// A page of posts with all that is needed to show them.
struct Page<'a> {
    app: &'a App,
    around: Around,
    /// Each is shown many times on a page and made once.
    accounts: HashMap<ActorId, Arc<Account>>,
    groups: HashMap<ActorId, Arc<Group>>,
    /// Those that are kept, as everybody is shown them.
    kept: HashMap<PostId, Arc<Status>>,
    viewed: Option<Viewed>,
    viewer: Option<ActorId>,
}

impl<'a> Page<'a> {
    /// Reads what of it is not kept, and keeps it. `others` are actors the page shows besides the authors.
    async fn read(
        app: &'a App,
        viewer: Option<MemberId>,
        posts: &[&Post],
        others: &[ActorId],
    ) -> Result<Self, Error> {
        let (moment, shelf) = (Moment::now(app), Kept::of(app));
        let found = |post: &&Post| Some((post.id, shelf.get(app, post)?));
        let mut kept: HashMap<PostId, Arc<Status>> = posts.iter().filter_map(found).collect();
        let missing: Vec<&Post> = posts.iter().copied().filter(|post| !kept.contains_key(&post.id)).collect();
        let mut page = Self::made_anew(app, &missing, others).await?;
        for post in missing {
            let Some(status) = page.for_nobody(post).map(Arc::new) else { continue };
            shelf.put(moment, post, &status);
            kept.insert(post.id, status);
        }
        page.kept = kept;
        page.viewer = viewer.map(ActorId::from);
        page.viewed = viewed(app, viewer, posts).await?;
        Ok(page)
    }

    /// Reads all of it, as it is for nobody in particular.
    async fn made_anew(app: &'a App, posts: &[&Post], others: &[ActorId]) -> Result<Self, Error> {
        let around = Around::read(app, posts, others).await?;
        let shown = posts.iter().map(|post| post.author).chain(others.iter().copied());
        let accounts = shown
            .filter_map(|id| around.actors.get(&id))
            .filter(|actor| actor.is_present())
            .map(|actor| {
                let emojis = around.emojis.of_actor(actor);
                (actor.id, Arc::new(accounts::account(app.places(), actor, emojis)))
            })
            .collect();
        let communities = around.communities.iter().filter_map(|community| {
            let id = community.id.actor();
            let actor = around.actors.get(&id).filter(|actor| actor.is_present())?;
            let (owner, emojis) = (around.owners.get(&id).copied(), around.emojis.of_actor(actor));
            Some((id, Arc::new(groups::group(app.places(), actor, community, owner, emojis))))
        });
        let groups = communities.collect();
        Ok(Self { app, around, accounts, groups, kept: HashMap::new(), viewed: None, viewer: None })
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
            visibility: visibility(line.visibility),
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
            emojis: Vec::new(),
            quote: None,
            quote_approval: QuoteApproval::NOBODY,
            card: None,
            poll: None,
            group: status.group.clone(),
            own: status.own.clone(),
            reblog: Some(Box::new(status)),
        })
    }

    /// A post as the viewer is shown it.
    fn status(&self, post: &Post) -> Option<Status> {
        let status = match self.kept.get(&post.id) {
            Some(kept) => Status::clone(kept),
            None => self.for_nobody(post)?,
        };
        let written_with = post.application.as_ref().filter(|_| self.viewer == Some(post.author));
        Some(Status {
            application: written_with.map(|name| Application { name: name.clone(), website: None }),
            poll: self.poll(post),
            own: self.viewed.as_ref().map(|viewed| viewed.own(post)),
            ..status
        })
    }

    /// A post as it is shown to whoever is nobody in particular.
    fn for_nobody(&self, post: &Post) -> Option<Status> {
        let media = self.around.media.get(&post.id).into_iter().flatten();
        Some(Status {
            id: post.id.to_string(),
            created_at: post.published_at.to_string(),
            in_reply_to_id: post.reply_to.map(|id| id.to_string()),
            in_reply_to_account_id: post.reply_to_author.map(|id| id.to_string()),
            sensitive: post.sensitive || self.is_covered(post),
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
            application: None,
            account: self.accounts.get(&post.author)?.clone(),
            media_attachments: media
                .map(|media| media::attachment(&self.around.addresses, media, Some(post)))
                .collect(),
            mentions: self.mentions(post),
            tags: self.tags(post),
            emojis: self.around.emojis.of_post(post, self.host(post)),
            quote: None,
            quote_approval: QuoteApproval::NOBODY,
            card: None,
            poll: None,
            group: post.community.and_then(|id| self.groups.get(&id.actor())).cloned(),
            own: None,
        })
    }

    /// Whether staff had the pictures of its author covered.
    fn is_covered(&self, post: &Post) -> bool {
        self.around.actors.get(&post.author).is_some_and(|author| author.sensitized_at.is_some())
    }

    /// The host of its author; none for those who live here, and for nobody.
    fn host(&self, post: &Post) -> &str {
        self.around.actors.get(&post.author).map_or("", |author| &author.host)
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
        let emojis = self.around.emojis.of_poll(poll, self.host(post));
        Some(polls::poll(poll, chosen, self.viewer == Some(post.author), emojis, self.app.now()))
    }
}

async fn viewed(app: &App, viewer: Option<MemberId>, posts: &[&Post]) -> Result<Option<Viewed>, Error> {
    match viewer {
        Some(viewer) if !posts.is_empty() => Ok(Some(Viewed::read(app, viewer, posts).await?)),
        Some(_) | None => Ok(None),
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
