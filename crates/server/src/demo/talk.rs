//! The people of the demonstration talk: through the same verbs as everybody, and between the nodes
//! the way any two nodes do.

use crate::demo::script::{Community, Line, NODES, Organisation};
use crate::demo::{PASSWORD, email};
use alongside_app::accounts::{self, NewAccount};
use alongside_app::communities::{self, NewCommunity};
use alongside_app::effects::Via;
use alongside_app::follows::{self as following, Wishes};
use alongside_app::posts::{self, Writing};
use alongside_app::reactions;
use alongside_domain::account::{Email, Password, Role};
use alongside_domain::actor::{Address, Handle};
use alongside_domain::community::{Audience, JoinPolicy};
use alongside_domain::draft::{Draft, Typed};
use alongside_domain::id::{ActorId, CommunityId, MemberId, PostId};
use alongside_domain::reaction::Reaction;
use alongside_federation::node::Federation;
use alongside_federation::resolve;
use alongside_store::wake::Bell;
use alongside_store::{error, follows, posts as kept};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;
use tokio::time::timeout;

type Failure = Box<dyn Error + Send + Sync>;

/// How long something may be on its way from one node to another.
const UNDERWAY_MAX: Duration = Duration::from_secs(30);
/// How often to look whether it is there.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Somebody, and the node they are on.
#[derive(Clone, Copy)]
struct Person<'a> {
    node: &'a Federation,
    id: MemberId,
}

/// Everybody moves in, joins every community, and talks.
pub(super) async fn all(nodes: &[Federation]) -> Result<(), Failure> {
    let mut people = BTreeMap::new();
    for (organisation, node) in NODES.iter().zip(nodes) {
        move_in(organisation, node, &mut people).await?;
    }
    for (organisation, home) in NODES.iter().zip(nodes) {
        let community = &organisation.community;
        let host = home.app().places().host().to_owned();
        let place = Address { name: community.name.to_owned(), host: Some(host) };
        let mut joined = BTreeMap::new();
        for (name, person) in &people {
            joined.insert(*name, join(*person, &place).await?);
        }
        converse(community, &people, &joined).await?;
    }
    Ok(())
}

/// Opens a node's accounts and its community.
async fn move_in<'a>(
    organisation: &Organisation,
    node: &'a Federation,
    people: &mut BTreeMap<&'static str, Person<'a>>,
) -> Result<(), Failure> {
    for (index, &name) in organisation.members.iter().enumerate() {
        let new = NewAccount {
            handle: Handle::new(name)?,
            email: Email::parse(&email(name))?,
            password: Password::new(PASSWORD.to_owned())?,
            role: if index == 0 { Role::Admin } else { Role::Member },
        };
        let created = accounts::create(node.app(), &new).await?;
        people.insert(name, Person { node, id: created.member });
    }
    let community = &organisation.community;
    let new = NewCommunity {
        handle: Handle::new(community.name)?,
        title: community.title.to_owned(),
        summary: community.about.to_owned(),
        audience: Audience::Everyone,
        join_policy: JoinPolicy::Open,
        safeguarding_contact: node.app().settings().contact.clone(),
    };
    communities::create(node.app(), &new).await?;
    Ok(())
}

/// Joins a community, and waits to be let in.
async fn join(person: Person<'_>, place: &Address) -> Result<ActorId, Failure> {
    let Person { node, id } = person;
    let community = resolve::address(node, place).await?.id;
    following::follow(node.app(), id.actor(), community, Wishes::default(), None).await?;
    timeout(UNDERWAY_MAX, let_in(node, id.actor(), community)).await??;
    Ok(community)
}

async fn let_in(node: &Federation, follower: ActorId, target: ActorId) -> Result<(), error::Error> {
    let store = node.app().store();
    loop {
        let bell = store.wake().listen(Bell::Changes);
        if follows::between(&mut store.reader(), follower, target)
            .await?
            .is_some_and(|follow| follow.accepted)
        {
            return Ok(());
        }
        bell.heard(LOOK_AGAIN).await;
    }
}

async fn converse(
    community: &Community,
    people: &BTreeMap<&str, Person<'_>>,
    joined: &BTreeMap<&str, ActorId>,
) -> Result<(), Failure> {
    let mut answered: Option<String> = None;
    let mut opening = None;
    for line in community.conversation {
        let uri = say(line, people[line.who], joined[line.who], answered.as_deref()).await?;
        opening.get_or_insert_with(|| uri.clone());
        answered = Some(uri);
    }
    let Some(opening) = opening else { return Ok(()) };
    for name in community.moved {
        let Person { node, id } = people[name];
        let post = timeout(UNDERWAY_MAX, arrived(node, &opening)).await??;
        reactions::react(node.app(), id.actor(), post, Reaction::Hug, None, Via::Here).await?;
    }
    Ok(())
}

/// Says a line, once what it answers has come to the speaker's node. Gives its address.
async fn say(
    line: &Line,
    who: Person<'_>,
    community: ActorId,
    answered: Option<&str>,
) -> Result<String, Failure> {
    let Person { node, id } = who;
    let reply_to = match answered {
        Some(uri) => Some(timeout(UNDERWAY_MAX, arrived(node, uri)).await??),
        None => None,
    };
    let typed = Typed {
        text: line.says.to_owned(),
        language: Some("en".to_owned()),
        community: reply_to.is_none().then(|| CommunityId::of(community)),
        reply_to,
        ..Typed::default()
    };
    let draft = Draft::new(typed, node.app().settings().post_chars_max)?;
    let writing = Writing { author: id, application: None, idempotency_key: None };
    Ok(posts::publish(node.app(), &writing, &draft).await?.uri)
}

async fn arrived(node: &Federation, uri: &str) -> Result<PostId, error::Error> {
    let store = node.app().store();
    loop {
        let bell = store.wake().listen(Bell::Changes);
        if let Some(post) = kept::find_by_uri(&mut store.reader(), uri).await? {
            return Ok(post.id);
        }
        bell.heard(LOOK_AGAIN).await;
    }
}
