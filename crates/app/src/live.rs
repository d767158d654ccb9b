//! Who hears of a change at the moment it happens.
//!
//! The rules are those of the timelines, asked the other way round: not what somebody's page shows, but to whom
//! of those who listen a post is shown. Each question is one statement, however many listen. Who may read is
//! asked in [`crate::reading`], as everywhere.

mod gone;
mod shown;

use crate::context::App;
use alongside_domain::announcement::Announcement;
use alongside_domain::change::Change;
use alongside_domain::channel::Channel;
use alongside_domain::id::{ActorId, AnnouncementId, MemberId, NotificationId};
use alongside_domain::post::Post;
use alongside_store::announcements;
use alongside_store::conversations::Conversation;
use alongside_store::entries::Entry;
use alongside_store::error::Error;
use alongside_store::notifications::{self, Notice};
use std::collections::{HashMap, HashSet};

/// Who listens at this moment, and to what.
#[derive(Debug, Default)]
pub struct Listeners {
    by: HashMap<Channel, HashSet<MemberId>>,
}

/// A member who listens to a channel.
pub type Ear = (Channel, MemberId);

/// What is told.
#[derive(Debug)]
pub enum News {
    /// A post: plain, or in the line of whoever boosted it.
    Shown {
        /// The post.
        post: Box<Post>,
        /// The boost.
        line: Option<Box<Entry>>,
    },
    /// A post as it is now.
    Changed(Box<Post>),
    /// What had this id, a post or a line, is gone.
    Gone(i64),
    /// A notification.
    Told(Notice),
    /// A conversation with something new in it.
    Conversation(Conversation),
    /// Whoever runs the node told every member something.
    Announced(Announcement),
    /// What every member was told was taken back.
    Withdrawn(AnnouncementId),
    /// What every member was told was answered with a sign, so often now.
    Answered {
        /// What.
        announcement: AnnouncementId,
        /// The sign.
        sign: String,
        /// How often.
        count: i64,
    },
    /// The member's filters are not what they were.
    Filters,
    /// What waited is among the member's notifications now.
    Merged,
}

/// Something that is told, and to whom.
#[derive(Debug)]
pub struct Heard {
    /// What.
    pub news: News,
    /// To whom.
    pub by: Vec<Ear>,
}

/// What is told of a change, and who of those who listen hears it.
pub async fn heard(app: &App, change: &Change, listeners: &Listeners) -> Result<Vec<Heard>, Error> {
    match change {
        Change::Posted { post, announced } => shown::posted(app, *post, *announced, listeners).await,
        Change::Boosted { entry } => shown::boosted(app, *entry, listeners).await,
        Change::Edited { post } => shown::edited(app, *post, listeners).await,
        Change::Gone { post, lines } => gone::post(app, *post, lines, listeners).await,
        Change::Unboosted { post, line } => gone::line(app, *post, *line, listeners).await,
        Change::Notified { member, notice } => notified(app, *member, *notice, listeners).await,
        Change::Announced { announcement } => {
            let found = announcements::find(&mut app.reader(), *announcement).await?;
            let by = listeners.everybody(&Channel::User);
            Ok(found.map(|found| Heard { news: News::Announced(found), by }).into_iter().collect())
        }
        Change::Withdrawn { announcement } => {
            let by = listeners.everybody(&Channel::User);
            Ok(vec![Heard { news: News::Withdrawn(*announcement), by }])
        }
        Change::Answered { announcement, sign } => answered(app, *announcement, sign, listeners).await,
        Change::Filters { member } => Ok(of_one(News::Filters, listeners.among(&[Channel::User], *member))),
        Change::Merged { member } => {
            Ok(of_one(News::Merged, listeners.among(&[Channel::User, Channel::Notifications], *member)))
        }
    }
}

/// What concerns one member alone, if they listen.
fn of_one(news: News, by: Vec<Ear>) -> Vec<Heard> {
    if by.is_empty() { Vec::new() } else { vec![Heard { news, by }] }
}

/// How often an announcement was answered with a sign is the same for everybody.
async fn answered(
    app: &App,
    id: AnnouncementId,
    sign: &str,
    listeners: &Listeners,
) -> Result<Vec<Heard>, Error> {
    let by = listeners.everybody(&Channel::User);
    let Some((_, somebody)) = by.first() else { return Ok(Vec::new()) };
    let signs = announcements::reactions(&mut app.reader(), &[id], *somebody).await?;
    let count = signs.iter().find(|row| row.name == sign).map_or(0, |row| row.count);
    Ok(vec![Heard { news: News::Answered { announcement: id, sign: sign.to_owned(), count }, by }])
}

/// A notification is told as the member's list of them would show it, or not at all.
async fn notified(
    app: &App,
    member: MemberId,
    notice: NotificationId,
    listeners: &Listeners,
) -> Result<Vec<Heard>, Error> {
    let by = listeners.among(&[Channel::User, Channel::Notifications], member);
    if by.is_empty() {
        return Ok(Vec::new());
    }
    let found = notifications::shown(&mut app.reader(), member, notice, app.now()).await?;
    Ok(found.map(|notice| Heard { news: News::Told(notice), by }).into_iter().collect())
}

impl Listeners {
    /// Adds somebody.
    pub fn add(&mut self, channel: Channel, member: MemberId) {
        self.by.entry(channel).or_default().insert(member);
    }

    /// Whether nobody listens.
    pub fn is_empty(&self) -> bool {
        self.by.is_empty()
    }

    /// Every channel that anybody listens to, and who does.
    fn channels(&self) -> impl Iterator<Item = (&Channel, &HashSet<MemberId>)> {
        self.by.iter()
    }

    /// Who listens to a channel.
    fn of(&self, channel: &Channel) -> Vec<ActorId> {
        self.by.get(channel).into_iter().flatten().map(|member| member.actor()).collect()
    }

    /// Everybody on a channel.
    fn everybody(&self, channel: &Channel) -> Vec<Ear> {
        self.by.get(channel).into_iter().flatten().map(|member| (channel.clone(), *member)).collect()
    }

    /// On which of these channels a member listens.
    fn among(&self, channels: &[Channel], member: MemberId) -> Vec<Ear> {
        let listens = |channel: &&Channel| self.by.get(*channel).is_some_and(|by| by.contains(&member));
        channels.iter().filter(listens).map(|channel| (channel.clone(), member)).collect()
    }
}
