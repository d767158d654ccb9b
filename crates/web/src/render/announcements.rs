//! What whoever runs the node tells every member.

use crate::entities::announcements::{Announcement, Reaction};
use crate::entities::statuses::TagLink;
use crate::error::Error;
use crate::render::emojis::Emojis;
use alongside_app::context::App;
use alongside_app::emojis::HERE;
use alongside_domain::announcement;
use alongside_domain::compose;
use alongside_domain::id::{AnnouncementId, MemberId};
use alongside_domain::place::Place;
use alongside_store::announcements;
use std::collections::{HashMap, HashSet};

/// These announcements, as a member sees them.
pub(crate) async fn of(
    app: &App,
    member: MemberId,
    shown: &[announcement::Announcement],
) -> Result<Vec<Announcement>, Error> {
    let mut reader = app.reader();
    let ids: Vec<AnnouncementId> = shown.iter().map(|announcement| announcement.id).collect();
    let read: HashSet<AnnouncementId> =
        announcements::read_by(&mut reader, member).await?.into_iter().collect();
    let mut reactions: HashMap<AnnouncementId, Vec<Reaction>> = HashMap::new();
    for row in announcements::reactions(&mut reader, &ids, member).await? {
        let reaction = Reaction { name: row.name, count: row.count, me: row.own };
        reactions.entry(row.announcement_id).or_default().push(reaction);
    }
    let texts = shown.iter().map(|announcement| (HERE, announcement.content.as_str()));
    let emojis = Emojis::read(app, texts.collect()).await?;
    Ok(shown
        .iter()
        .map(|announcement| Announcement {
            id: announcement.id.to_string(),
            content: announcement.content.clone(),
            starts_at: announcement.starts_at.map(|at| at.to_string()),
            ends_at: announcement.ends_at.map(|at| at.to_string()),
            all_day: false,
            published_at: announcement.published_at.to_string(),
            updated_at: announcement.updated_at.to_string(),
            read: read.contains(&announcement.id),
            mentions: [],
            statuses: [],
            tags: tags(app, &announcement.source),
            emojis: emojis.among(HERE, [announcement.content.as_str()]),
            reactions: reactions.remove(&announcement.id).unwrap_or_default(),
        })
        .collect())
}

fn tags(app: &App, source: &str) -> Vec<TagLink> {
    let tags = compose::tags(source).into_iter();
    tags.map(|tag| TagLink { url: app.places().of(Place::Tag(&tag)), name: tag }).collect()
}
