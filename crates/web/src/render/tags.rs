//! Hashtags, and how much they were used in the last days.

use crate::entities::collections::{Tag, TagDay};
use crate::error::Error;
use alongside_app::context::App;
use alongside_domain::clock::Timestamp;
use alongside_domain::id::MemberId;
use alongside_domain::place::{Place, Places};
use alongside_store::search::{self, Day};
use alongside_store::tag_follows;

/// Days that are told of, today included.
const DAYS: i64 = 7;
const DAY_SECS: i64 = 86_400;

/// A hashtag, for somebody who may be signed in.
pub(crate) async fn tag(app: &App, viewer: Option<MemberId>, name: &str) -> Result<Tag, Error> {
    let mut reader = app.reader();
    let following = match viewer {
        Some(member) => Some(tag_follows::exists(&mut reader, member, name).await?),
        None => None,
    };
    let days = search::tag_days(&mut reader, name, first_day(app.now())).await?;
    Ok(whole(app.places(), name, following, &days, app.now()))
}

/// The hashtags that a member follows.
pub(crate) async fn followed(app: &App, member: MemberId, names: &[String]) -> Result<Vec<Tag>, Error> {
    let days = search::followed_tag_days(&mut app.reader(), member, first_day(app.now())).await?;
    Ok(names.iter().map(|name| whole(app.places(), name, Some(true), &days, app.now())).collect())
}

fn first_day(now: Timestamp) -> Timestamp {
    now.midnight().plus_secs(-(DAYS - 1) * DAY_SECS)
}

/// Every day has a line, also one on which nobody used it.
fn whole(places: &Places, name: &str, following: Option<bool>, days: &[Day], now: Timestamp) -> Tag {
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
        following,
        featuring: following.map(|_| false),
    }
}
