//! `GET /api/v1/instance/activity`: how much happens here for anybody to see, week by week. Who only reads is not
//! watched, so those count as having been here who wrote.

use crate::entities::instance::Week;
use crate::error::Error;
use crate::json::Json;
use crate::state::Web;
use alongside_app::context::App;
use alongside_domain::clock::Timestamp;
use alongside_store::statistics;
use axum::extract::State;
use tokio::sync::Mutex;

/// Weeks that are told of, this one included.
const WEEKS: i64 = 12;
const DAY_SECS: i64 = 86_400;
const WEEK_SECS: i64 = 7 * DAY_SECS;
/// How long an answer is given again, in seconds: to make one takes a walk over all that was written.
const KEPT_SECS: i64 = 3_600;

/// The answer that was made last, and when.
#[derive(Debug, Default)]
pub(crate) struct Activity(Mutex<Option<(Timestamp, Vec<Week>)>>);

/// Tells it, the newest week first.
pub(crate) async fn show(State(web): State<Web>) -> Result<Json<Vec<Week>>, Error> {
    let now = web.app().now();
    // Whoever asks at the same moment waits for the same answer.
    let mut kept = web.activity().0.lock().await;
    if let Some((_, weeks)) = kept.as_ref().filter(|(made, _)| made.plus_secs(KEPT_SECS) > now) {
        return Ok(Json(weeks.clone()));
    }
    let weeks = count(web.app(), now).await?;
    *kept = Some((now, weeks.clone()));
    Ok(Json(weeks))
}

async fn count(app: &App, now: Timestamp) -> Result<Vec<Week>, Error> {
    let first = monday(now).plus_secs(-(WEEKS - 1) * WEEK_SECS);
    let mut reader = app.reader();
    let written = statistics::written(&mut reader, first).await?;
    let opened = statistics::opened(&mut reader, first).await?;
    let shown = |week: i64| {
        let written = written.iter().find(|row| row.week == week);
        let opened = opened.iter().find(|row| row.week == week);
        Week {
            week: first.plus_secs(week * WEEK_SECS).as_secs().to_string(),
            statuses: written.map_or(0, |row| row.posts).to_string(),
            logins: written.map_or(0, |row| row.authors).to_string(),
            registrations: opened.map_or(0, |row| row.accounts).to_string(),
        }
    };
    Ok((0..WEEKS).rev().map(shown).collect())
}

/// The midnight with which the week began that this moment is in. The first day of 1970 was a Thursday.
fn monday(now: Timestamp) -> Timestamp {
    let day = now.as_secs().div_euclid(DAY_SECS);
    Timestamp::from_secs((day - (day + 3).rem_euclid(7)) * DAY_SECS)
}

#[cfg(test)]
mod tests {
    use crate::mastodon::testing::{Door, each};
    use alongside_domain::post::Visibility;
    use alongside_store::engine::Store;
    use alongside_testkit::both_engines;

    both_engines! {
        async fn what_was_written_is_counted_by_the_week_and_once_an_hour(store: Store) {
            let door = Door::new(store);
            let (sam, ada) = (door.node.member("sam").await.actor(), door.node.member("ada").await.actor());
            let far = door.node.stranger("far", "b.example").await;
            for (author, days) in [(sam, 0), (sam, 1), (ada, 0), (far, 7), (ada, 0)] {
                door.node.clock.advance_secs(days * 86_400);
                door.node.post(author, "hello").await;
            }
            for visibility in [Visibility::Members, Visibility::Followers, Visibility::Direct] {
                door.node.post_with(sam, "to some", |post| post.visibility = visibility).await;
            }
            let path = "/api/v1/instance/activity";
            let weeks = door.get(path, "").await.ok();
            assert_eq!(each(&weeks, "/statuses")[..3], ["1", "3", "0"], "not what somebody elsewhere wrote");
            assert_eq!(each(&weeks, "/logins")[..2], ["1", "2"]);
            assert_eq!((each(&weeks, "/registrations")[..2].to_vec(), weeks.as_array().unwrap().len()), (vec!["0".to_owned(), "2".to_owned()], 12));
            // The 30th of November 2026 is a Monday.
            assert_eq!(weeks[0]["week"], "1795996800");
            door.node.post(ada, "again").await;
            assert_eq!(door.get(path, "").await.ok(), weeks, "it was made a moment ago");
            door.node.clock.advance_secs(3_600);
            assert_eq!(door.get(path, "").await.ok()[0]["statuses"], "2");
        }
    }
}
