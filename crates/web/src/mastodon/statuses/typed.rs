//! A post as clients send it, new or changed.

use crate::error::Error;
use crate::openapi::inputs::Id;
use crate::params::{any_number, blank, given};
use alongside_app::context::App;
use alongside_app::posts;
use alongside_domain::draft::{Draft, Typed, TypedPoll, is_language_tag};
use alongside_domain::id::{ActorId, CommunityId, MediaId, PostId};
use alongside_domain::post::Visibility;
use alongside_store::members::Member;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is sent. A value that is missing, empty or null is not given.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Body {
    pub(super) status: Option<String>,
    spoiler_text: Option<String>,
    sensitive: Option<bool>,
    #[schemars(extend("enum" = ["public", "unlisted", "private", "direct", "group", null]))]
    visibility: Option<String>,
    language: Option<String>,
    #[schemars(with = "Option<Id>")]
    in_reply_to_id: Option<String>,
    /// The community, for clients that know communities.
    #[serde(deserialize_with = "blank")]
    #[schemars(with = "Option<Id>")]
    group_id: Option<ActorId>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<Id>")]
    media_ids: Vec<MediaId>,
    /// What is said of images, when a post is changed.
    pub(super) media_attributes: Vec<MediaWords>,
    poll: Option<Poll>,
    pub(super) scheduled_at: Option<String>,
    /// Whom it may name: with anybody else in it, it is not published.
    #[schemars(with = "Option<Vec<Id>>")]
    pub(super) allowed_mentions: Option<Vec<String>>,
}

/// What is said of an image.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct MediaWords {
    #[schemars(with = "Id")]
    pub(super) id: MediaId,
    pub(super) description: Option<String>,
    /// Across and down, with a comma between.
    pub(super) focus: Option<String>,
    /// A picture to show first, as a `data:` address in base64.
    pub(super) thumbnail: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Poll {
    #[serde(default)]
    options: Vec<String>,
    /// In seconds. Clients that work it out from a clock send parts of one, which are left out.
    #[serde(default, deserialize_with = "any_number")]
    #[schemars(with = "f64")]
    expires_in: Option<i64>,
    multiple: Option<bool>,
    hide_totals: Option<bool>,
}

/// Who may read it, as clients say it.
struct Audience {
    visibility: Option<Visibility>,
    community: Option<CommunityId>,
}

impl Body {
    /// The same, with what its author chose for posts that do not say.
    pub(super) fn by_default(self, author: &Member) -> Self {
        let language = || author.default_language.clone().filter(|tag| is_language_tag(tag));
        Self {
            sensitive: self.sensitive.or(Some(author.default_sensitive)),
            language: self.language.filter(|language| !language.is_empty()).or_else(language),
            ..self
        }
    }

    /// The draft, if its parts fit.
    pub(super) fn into_draft(self, app: &App) -> Result<Draft, Error> {
        let audience = self.audience()?;
        let reply_to = self.reply_to()?;
        let (status, note) = (self.status.unwrap_or_default(), self.spoiler_text.unwrap_or_default());
        let has_note = !note.trim().is_empty();
        // A note before nothing is what there is to say.
        let (text, content_note) =
            if status.trim().is_empty() && has_note { (note, String::new()) } else { (status, note) };
        let typed = Typed {
            text,
            title: None,
            content_note,
            sensitive: self.sensitive.unwrap_or(false) || has_note,
            visibility: audience.visibility,
            language: self.language.filter(|language| !language.is_empty()),
            reply_to,
            community: audience.community,
            media: self.media_ids,
            poll: self.poll.map(|poll| TypedPoll {
                options: poll.options,
                open_secs: poll.expires_in.unwrap_or_default(),
                multiple: poll.multiple.unwrap_or(false),
                hide_totals: poll.hide_totals.unwrap_or(false),
            }),
        };
        Ok(Draft::new(typed, app.settings().post_chars_max)?)
    }

    /// Whether it comes from a client that speaks of groups.
    pub(super) fn knows_groups(&self) -> bool {
        self.group_id.is_some()
    }

    /// What it answers. What cannot be an id of ours is not there.
    fn reply_to(&self) -> Result<Option<PostId>, Error> {
        let id = self.in_reply_to_id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        id.map(str::parse).transpose().map_err(|_| posts::Error::NoParent.into())
    }

    /// `group` is the word for a community's audience, whichever it is: everybody's or its members'.
    fn audience(&self) -> Result<Audience, Error> {
        let visibility = match self.visibility.as_deref() {
            None | Some("") => None,
            Some("group") if self.group_id.is_none() => {
                return Err(Error::Unfit("Validation failed: say which group this is for".to_owned()));
            }
            Some("group") => Some(Visibility::Public),
            Some(word) => Some(word.parse().map_err(|_| unknown_visibility())?),
        };
        Ok(Audience { visibility, community: self.group_id.map(CommunityId::of) })
    }
}

fn unknown_visibility() -> Error {
    Error::Unfit("Validation failed: visibility is not one of public, unlisted, private, direct".to_owned())
}
