//! `PATCH /api/v1/accounts/update_credentials`: changes one's profile, and how one's posts are by default.

use crate::auth::{Author, WriteAccounts};
use crate::entities::accounts::CredentialAccount;
use crate::error::Error;
use crate::json::Json;
use crate::params::{Files, Uploads};
use crate::render::accounts;
use alongside_app::context::App;
use alongside_app::profiles::{self, Changes, Picture};
use alongside_domain::id::MemberId;
use axum::extract::State;
use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de};
use std::fmt;

/// What is to be changed; what is not said stays.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Body {
    display_name: Option<String>,
    note: Option<String>,
    locked: Option<bool>,
    bot: Option<bool>,
    discoverable: Option<bool>,
    indexable: Option<bool>,
    #[serde(deserialize_with = "fields")]
    #[schemars(with = "Option<Vec<Field>>")]
    fields_attributes: Option<Vec<Field>>,
    source: Source,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Field {
    name: Option<String>,
    value: Option<String>,
}

/// The fields of a profile. A text in the place of one says nothing, as with Mastodon: a script that leaves the fields
/// open puts the word `undefined` into its form.
fn fields<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Vec<Field>>, D::Error> {
    let given = Option::<Vec<Given>>::deserialize(from)?;
    Ok(given.and_then(|given| given.into_iter().map(|Given(field)| field).collect()))
}

struct Given(Option<Field>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(FieldOrText).map(Self)
    }
}

struct FieldOrText;

impl<'de> Visitor<'de> for FieldOrText {
    type Value = Option<Field>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name and a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Field::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
struct Source {
    privacy: Option<String>,
    sensitive: Option<bool>,
    language: Option<String>,
}

/// Changes it.
pub(crate) async fn update(
    State(app): State<App>,
    author: Author<WriteAccounts>,
    uploads: Uploads<Body>,
) -> Result<Json<CredentialAccount>, Error> {
    apply(&app, author.member, uploads).await?;
    accounts::credentials(&app, author.member).await.map(Json)
}

/// Changes what a client says is to be changed.
pub(crate) async fn apply(app: &App, member: MemberId, mut uploads: Uploads<Body>) -> Result<(), Error> {
    let mut picture = |name| uploads.take(name).map(|bytes| Picture::New(bytes.into()));
    let (avatar, header) = (picture("avatar"), picture("header"));
    let changes = Changes { avatar, header, ..uploads.values.into_changes()? };
    profiles::update(app, member, changes).await?;
    Ok(())
}

impl Files for Body {
    const FILES: &'static [&'static str] = &["avatar", "header"];
}

impl Body {
    fn into_changes(self) -> Result<Changes, Error> {
        let privacy = self.source.privacy.filter(|word| !word.is_empty());
        let visibility = privacy.map(|word| word.parse()).transpose().map_err(|_| unknown_privacy())?;
        let fields = self.fields_attributes.map(|fields| {
            let fields = fields.into_iter();
            fields.map(|field| (field.name.unwrap_or_default(), field.value.unwrap_or_default())).collect()
        });
        Ok(Changes {
            name: self.display_name,
            note: self.note,
            fields,
            avatar: None,
            header: None,
            locked: self.locked,
            bot: self.bot,
            discoverable: self.discoverable,
            indexable: self.indexable,
            visibility,
            sensitive: self.source.sensitive,
            language: self.source.language,
        })
    }
}

fn unknown_privacy() -> Error {
    Error::Unfit("Validation failed: privacy is not one of public, unlisted, private, direct".to_owned())
}
