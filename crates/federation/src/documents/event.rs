//! When and where something takes place, as an Event says it.

use jiff::Timestamp;
use url::Url;

use crate::documents::fields::Fields;

/// When and where something takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it begins.
    pub starts: Timestamp,
    /// When it ends, if that is said.
    pub ends: Option<Timestamp>,
    /// The time zone it is in, by its name.
    pub zone: Option<String>,
    /// Where it is: the name of the place, and its address.
    pub place: Vec<String>,
    /// Where it is for those who come by the web.
    pub room: Option<Url>,
}

impl Event {
    pub(super) fn read(fields: Fields<'_>) -> Option<Self> {
        Some(Self {
            starts: fields.time("startTime")?,
            ends: fields.time("endTime"),
            zone: fields.text("timezone").map(str::to_owned),
            place: fields.objects("location").next().map(place).unwrap_or_default(),
            room: fields.link("onlineLink"),
        })
    }
}

fn place(location: Fields<'_>) -> Vec<String> {
    let address = location.objects("address").next();
    let address = ["streetAddress", "addressLocality"].map(|name| address?.text(name).map(str::to_owned));
    let name = location.natural("name").map(|found| found.text);
    name.into_iter().chain(address.into_iter().flatten()).collect()
}
