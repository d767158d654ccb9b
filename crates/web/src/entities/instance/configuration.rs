//! What the node can take, as clients are told before they offer it.

use crate::entities::instance::access::TimelinesAccess;
use alongside_app::context::App;
use alongside_app::films::container::MIMES;
use alongside_domain::agreement::Mode;
use alongside_domain::limits::{
    FEATURED_TAGS_MAX, FIELD_CHARS_MAX, FIELDS_MAX, FILM_FRAME_RATE_MAX, FILM_PIXELS_MAX,
    MEDIA_DESCRIPTION_CHARS_MAX, MEDIA_MAX, MEDIA_PIXELS_MAX, NAME_CHARS_MAX, NOTE_CHARS_MAX,
    POLL_OPTION_CHARS_MAX, POLL_OPTIONS_MAX, POLL_SECS_MAX, POLL_SECS_MIN,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Pictures that are taken everywhere.
const PICTURE_MIMES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// What the node can take.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Configuration {
    urls: Urls,
    vapid: Vapid,
    accounts: Accounts,
    statuses: Statuses,
    media_attachments: Media,
    polls: Polls,
    translation: Translation,
    timelines_access: TimelinesAccess,
    limited_federation: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Urls {
    streaming: String,
    about: String,
    privacy_policy: String,
    status: Option<String>,
    terms_of_service: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Vapid {
    public_key: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Accounts {
    max_display_name_length: usize,
    max_note_length: usize,
    max_featured_tags: usize,
    max_pinned_statuses: u32,
    max_profile_fields: usize,
    profile_field_name_limit: usize,
    profile_field_value_limit: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Statuses {
    max_characters: usize,
    max_media_attachments: usize,
    characters_reserved_per_url: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Media {
    description_limit: usize,
    supported_mime_types: Vec<&'static str>,
    image_size_limit: usize,
    image_matrix_limit: u64,
    /// Nought where films are not taken, and so with the others.
    video_size_limit: usize,
    video_frame_rate_limit: u32,
    video_matrix_limit: u64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Polls {
    max_options: usize,
    max_characters_per_option: usize,
    min_expiration: i64,
    max_expiration: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Translation {
    enabled: bool,
}

impl Configuration {
    /// What this node can take.
    pub(crate) fn of(app: &App, vapid_key: String) -> Self {
        let (origin, settings) = (app.places().origin(), app.settings());
        let films = settings.media.films.as_ref();
        let film_mimes = films.into_iter().flat_map(|_| MIMES);
        Self {
            urls: Urls {
                // `http` becomes `ws`, and `https` becomes `wss`.
                streaming: origin.replacen("http", "ws", 1),
                about: format!("{origin}/"),
                privacy_policy: format!("{origin}/privacy"),
                status: None,
                terms_of_service: Some(format!("{origin}/terms")),
            },
            vapid: Vapid { public_key: vapid_key },
            accounts: Accounts {
                max_display_name_length: NAME_CHARS_MAX,
                max_note_length: NOTE_CHARS_MAX,
                max_featured_tags: FEATURED_TAGS_MAX,
                max_pinned_statuses: 5,
                max_profile_fields: FIELDS_MAX,
                profile_field_name_limit: FIELD_CHARS_MAX,
                profile_field_value_limit: FIELD_CHARS_MAX,
            },
            statuses: Statuses {
                max_characters: settings.post_chars_max,
                max_media_attachments: MEDIA_MAX,
                characters_reserved_per_url: 23,
            },
            media_attachments: Media {
                description_limit: MEDIA_DESCRIPTION_CHARS_MAX,
                supported_mime_types: PICTURE_MIMES.into_iter().chain(film_mimes).collect(),
                image_size_limit: settings.media_bytes_max,
                image_matrix_limit: MEDIA_PIXELS_MAX,
                video_size_limit: films.map_or(0, |_| settings.media.film_bytes_max),
                video_frame_rate_limit: films.map_or(0, |_| FILM_FRAME_RATE_MAX),
                video_matrix_limit: films.map_or(0, |_| FILM_PIXELS_MAX),
            },
            polls: Polls {
                max_options: POLL_OPTIONS_MAX,
                max_characters_per_option: POLL_OPTION_CHARS_MAX,
                min_expiration: POLL_SECS_MIN,
                max_expiration: POLL_SECS_MAX,
            },
            translation: Translation { enabled: false },
            timelines_access: TimelinesAccess::EVERYBODY,
            limited_federation: settings.terms.mode != Mode::Open,
        }
    }

    /// Where streams are listened to.
    pub(super) fn streaming(&self) -> &str {
        &self.urls.streaming
    }
}
