//! Pages of a list: which part is asked for, and the `Link` header that leads to the next.

use crate::error::Error;
use crate::json::Json;
use crate::openapi::inputs::Id;
use crate::unchanged::MadeOf;
use alongside_domain::limits::{PAGE_MAX, PEOPLE_PAGE_MAX, STAFF_PAGE_MAX};
use alongside_domain::place::Places;
use alongside_store::page::Page;
use axum::extract::{FromRef, FromRequestParts};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::LINK;
use http::request::Parts;
use schemars::JsonSchema;
use serde::Serialize;

/// Posts on a page when a client does not say.
const POSTS_DEFAULT: i64 = 20;
/// People on a page when a client does not say.
const PEOPLE_DEFAULT: i64 = 40;
/// Names on a page at most, where a client says how many.
const NAMES_MAX: i64 = 200;
/// Lines that staff look after, likewise.
const STAFF_DEFAULT: i64 = 100;

/// Which part of a list is asked for, and at which address.
#[derive(Debug)]
pub(crate) struct Paging {
    asked: Asked,
    /// Where the last page of a list of names ended.
    last: Option<String>,
    /// The address of the list, without the part that is asked for.
    list: String,
}

/// Which part of a list is asked for.
#[derive(Debug, Default, JsonSchema)]
pub(crate) struct Asked {
    /// What lies below this.
    #[schemars(with = "Option<Id>")]
    max_id: Option<i64>,
    /// The newest of what lies above this.
    #[schemars(with = "Option<Id>")]
    since_id: Option<i64>,
    /// What lies next above this.
    #[schemars(with = "Option<Id>")]
    min_id: Option<i64>,
    /// How many at most; more than an address allows are as many as it allows.
    limit: Option<i64>,
}

/// A part of a list, and where the parts before and after it are.
#[derive(Debug)]
pub(crate) struct Paged<T> {
    items: Vec<T>,
    link: Option<HeaderValue>,
    made_of: Option<MadeOf>,
}

/// The same, of a list whose lines lie in several places of one value.
#[derive(Debug)]
pub(crate) struct Part<T> {
    body: T,
    link: Option<HeaderValue>,
}

impl Paging {
    /// A page of posts.
    pub(crate) fn posts(&self) -> Page {
        self.page(POSTS_DEFAULT, PAGE_MAX)
    }

    /// A page of people.
    pub(crate) fn people(&self) -> Page {
        self.page(PEOPLE_DEFAULT, PEOPLE_PAGE_MAX)
    }

    /// A page of people, or all of them where a client asks for nought: so it asks for everybody in a list.
    pub(crate) fn people_or_all(&self, all: i64) -> Page {
        let page = self.people();
        if self.asked.limit == Some(0) { Page { limit: all, ..page } } else { page }
    }

    /// A page of what staff look after.
    pub(crate) fn staff(&self) -> Page {
        self.page(STAFF_DEFAULT, STAFF_PAGE_MAX)
    }

    /// A page with limits of its own.
    pub(crate) fn page(&self, default: i64, max: i64) -> Page {
        Page {
            max_id: self.asked.max_id,
            since_id: self.asked.since_id,
            min_id: self.asked.min_id,
            limit: self.asked.limit.unwrap_or(default).saturating_abs().clamp(1, max),
        }
    }

    /// Whether fewer than none are asked for.
    pub(crate) fn is_negative(&self) -> bool {
        self.asked.limit.is_some_and(|limit| limit < 0)
    }

    /// A page of a list in the order of names, which is whole where no client says how many it wants: behind which
    /// name, and how many.
    pub(crate) fn names(&self, all: i64) -> (&str, i64) {
        let limit = self.asked.limit.map_or(all, |limit| limit.saturating_abs().clamp(1, NAMES_MAX));
        (self.last.as_deref().unwrap_or_default(), limit)
    }

    /// The answer there, where the page ends with this name if there may be more.
    pub(crate) fn reply_by_name<T>(&self, items: Vec<T>, last: Option<&str>) -> Paged<T> {
        let link = last.map(|last| {
            let last: String = form_urlencoded::byte_serialize(last.as_bytes()).collect();
            format!(r#"<{}max_id={last}>; rel="next""#, self.list)
        });
        let link = link.and_then(|link| HeaderValue::try_from(link).ok());
        Paged { items, link, made_of: None }
    }

    /// The answer, where the rows lie between these ids in the order of the list.
    pub(crate) fn reply<T>(&self, items: Vec<T>, newest: Option<i64>, oldest: Option<i64>) -> Paged<T> {
        Paged { items, link: self.link(newest, oldest), made_of: None }
    }

    /// The answer where it is one value.
    pub(crate) fn part<T>(&self, body: T, newest: Option<i64>, oldest: Option<i64>) -> Part<T> {
        Part { body, link: self.link(newest, oldest) }
    }

    fn link(&self, newest: Option<i64>, oldest: Option<i64>) -> Option<HeaderValue> {
        let link = newest.zip(oldest).map(|(newest, oldest)| {
            format!(
                r#"<{list}max_id={oldest}>; rel="next", <{list}min_id={newest}>; rel="prev""#,
                list = self.list
            )
        });
        HeaderValue::try_from(link?).ok()
    }
}

impl<S> FromRequestParts<S> for Paging
where
    S: Send + Sync,
    Places: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let (mut asked, mut last) = (Asked::default(), None);
        let mut others = form_urlencoded::Serializer::new(String::new());
        for (name, text) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            match name.as_ref() {
                "max_id" => {
                    asked.max_id = number(&text);
                    last = Some(text.into_owned()).filter(|last| !last.is_empty());
                }
                "since_id" => asked.since_id = number(&text),
                "min_id" => asked.min_id = number(&text),
                "access_token" => {}
                "limit" => {
                    asked.limit = text.trim().parse().ok();
                    others.append_pair(&name, &text);
                }
                _ => {
                    others.append_pair(&name, &text);
                }
            }
        }
        let others = others.finish();
        let and = if others.is_empty() { "" } else { "&" };
        let list = format!("{}{}?{others}{and}", Places::from_ref(state).origin(), parts.uri.path());
        Ok(Self { asked, last, list })
    }
}

/// The name a page ends with, if it is full: there may be more behind it.
pub(crate) fn more_after(names: &[String], limit: i64) -> Option<String> {
    let full = i64::try_from(names.len()).is_ok_and(|len| len >= limit);
    names.last().filter(|_| full).cloned()
}

/// An id. What cannot be one of ours stands where it does in the order of the API: before all that are, or behind
/// them where it is too large.
fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let too_large = text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    let beyond = if too_large { i64::MAX } else { 0 };
    (!text.is_empty()).then(|| text.parse().unwrap_or(beyond))
}

impl<T> Paged<T> {
    /// The same, and it may be given again as long as none of this changes.
    pub(crate) fn made_of(self, made_of: MadeOf) -> Self {
        Self { made_of: Some(made_of), ..self }
    }
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        let mut response = Part { body: self.items, link: self.link }.into_response();
        if let Some(made_of) = self.made_of {
            response.extensions_mut().insert(made_of);
        }
        response
    }
}

impl<T: Serialize> IntoResponse for Part<T> {
    fn into_response(self) -> Response {
        let mut response = Json(self.body).into_response();
        if let Some(link) = self.link {
            response.headers_mut().insert(LINK, link);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;
    use url::Url;

    async fn paging(uri: &str) -> Result<Paging, Error> {
        let places = Places::new(&Url::parse("https://a.example").unwrap());
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        Paging::from_request_parts(&mut parts, &places).await
    }

    #[tokio::test]
    async fn the_part_asked_for_is_within_limits() {
        let page = paging("/api/v1/timelines/home?max_id=9&limit=500").await.unwrap().posts();
        assert_eq!((page.max_id, page.limit), (Some(9), PAGE_MAX));
        let none = paging("/x?limit=0&max_id=").await.unwrap();
        assert_eq!((none.posts(), none.people_or_all(500)), (Page::newest(1), Page::newest(500)));
        assert_eq!(paging("/x?limit=7").await.unwrap().people_or_all(500), Page::newest(7));
        assert_eq!(paging("/x").await.unwrap().people(), Page::newest(PEOPLE_DEFAULT));
        assert_eq!(paging("/x?limit=-7").await.unwrap().people(), Page::newest(7));
        assert_eq!(paging("/x?limit=many").await.unwrap().people(), Page::newest(PEOPLE_DEFAULT));
        for (text, id) in [("abc", 0), ("-1", -1), ("99999999999999999999", i64::MAX)] {
            assert_eq!(
                paging(&format!("/x?max_id={text}")).await.unwrap().posts().max_id,
                Some(id),
                "{text}"
            );
        }
    }

    #[tokio::test]
    async fn a_list_of_names_is_whole_unless_a_client_wants_less() {
        let whole = paging("/x").await.unwrap();
        assert_eq!(whole.names(1_000), ("", 1_000));
        let part = paging("/x?limit=900&max_id=b+c").await.unwrap();
        assert_eq!(part.names(1_000), ("b c", NAMES_MAX));
        let response = part.reply_by_name(vec![1], Some("d e")).into_response();
        assert_eq!(response.headers()[LINK], r#"<https://a.example/x?limit=900&max_id=d+e>; rel="next""#);
        assert!(!whole.reply_by_name(vec![1], None).into_response().headers().contains_key(LINK));
    }

    #[tokio::test]
    async fn the_link_keeps_what_else_was_asked() {
        let paging = paging("/api/v1/t?local=true&types[]=a&min_id=3&limit=2&access_token=s").await.unwrap();
        let response = paging.reply(vec![8, 5], Some(8), Some(5)).into_response();
        let base = "https://a.example/api/v1/t?local=true&types%5B%5D=a&limit=2";
        assert_eq!(
            response.headers()[LINK],
            format!(r#"<{base}&max_id=5>; rel="next", <{base}&min_id=8>; rel="prev""#)
        );
        let empty: Paged<i64> = paging.reply(Vec::new(), None, None);
        assert!(!empty.into_response().headers().contains_key(LINK));
    }
}
