//! Who is shown a post that is new, boosted or changed.

use super::{Ear, Heard, Listeners, News};
use crate::context::App;
use crate::{avoiding, reading};
use alongside_domain::channel::Channel;
use alongside_domain::id::{ActorId, CommunityId, EntryId, ListId, MemberId, PostId};
use alongside_domain::limits::LIVE_SECS_MAX;
use alongside_domain::post::{Post, Visibility};
use alongside_store::entries::Entry;
use alongside_store::error::Error;
use alongside_store::{conversations, entries, listeners as stored, media, posts};
use std::collections::{HashMap, HashSet};

/// A new post, and the line in which its community announced it.
pub(super) async fn posted(
    app: &App,
    id: PostId,
    announced: Option<EntryId>,
    listeners: &Listeners,
) -> Result<Vec<Heard>, Error> {
    let Some(post) = present(app, id).await? else { return Ok(Vec::new()) };
    // What comes in late, such as the past of a community one has just joined, is no news.
    if post.published_at < app.now().plus_secs(-LIVE_SECS_MAX) {
        return Ok(Vec::new());
    }
    if post.visibility == Visibility::Direct {
        return in_conversations(app, &post, listeners).await;
    }
    let lines: Vec<EntryId> = announced.into_iter().chain([EntryId::new(id.get())]).collect();
    let lines = entries::find_all(&mut app.reader(), &lines).await?;
    let mut ears = Ears::default();
    ears.at_home(app, &post, &lines, listeners).await?;
    ears.in_lists(app, &lines, listeners).await?;
    ears.in_communities(app, &lines, listeners).await?;
    ears.in_public(app, &post, listeners).await?;
    ears.heard(app, &post, &lines).await
}

/// A boost of a post.
pub(super) async fn boosted(app: &App, id: EntryId, listeners: &Listeners) -> Result<Vec<Heard>, Error> {
    let Some(line) = entries::find(&mut app.reader(), id).await? else { return Ok(Vec::new()) };
    let Some(post) = present(app, line.post_id).await? else { return Ok(Vec::new()) };
    if line.at < app.now().plus_secs(-LIVE_SECS_MAX) {
        return Ok(Vec::new());
    }
    let lines = [line];
    let mut ears = Ears::default();
    ears.at_home(app, &post, &lines, listeners).await?;
    ears.in_lists(app, &lines, listeners).await?;
    ears.in_communities(app, &lines, listeners).await?;
    ears.heard(app, &post, &lines).await
}

/// A post whose author changed it: to everybody whose timelines show it.
pub(super) async fn edited(app: &App, id: PostId, listeners: &Listeners) -> Result<Vec<Heard>, Error> {
    let Some(post) = present(app, id).await? else { return Ok(Vec::new()) };
    if post.visibility == Visibility::Direct {
        return in_conversations(app, &post, listeners).await;
    }
    let mut reader = app.reader();
    let mut ears = Ears::default();
    let home = listeners.of(&Channel::User);
    for shown in stored::home_lines(&mut reader, post.id, &[], &home, app.now()).await? {
        ears.add(None, Channel::User, shown.viewer_id);
    }
    let those_concerned: Vec<ActorId> =
        std::iter::once(post.author).chain(post.community.map(CommunityId::actor)).collect();
    for list in stored::lists_with(&mut reader, &those_concerned, &lists(listeners)).await? {
        ears.add_all(None, &Channel::List(list), listeners);
    }
    if let Some(community) = post.community.map(CommunityId::actor) {
        ears.add_all(None, &Channel::Group(community), listeners);
        ears.in_list_of(app, community, None, listeners).await?;
    }
    ears.in_public(app, &post, listeners).await?;
    let by = ears.narrowed(app, &post, &[]).await?;
    let by: Vec<Ear> = by.into_iter().map(|(_, ear)| ear).collect();
    Ok(if by.is_empty() { Vec::new() } else { vec![Heard { news: News::Changed(Box::new(post)), by }] })
}

/// A direct post, to those in its conversation.
async fn in_conversations(app: &App, post: &Post, listeners: &Listeners) -> Result<Vec<Heard>, Error> {
    let (mut reader, mut out) = (app.reader(), Vec::new());
    let listening = listeners.of(&Channel::Direct);
    for person in reading::readers_of(&mut reader, post, &listening, app.now()).await? {
        let member = MemberId::of(person);
        if let Some(conversation) = conversations::of_root(&mut reader, member, post.root).await? {
            let by = vec![(Channel::Direct, member)];
            out.push(Heard { news: News::Conversation(conversation), by });
        }
    }
    Ok(out)
}

async fn present(app: &App, id: PostId) -> Result<Option<Post>, Error> {
    Ok(posts::find(&mut app.reader(), id).await?.filter(Post::is_present))
}

/// Every list, or community as a list, that anybody listens to.
fn lists(listeners: &Listeners) -> Vec<ListId> {
    let list = |channel: &Channel| match channel {
        Channel::List(list) => Some(*list),
        Channel::User
        | Channel::Notifications
        | Channel::Direct
        | Channel::Public { .. }
        | Channel::Hashtag { .. }
        | Channel::Group(_) => None,
    };
    listeners.channels().filter_map(|(channel, _)| list(channel)).collect()
}

/// Who would be shown it, and in which line (none: the post as such), before it is asked who may be.
#[derive(Default)]
struct Ears {
    found: HashMap<Ear, Option<EntryId>>,
}

impl Ears {
    fn add(&mut self, line: Option<EntryId>, channel: Channel, viewer: ActorId) {
        self.found.entry((channel, MemberId::of(viewer))).or_insert(line);
    }

    fn add_all(&mut self, line: Option<EntryId>, channel: &Channel, listeners: &Listeners) {
        for viewer in listeners.of(channel) {
            self.add(line, channel.clone(), viewer);
        }
    }

    /// At home: of several lines the community's.
    async fn at_home(
        &mut self,
        app: &App,
        post: &Post,
        lines: &[Entry],
        listeners: &Listeners,
    ) -> Result<(), Error> {
        let viewers = listeners.of(&Channel::User);
        if viewers.is_empty() {
            return Ok(());
        }
        let ids: Vec<EntryId> = lines.iter().map(|line| line.id).collect();
        let mut shown = stored::home_lines(&mut app.reader(), post.id, &ids, &viewers, app.now()).await?;
        shown.sort_by_key(|line| (!line.by_community, line.line_id));
        for line in shown {
            let boost = Some(line.line_id).filter(|id| is_boost(lines, *id));
            self.add(boost, Channel::User, line.viewer_id);
        }
        Ok(())
    }

    /// In members' own lists: of several lines the community's.
    async fn in_lists(&mut self, app: &App, lines: &[Entry], listeners: &Listeners) -> Result<(), Error> {
        let wanted = lists(listeners);
        if wanted.is_empty() {
            return Ok(());
        }
        let mut lines: Vec<&Entry> = lines.iter().collect();
        lines.sort_by_key(|line| !line.by_community);
        for line in lines {
            for list in stored::lists_showing(&mut app.reader(), line.id, &wanted).await? {
                self.add_all(Some(line.id).filter(|_| line.boost), &Channel::List(list), listeners);
            }
        }
        Ok(())
    }

    /// Where one listens to a community: its threads, in the line it announced them in; as a list, for as long
    /// as one is in it.
    async fn in_communities(
        &mut self,
        app: &App,
        lines: &[Entry],
        listeners: &Listeners,
    ) -> Result<(), Error> {
        for line in lines.iter().filter(|line| line.by_community && !line.community_reply) {
            self.add_all(None, &Channel::Group(line.actor_id), listeners);
            self.in_list_of(app, line.actor_id, Some(line.id), listeners).await?;
        }
        Ok(())
    }

    /// Where one who is in a community listens to it as a list.
    async fn in_list_of(
        &mut self,
        app: &App,
        community: ActorId,
        line: Option<EntryId>,
        listeners: &Listeners,
    ) -> Result<(), Error> {
        let as_list = Channel::List(ListId::new(community.get()));
        let listening = listeners.of(&as_list);
        for member in stored::following_any(&mut app.reader(), &[community], &listening).await? {
            self.add(line, as_list.clone(), member);
        }
        Ok(())
    }

    /// Where everybody is shown what is public.
    async fn in_public(&mut self, app: &App, post: &Post, listeners: &Listeners) -> Result<(), Error> {
        if post.visibility != Visibility::Public {
            return Ok(());
        }
        let tags = posts::tags(&mut app.reader(), &[post.id]).await?;
        let tags: Vec<String> = tags.into_iter().map(|row| row.tag).collect();
        let has_media = !media::of_posts(&mut app.reader(), &[post.id]).await?.is_empty();
        for (channel, _) in listeners.channels().filter(|(channel, _)| channel.takes(post, &tags, has_media))
        {
            self.add_all(None, channel, listeners);
        }
        Ok(())
    }

    /// Without those who may not read it, and those who keep away from whoever wrote or boosted it.
    async fn narrowed(
        self,
        app: &App,
        post: &Post,
        lines: &[Entry],
    ) -> Result<Vec<(Option<EntryId>, Ear)>, Error> {
        let (mut reader, now) = (app.reader(), app.now());
        let viewers: HashSet<ActorId> = self.found.keys().map(|(_, member)| member.actor()).collect();
        let viewers: Vec<ActorId> = viewers.into_iter().collect();
        let readers = reading::readers_of(&mut reader, post, &viewers, now).await?;
        let mut away = avoiding::those_avoiding(&mut reader, post.author, &viewers, now).await?;
        for line in lines.iter().filter(|line| line.actor_id != post.author) {
            away.extend(avoiding::those_avoiding(&mut reader, line.actor_id, &viewers, now).await?);
        }
        let hears = |member: MemberId| readers.contains(&member.actor()) && !away.contains(&member.actor());
        let found = self.found.into_iter().filter(|((_, member), _)| hears(*member));
        Ok(found.map(|(ear, line)| (line, ear)).collect())
    }

    async fn heard(self, app: &App, post: &Post, lines: &[Entry]) -> Result<Vec<Heard>, Error> {
        let mut by_line: HashMap<Option<EntryId>, Vec<Ear>> = HashMap::new();
        for (line, ear) in self.narrowed(app, post, lines).await? {
            by_line.entry(line).or_default().push(ear);
        }
        let heard = by_line.into_iter().map(|(id, by)| {
            let line = lines.iter().find(|line| Some(line.id) == id).cloned().map(Box::new);
            Heard { news: News::Shown { post: Box::new(post.clone()), line }, by }
        });
        Ok(heard.collect())
    }
}

fn is_boost(lines: &[Entry], id: EntryId) -> bool {
    lines.iter().any(|line| line.id == id && line.boost)
}
