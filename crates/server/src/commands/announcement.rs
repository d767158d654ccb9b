//! `announcement publish`, `list` and `withdraw`: what whoever runs the node tells every member.

use crate::cli::announcement::NewAnnouncement;
use alongside_app::announcements::{self, Error};
use alongside_app::context::App;
use alongside_domain::announcement::Announcement;
use alongside_domain::id::AnnouncementId;
use alongside_domain::limits::ANNOUNCEMENTS_MAX;
use alongside_store::announcements as stored;

/// Tells every member something.
pub async fn publish(app: &App, new: &NewAnnouncement) -> Result<String, Error> {
    let told = announcements::publish(app, &new.text, new.from, new.until).await?;
    Ok(format!("Members are told. `announcement withdraw {}` takes it back.", told.id))
}

/// What is announced now.
pub async fn list(app: &App) -> Result<String, Error> {
    let current = stored::current(&mut app.reader(), app.now(), ANNOUNCEMENTS_MAX).await?;
    if current.is_empty() {
        return Ok("Nothing is announced.".to_owned());
    }
    Ok(current.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// Takes one back.
pub async fn withdraw(app: &App, id: AnnouncementId) -> Result<String, Error> {
    match announcements::take_back(app, id).await {
        Ok(()) => Ok("It is not announced any more.".to_owned()),
        Err(Error::NotFound) => Ok(format!("There is no announcement {id}.")),
        Err(error) => Err(error),
    }
}

fn line(announcement: &Announcement) -> String {
    let end = announcement.ends_at.map(|end| format!(" (until {end})")).unwrap_or_default();
    format!("{}{end} {}", announcement.id, announcement.source.replace('\n', " "))
}
