//! Hashtags, and how much they were used in the last days.

use crate::entities::admin::AdminTag;
use crate::entities::collections::{FeaturedTag, Tag, TagDay};
use crate::error::Error;
use alongside_app::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::hashtag::Hashtag;
use alongside_domain::id::MemberId;
use alongside_domain::limits::TAG_FOLLOWS_MAX;
use alongside_domain::place::{Place, Places};
use alongside_store::search::{self, Day};
use alongside_store::{featured_tags, hashtags, tag_follows};

/// Days that are told of, today included.
const DAYS: i64 = 7;
const DAY_SECS: i64 = 86_400;

/// What a hashtag is to a member.
#[derive(Debug, Clone, Copy)]
struct Own {
    following: bool,
    featuring: bool,
}

/// A hashtag, for somebody who may be signed in.
pub(crate) async fn tag(app: &App, viewer: Option<MemberId>, name: &str) -> Result<Tag, Error> {
    let mut reader = app.reader();
    let own = match viewer {
        Some(member) => Some(Own {
            following: tag_follows::exists(&mut reader, member, name).await?,
            featuring: featured_names(app, member).await?.iter().any(|featured| featured == name),
        }),
        None => None,
    };
    let days = search::tag_days(&mut reader, name, first_day(app.now())).await?;
    Ok(whole(app.places(), name, own, &days, app.now()))
}

/// These hashtags, for somebody who may be signed in.
pub(crate) async fn tags(app: &App, viewer: Option<MemberId>, names: &[String]) -> Result<Vec<Tag>, Error> {
    let mut reader = app.reader();
    let known = match viewer {
        Some(member) => {
            let followed = tag_follows::after(&mut reader, member, "", TAG_FOLLOWS_MAX).await?;
            Some((followed, featured_names(app, member).await?))
        }
        None => None,
    };
    let mut shown = Vec::with_capacity(names.len());
    for name in names {
        let own = known.as_ref().map(|(followed, featured)| Own {
            following: followed.contains(name),
            featuring: featured.contains(name),
        });
        let days = search::tag_days(&mut reader, name, first_day(app.now())).await?;
        shown.push(whole(app.places(), name, own, &days, app.now()));
    }
    Ok(shown)
}

/// These hashtags, for staff, with what was decided about them.
pub(crate) async fn for_staff(app: &App, member: MemberId, names: &[String]) -> Result<Vec<AdminTag>, Error> {
    let decided = hashtags::decided(&mut app.reader(), names).await?;
    let tags = tags(app, Some(member), names).await?.into_iter();
    let shown = tags.map(|tag| {
        let known = decided.iter().find(|decided| decided.tag == tag.name);
        let Hashtag { listable, trendable, usable } = known.map(Hashtag::from).unwrap_or_default();
        AdminTag { tag, listable, trendable, usable, requires_review: false }
    });
    Ok(shown.collect())
}

/// The hashtags that a member follows.
pub(crate) async fn followed(app: &App, member: MemberId, names: &[String]) -> Result<Vec<Tag>, Error> {
    let days = search::followed_tag_days(&mut app.reader(), member, first_day(app.now())).await?;
    let featured = featured_names(app, member).await?;
    let own = |name: &String| Some(Own { following: true, featuring: featured.contains(name) });
    Ok(names.iter().map(|name| whole(app.places(), name, own(name), &days, app.now())).collect())
}

/// A hashtag on somebody's profile.
pub(crate) fn featured(places: &Places, tag: &featured_tags::FeaturedTag) -> FeaturedTag {
    FeaturedTag {
        id: tag.id.to_string(),
        name: tag.tag.clone(),
        url: places.of(Place::Tag(&tag.tag)),
        statuses_count: tag.posts_count.to_string(),
        last_status_at: tag.last_at.map(|at| at.to_string().chars().take(10).collect()),
    }
}

async fn featured_names(app: &App, member: MemberId) -> Result<Vec<String>, Error> {
    let featured = featured_tags::of_member(&mut app.reader(), member.actor()).await?;
    Ok(featured.into_iter().map(|featured| featured.tag).collect())
}

fn first_day(now: Timestamp) -> Timestamp {
    now.midnight().plus_secs(-(DAYS - 1) * DAY_SECS)
}

/// Every day has a line, also one on which nobody used it.
fn whole(places: &Places, name: &str, own: Option<Own>, days: &[Day], now: Timestamp) -> Tag {
    let today = now.as_secs().div_euclid(DAY_SECS);
    let history = (0..DAYS).map(|ago| {
        let on = today - ago;
        let used = days.iter().find(|day| day.day == on && day.tag == name);
        TagDay {
            day: (on * DAY_SECS).to_string(),
            uses: used.map_or(0, |day| day.posts_count).to_string(),
            accounts: used.map_or(0, |day| day.authors_count).to_string(),
        }
    });
    Tag {
        id: name.to_owned(),
        name: name.to_owned(),
        url: places.of(Place::Tag(name)),
        history: history.collect(),
        following: own.map(|own| own.following),
        featuring: own.map(|own| own.featuring),
    }
}
