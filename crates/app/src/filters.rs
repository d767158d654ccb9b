//! A member's filters.

use crate::context::App;
use crate::effects::noted;
use crate::reading;
use alongside_domain::change::Change;
use alongside_domain::clock::Timestamp;
use alongside_domain::filter::{Filter, FilterAction, FilterContext, FilteredPost, Keyword};
use alongside_domain::id::{FilterId, FilteredPostId, KeywordId, MemberId, PostId};
use alongside_domain::limits::{FILTERED_POSTS_MAX, FILTERS_MAX, KEYWORD_CHARS_MAX, KEYWORDS_MAX};
use alongside_store::engine::Tx;
use alongside_store::{error, filters};

/// Why a filter was not changed. The texts are shown to the member.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The member has no such filter or keyword.
    #[error("Record not found")]
    NotFound,
    /// It needs a title.
    #[error("Validation failed: a title has 1 to {KEYWORD_CHARS_MAX} characters")]
    Title,
    /// It has to look somewhere.
    #[error("Validation failed: a filter needs at least one context")]
    Context,
    /// A keyword says nothing, or too much.
    #[error("Validation failed: a keyword has 1 to {KEYWORD_CHARS_MAX} characters")]
    Keyword,
    /// An older client would change other keywords along with this one.
    #[error("Validation failed: this filter has other keywords too, and must be changed by a newer client")]
    Shared,
    /// There are enough.
    #[error("Validation failed: you can have {FILTERS_MAX} filters with {KEYWORDS_MAX} keywords each")]
    TooMany,
    /// There are enough posts.
    #[error("Validation failed: a filter can have {FILTERED_POSTS_MAX} posts")]
    TooManyPosts,
    /// The store could not do it.
    #[error("the filter could not be kept")]
    Store(#[from] error::Error),
}

/// When a filter ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Not by itself.
    Never,
    /// At this moment.
    At(Timestamp),
}

/// What is to be changed of a filter; what is none stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// What it is called.
    pub title: Option<String>,
    /// Where it looks.
    pub contexts: Option<Vec<FilterContext>>,
    /// What it does.
    pub action: Option<FilterAction>,
    /// When it ends.
    pub end: Option<End>,
    /// Its keywords, one by one.
    pub keywords: Vec<KeywordChange>,
}

/// What is to happen to a keyword.
#[derive(Debug, Clone)]
pub enum KeywordChange {
    /// It is looked for from now on.
    Add {
        /// What is looked for.
        keyword: String,
        /// Not inside longer words.
        whole_word: bool,
    },
    /// It is changed; what is none stays.
    Change {
        /// Which.
        id: KeywordId,
        /// What is looked for.
        keyword: Option<String>,
        /// Not inside longer words.
        whole_word: Option<bool>,
    },
    /// It is looked for no more.
    Remove {
        /// Which.
        id: KeywordId,
    },
}

/// Makes a filter. It covers what it finds unless it says otherwise.
pub async fn create(app: &App, member: MemberId, changes: Changes) -> Result<Filter, Error> {
    let mut tx = app.store().begin().await?;
    if filters::of_member(&mut tx, member).await?.len() >= FILTERS_MAX {
        return Err(Error::TooMany);
    }
    let empty = Filter {
        id: app.next_id(),
        title: String::new(),
        contexts: Vec::new(),
        action: FilterAction::Warn,
        expires_at: None,
        keywords: Vec::new(),
        posts: Vec::new(),
    };
    let filter = apply(&mut tx, app, member, empty, changes).await?;
    noted::note(&mut tx, app, &Change::Filters { member }).await?;
    tx.commit().await?;
    Ok(filter)
}

/// Changes a filter.
pub async fn update(app: &App, member: MemberId, id: FilterId, changes: Changes) -> Result<Filter, Error> {
    let mut tx = app.store().begin().await?;
    let before = filters::find(&mut tx, member, id).await?.ok_or(Error::NotFound)?;
    let filter = apply(&mut tx, app, member, before, changes).await?;
    noted::note(&mut tx, app, &Change::Filters { member }).await?;
    tx.commit().await?;
    Ok(filter)
}

/// Forgets a filter.
pub async fn remove(app: &App, member: MemberId, id: FilterId) -> Result<(), Error> {
    let mut tx = app.store().begin().await?;
    filters::find(&mut tx, member, id).await?.ok_or(Error::NotFound)?;
    filters::remove(&mut tx, id).await?;
    noted::note(&mut tx, app, &Change::Filters { member }).await?;
    tx.commit().await?;
    Ok(())
}

/// Changes one keyword, wherever it belongs; gives its filter.
pub async fn change_keyword(
    app: &App,
    member: MemberId,
    id: KeywordId,
    change: KeywordChange,
) -> Result<Filter, Error> {
    let found = with_keyword(app, member, id).await?;
    update(app, member, found.id, Changes { keywords: vec![change], ..Changes::default() }).await
}

/// Lets a filter cover a post that the member can read, whatever it says; the post as part of the filter.
pub async fn add_post(
    app: &App,
    member: MemberId,
    id: FilterId,
    post: PostId,
) -> Result<FilteredPost, Error> {
    let mut tx = app.store().begin().await?;
    let filter = filters::find(&mut tx, member, id).await?.ok_or(Error::NotFound)?;
    let post =
        reading::post(&mut tx, Some(member.actor()), post, app.now()).await?.ok_or(Error::NotFound)?.id;
    if let Some(known) = filter.posts.iter().find(|known| known.post == post) {
        return Ok(*known);
    }
    if filter.posts.len() >= FILTERED_POSTS_MAX {
        return Err(Error::TooManyPosts);
    }
    let added = FilteredPost { id: app.next_id(), post };
    filters::add_post(&mut tx, id, added).await?;
    noted::note(&mut tx, app, &Change::Filters { member }).await?;
    tx.commit().await?;
    Ok(added)
}

/// Lets a filter cover a post no more; the post as it was part of the filter.
pub async fn remove_post(app: &App, member: MemberId, id: FilteredPostId) -> Result<FilteredPost, Error> {
    let mut tx = app.store().begin().await?;
    let filter = filters::find_by_post(&mut tx, member, id).await?.ok_or(Error::NotFound)?;
    let removed = filter.posts.into_iter().find(|post| post.id == id).ok_or(Error::NotFound)?;
    filters::remove_post(&mut tx, id).await?;
    noted::note(&mut tx, app, &Change::Filters { member }).await?;
    tx.commit().await?;
    Ok(removed)
}

/// What older clients know as a filter: one keyword with the settings of the filter it belongs to. What
/// is none stays.
#[derive(Debug, Clone, Default)]
pub struct Phrase {
    /// What is looked for.
    pub keyword: Option<String>,
    /// Not inside longer words.
    pub whole_word: Option<bool>,
    /// Where it looks.
    pub contexts: Option<Vec<FilterContext>>,
    /// What it does.
    pub action: Option<FilterAction>,
    /// When it ends.
    pub end: Option<End>,
}

/// Makes a filter with this one keyword, and called like it.
pub async fn create_phrase(app: &App, member: MemberId, phrase: Phrase) -> Result<Filter, Error> {
    let keyword = phrase.keyword.clone().unwrap_or_default();
    let add = KeywordChange::Add { keyword: keyword.clone(), whole_word: phrase.whole_word.unwrap_or(true) };
    create(app, member, Changes { title: Some(keyword), keywords: vec![add], ..settings(phrase) }).await
}

/// Changes a keyword and the settings of its filter. Where others share the filter its settings must
/// stay as they are, because they would change for all of them.
pub async fn update_phrase(
    app: &App,
    member: MemberId,
    id: KeywordId,
    phrase: Phrase,
) -> Result<Filter, Error> {
    let before = with_keyword(app, member, id).await?;
    let change = KeywordChange::Change { id, keyword: phrase.keyword.clone(), whole_word: phrase.whole_word };
    let changes = Changes { keywords: vec![change], ..settings(phrase) };
    if before.keywords.len() > 1 && changes.would_change(&before) {
        return Err(Error::Shared);
    }
    update(app, member, before.id, changes).await
}

/// Forgets a keyword, and its filter if it was the last one.
pub async fn remove_phrase(app: &App, member: MemberId, id: KeywordId) -> Result<(), Error> {
    let filter = with_keyword(app, member, id).await?;
    if filter.keywords.len() == 1 {
        return remove(app, member, filter.id).await;
    }
    change_keyword(app, member, id, KeywordChange::Remove { id }).await?;
    Ok(())
}

async fn with_keyword(app: &App, member: MemberId, id: KeywordId) -> Result<Filter, Error> {
    filters::find_by_keyword(&mut app.reader(), member, id).await?.ok_or(Error::NotFound)
}

fn settings(phrase: Phrase) -> Changes {
    Changes { contexts: phrase.contexts, action: phrase.action, end: phrase.end, ..Changes::default() }
}

impl End {
    const fn moment(self) -> Option<Timestamp> {
        match self {
            Self::Never => None,
            Self::At(moment) => Some(moment),
        }
    }
}

impl Changes {
    /// Whether the settings of a filter would be others than they are.
    fn would_change(&self, filter: &Filter) -> bool {
        let other_contexts = self.contexts.as_ref().is_some_and(|contexts| {
            contexts.len() != filter.contexts.len()
                || contexts.iter().any(|context| !filter.contexts.contains(context))
        });
        other_contexts
            || self.action.is_some_and(|action| action != filter.action)
            || self.end.is_some_and(|end| end.moment() != filter.expires_at)
    }
}

async fn apply(
    tx: &mut Tx,
    app: &App,
    member: MemberId,
    mut filter: Filter,
    changes: Changes,
) -> Result<Filter, Error> {
    filter.title = changes.title.map_or(filter.title, |title| title.trim().to_owned());
    filter.contexts = changes.contexts.unwrap_or(filter.contexts);
    filter.action = changes.action.unwrap_or(filter.action);
    filter.expires_at = changes.end.map_or(filter.expires_at, End::moment);
    if !fits(&filter.title) {
        return Err(Error::Title);
    }
    if filter.contexts.is_empty() {
        return Err(Error::Context);
    }
    filters::put(tx, member, &filter).await?;
    for change in changes.keywords {
        apply_to_keyword(tx, app, &mut filter, change).await?;
    }
    if filter.keywords.len() > KEYWORDS_MAX {
        return Err(Error::TooMany);
    }
    Ok(filter)
}

async fn apply_to_keyword(
    tx: &mut Tx,
    app: &App,
    filter: &mut Filter,
    change: KeywordChange,
) -> Result<(), Error> {
    let written = match change {
        KeywordChange::Add { keyword, whole_word } => {
            filter.keywords.push(Keyword {
                id: app.next_id(),
                keyword: keyword.trim().to_owned(),
                whole_word,
            });
            filter.keywords.last()
        }
        KeywordChange::Change { id, keyword, whole_word } => {
            let known = filter.keywords.iter_mut().find(|known| known.id == id).ok_or(Error::NotFound)?;
            known.keyword =
                keyword.map_or_else(|| known.keyword.clone(), |keyword| keyword.trim().to_owned());
            known.whole_word = whole_word.unwrap_or(known.whole_word);
            Some(&*known)
        }
        KeywordChange::Remove { id } => {
            let before = filter.keywords.len();
            filter.keywords.retain(|known| known.id != id);
            if filter.keywords.len() == before {
                return Err(Error::NotFound);
            }
            filters::remove_keyword(tx, id).await?;
            None
        }
    };
    if let Some(keyword) = written {
        if !fits(&keyword.keyword) {
            return Err(Error::Keyword);
        }
        filters::put_keyword(tx, filter.id, keyword).await?;
    }
    Ok(())
}

fn fits(text: &str) -> bool {
    (1..=KEYWORD_CHARS_MAX).contains(&text.chars().count())
}
