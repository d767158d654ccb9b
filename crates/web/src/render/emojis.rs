//! Pictures that stand for words.

use crate::entities::statuses::CustomEmoji;
use crate::error::Error;
use alongside_app::context::App;
use alongside_app::copies::Size;
use alongside_app::emojis::HERE;
use alongside_app::media::Addresses;
use alongside_domain::actor::Actor;
use alongside_domain::emoji::shortcodes;
use alongside_domain::id::{ActorId, PollId};
use alongside_domain::place::{Place, Places};
use alongside_domain::poll::Poll;
use alongside_domain::post::Post;
use alongside_store::emojis::{self, Emoji};
use std::collections::{BTreeSet, HashMap};

/// The emojis of a page by whose they are: a word between colons is the picture that the host of its writer means.
#[derive(Debug, Default)]
pub(crate) struct Emojis(HashMap<String, Vec<CustomEmoji>>);

impl Emojis {
    /// Those that these texts name, each beside the host of its writer: read with one statement, or with none where no
    /// text has a word between colons.
    pub(crate) async fn read(app: &App, texts: Vec<(&str, &str)>) -> Result<Self, Error> {
        let (mut hosts, mut words) = (BTreeSet::new(), BTreeSet::new());
        for (host, text) in texts {
            let named = shortcodes([text]);
            if !named.is_empty() {
                hosts.insert(host.to_owned());
                words.extend(named);
            }
        }
        if words.is_empty() {
            return Ok(Self::default());
        }
        let (hosts, words): (Vec<String>, Vec<String>) =
            (hosts.into_iter().collect(), words.into_iter().collect());
        let found = emojis::named(&mut app.reader(), &hosts, &words).await?;
        let addresses = Addresses::load(app).await?;
        let mut by_host: HashMap<String, Vec<CustomEmoji>> = HashMap::new();
        for emoji in found {
            if let Some(shown) = emoji_of(&addresses, app.places(), &emoji) {
                by_host.entry(emoji.host).or_default().push(shown);
            }
        }
        Ok(Self(by_host))
    }

    /// Those of these posts and their polls, and of everybody around them.
    pub(crate) async fn around(
        app: &App,
        posts: &[&Post],
        polls: &HashMap<PollId, Poll>,
        actors: &HashMap<ActorId, Actor>,
    ) -> Result<Self, Error> {
        let mut texts = Vec::new();
        for post in posts {
            let Some(author) = actors.get(&post.author) else { continue };
            let poll = post.poll.and_then(|id| polls.get(&id));
            let said = words(post).into_iter().chain(poll.into_iter().flat_map(titles));
            texts.extend(said.map(|text| (author.host.as_str(), text)));
        }
        for actor in actors.values() {
            texts.extend(actor.texts().map(|text| (actor.host.as_str(), text)));
        }
        Self::read(app, texts).await
    }

    /// Those of these people and communities.
    pub(crate) async fn of_people(app: &App, actors: &[Actor]) -> Result<Self, Error> {
        let texts =
            actors.iter().flat_map(|actor| actor.texts().map(move |text| (actor.host.as_str(), text)));
        Self::read(app, texts.collect()).await
    }

    /// Those of a post, as its writer means them.
    pub(crate) fn of_post(&self, post: &Post, host: &str) -> Vec<CustomEmoji> {
        self.among(host, words(post))
    }

    /// Those of the choices in a poll.
    pub(crate) fn of_poll(&self, poll: &Poll, host: &str) -> Vec<CustomEmoji> {
        self.among(host, titles(poll))
    }

    /// Those that somebody describes themselves with.
    pub(crate) fn of_actor(&self, actor: &Actor) -> Vec<CustomEmoji> {
        self.among(&actor.host, actor.texts())
    }

    /// Those that stand in these texts of one writer, in the order in which they stand there.
    pub(crate) fn among<'a>(&self, host: &str, texts: impl IntoIterator<Item = &'a str>) -> Vec<CustomEmoji> {
        let Some(known) = self.0.get(host) else { return Vec::new() };
        let named = shortcodes(texts);
        named.iter().filter_map(|word| known.iter().find(|emoji| emoji.shortcode == *word)).cloned().collect()
    }
}

/// An emoji, for whoever may see it. One from elsewhere is shown by a copy, or not at all: nobody is sent there
/// for it.
pub(crate) fn emoji_of(addresses: &Addresses, places: &Places, emoji: &Emoji) -> Option<CustomEmoji> {
    let url = match (&emoji.file, &emoji.url) {
        (Some(file), _) => places.of(Place::Media(file)),
        (None, Some(url)) => addresses.copy(url, Size::Small, true)?,
        (None, None) => return None,
    };
    Some(CustomEmoji {
        shortcode: emoji.shortcode.clone(),
        static_url: url.clone(),
        url,
        visible_in_picker: emoji.host == HERE,
        category: emoji.category.clone(),
    })
}

fn words(post: &Post) -> [&str; 3] {
    [&post.content, &post.content_note, post.title.as_deref().unwrap_or_default()]
}

fn titles(poll: &Poll) -> impl Iterator<Item = &str> {
    poll.choices.iter().map(|choice| choice.title.as_str())
}
