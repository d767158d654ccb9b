//! Who is told that a post, or a boost of one, is gone: those who may have been shown it. They are told an id,
//! and only if they could have read what had it.

use super::{Ear, Heard, Listeners, News};
use crate::context::App;
use crate::reading;
use alongside_domain::change::Line;
use alongside_domain::channel::Channel;
use alongside_domain::id::{ActorId, CommunityId, ListId, MemberId, PostId};
use alongside_domain::post::{Post, Visibility};
use alongside_store::error::Error;
use alongside_store::{listeners as stored, posts};
use std::collections::HashSet;

/// A post that was deleted, or removed from its community.
pub(super) async fn post(
    app: &App,
    id: PostId,
    lines: &[Line],
    listeners: &Listeners,
) -> Result<Vec<Heard>, Error> {
    let Some(post) = as_it_was(app, id).await? else { return Ok(Vec::new()) };
    let community = post.community.map(CommunityId::actor);
    let mut shown_by: Vec<ActorId> = std::iter::once(post.author).chain(community).collect();
    shown_by.extend(lines.iter().map(|line| line.actor));
    let mut ears = woven(app, &shown_by, listeners).await?;
    for (channel, members) in listeners.channels() {
        let took = match channel {
            Channel::Public { .. } => channel.takes(&post, &[], true),
            // Which hashtags it had is forgotten with it.
            Channel::Hashtag { .. } => post.visibility == Visibility::Public,
            Channel::Group(id) => community == Some(*id),
            Channel::User | Channel::Direct => post.visibility == Visibility::Direct,
            Channel::List(_) | Channel::Notifications => false,
        };
        if took {
            ears.extend(members.iter().map(|member| (channel.clone(), *member)));
        }
    }
    let by = of_readers(app, &post, ears).await?;
    if by.is_empty() {
        return Ok(Vec::new());
    }
    let others = lines.iter().map(|line| line.id.get()).filter(|line| *line != id.get());
    let in_lines: Vec<Ear> = by
        .iter()
        .filter(|(channel, _)| matches!(channel, Channel::User | Channel::List(_)))
        .cloned()
        .collect();
    let mut heard: Vec<Heard> =
        others.map(|id| Heard { news: News::Gone(id), by: in_lines.clone() }).collect();
    heard.insert(0, Heard { news: News::Gone(id.get()), by });
    Ok(heard)
}

/// A boost that was taken back.
pub(super) async fn line(
    app: &App,
    post: PostId,
    line: Line,
    listeners: &Listeners,
) -> Result<Vec<Heard>, Error> {
    let Some(post) = as_it_was(app, post).await? else { return Ok(Vec::new()) };
    let ears = woven(app, &[line.actor], listeners).await?;
    let by = of_readers(app, &post, ears).await?;
    Ok(if by.is_empty() { Vec::new() } else { vec![Heard { news: News::Gone(line.id.get()), by }] })
}

/// The post as if it were still there.
async fn as_it_was(app: &App, id: PostId) -> Result<Option<Post>, Error> {
    let post = posts::find(&mut app.reader(), id).await?;
    Ok(post.map(|post| Post { deleted_at: None, removed_at: None, ..post }))
}

/// Whose homes and lists are woven of the lines of any of these.
async fn woven(app: &App, actors: &[ActorId], listeners: &Listeners) -> Result<HashSet<Ear>, Error> {
    let mut reader = app.reader();
    let home = listeners.of(&Channel::User);
    let followers = stored::following_any(&mut reader, actors, &home).await?;
    let selves = home.into_iter().filter(|viewer| actors.contains(viewer));
    let home = followers.into_iter().chain(selves).map(|viewer| (Channel::User, MemberId::of(viewer)));
    let mut ears: HashSet<Ear> = home.collect();
    let lists: Vec<ListId> = listeners
        .channels()
        .filter_map(|(channel, _)| if let Channel::List(list) = channel { Some(*list) } else { None })
        .collect();
    let mut showing = stored::lists_with(&mut reader, actors, &lists).await?;
    showing.extend(actors.iter().map(|actor| ListId::new(actor.get())));
    for list in showing {
        let channel = Channel::List(list);
        ears.extend(listeners.of(&channel).into_iter().map(|viewer| (channel.clone(), MemberId::of(viewer))));
    }
    Ok(ears)
}

async fn of_readers(app: &App, post: &Post, ears: HashSet<Ear>) -> Result<Vec<Ear>, Error> {
    let viewers: HashSet<ActorId> = ears.iter().map(|(_, member)| member.actor()).collect();
    let viewers: Vec<ActorId> = viewers.into_iter().collect();
    let readers = reading::readers_of(&mut app.reader(), post, &viewers, app.now()).await?;
    Ok(ears.into_iter().filter(|(_, member)| readers.contains(&member.actor())).collect())
}
