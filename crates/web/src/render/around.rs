//! What stands around the posts of a page and is the same for every viewer: who wrote them, whom
//! they name, which communities they are in, their hashtags, pictures and polls.

use crate::error::Error;
use crate::render::emojis::Emojis;
use crate::render::groups;
use alongside_app::context::App;
use alongside_app::media::Addresses;
use alongside_domain::actor::Actor;
use alongside_domain::community::Community;
use alongside_domain::id::{ActorId, CommunityId, PollId, PostId};
use alongside_domain::media::Media;
use alongside_domain::poll::Poll;
use alongside_domain::post::Post;
use alongside_store::{actors, communities, media, polls, posts};
use std::collections::{HashMap, HashSet};

/// Everything that is read for a page of posts, by what it belongs to.
#[derive(Debug)]
pub(crate) struct Around {
    pub(crate) actors: HashMap<ActorId, Actor>,
    pub(crate) mentions: HashMap<PostId, Vec<ActorId>>,
    pub(crate) tags: HashMap<PostId, Vec<String>>,
    pub(crate) media: HashMap<PostId, Vec<Media>>,
    pub(crate) polls: HashMap<PollId, Poll>,
    pub(crate) communities: Vec<Community>,
    pub(crate) owners: HashMap<ActorId, ActorId>,
    pub(crate) emojis: Emojis,
    pub(crate) addresses: Addresses,
}

impl Around {
    /// Reads it: a fixed number of statements for any number of posts. `others` are actors the page shows besides.
    pub(crate) async fn read(app: &App, posts: &[&Post], others: &[ActorId]) -> Result<Self, Error> {
        let mut reader = app.reader();
        let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
        let mentions = grouped(posts::mentions(&mut reader, &ids).await?, |row| (row.post_id, row.actor_id));
        let tags = grouped(posts::tags(&mut reader, &ids).await?, |row| (row.post_id, row.tag));
        let media = media::of_posts(&mut reader, &ids).await?.into_iter();
        let media = grouped(media.filter_map(|media| Some((media.post?, media))), |pair| pair);
        let polls: Vec<PollId> = posts.iter().filter_map(|post| post.poll).collect();
        let polls = polls::find_all(&mut reader, &polls).await?.into_iter();
        let polls: HashMap<PollId, Poll> = polls.map(|poll| (poll.id, poll)).collect();
        let within: HashSet<ActorId> =
            posts.iter().filter_map(|post| post.community.map(CommunityId::actor)).collect();
        let within: Vec<ActorId> = within.into_iter().collect();
        let (communities, owners) = if within.is_empty() {
            (Vec::new(), HashMap::new())
        } else {
            (communities::among(&mut reader, &within).await?, groups::owners(app, &within).await?)
        };
        let named = mentions.values().flatten().chain(others).chain(&within).copied();
        let shown: HashSet<ActorId> = posts.iter().map(|post| post.author).chain(named).collect();
        let shown: Vec<ActorId> = shown.into_iter().collect();
        let actors = actors::find_all(&mut reader, &shown).await?;
        let actors = actors.into_iter().map(|actor| (actor.id, actor)).collect();
        Ok(Self {
            emojis: Emojis::around(app, posts, &polls, &actors).await?,
            actors,
            mentions,
            tags,
            media,
            polls,
            communities,
            owners,
            addresses: Addresses::load(app).await?,
        })
    }
}

/// Rows by what they belong to, in the order they came.
fn grouped<R, T>(
    rows: impl IntoIterator<Item = R>,
    split: impl Fn(R) -> (PostId, T),
) -> HashMap<PostId, Vec<T>> {
    let mut by: HashMap<PostId, Vec<T>> = HashMap::new();
    for row in rows {
        let (post, item) = split(row);
        by.entry(post).or_default().push(item);
    }
    by
}
