//! Every payload of other software that we have is read without panic, and two tables are kept so that a
//! change is seen: what each was read as, and what a node made of it that received it.

mod before;
mod origins;
mod payload;
mod stage;
mod stand_ins;
mod world;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use alongside_federation::documents::activity::Action;
use alongside_federation::documents::reference::Reference;
use alongside_federation::documents::{self, Document, discovery};

use self::origins::Origins;
use self::stage::{Stage, Template};

const FOLDER_VARIABLE: &str = "ALONGSIDE_FIXTURES";

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "The folder is chosen from outside, and there is no configuration."
)]
fn fixtures_never_panic() {
    let chosen = std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from);
    let folder =
        chosen.clone().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures"));
    if !folder.is_dir() {
        eprintln!("skipped: no folder {}, and {FOLDER_VARIABLE} names no other", folder.display());
        return;
    }
    let mut table = String::new();
    for path in payload::json_files(&folder).unwrap() {
        let text = std::fs::read(&path).unwrap();
        let name = path.strip_prefix(&folder).unwrap().to_string_lossy().replace('\\', "/");
        writeln!(table, "{name}: {}", outcome(&text)).unwrap();
    }
    assert!(!table.is_empty(), "no JSON below {}", folder.display());
    if chosen.is_none() {
        insta::assert_snapshot!(table);
    }
}

/// What is done with each payload by a node that receives it as it was sent: a line for each thing that is other
/// than before. Read it as a member of that software would.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_software_is_understood() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures");
    if !folder.is_dir() {
        eprintln!("skipped: no folder {}", folder.display());
        return;
    }
    let mut payloads = payload::all(&folder).unwrap();
    let origins = Origins::open(&mut payloads).await;
    let template = Template::new(&origins).await;
    let mut table = String::new();
    for payload in &payloads {
        let lines = Stage::new(&template, &origins).await.play(payload).await;
        origins.clear();
        let kind = payload::kind(&payload.json);
        writeln!(table, "{:<14} {:<36} {}", payload.software, kind, payload.name).unwrap();
        let lines = if lines.is_empty() { vec!["nothing new".to_owned()] } else { lines };
        for line in lines {
            writeln!(table, "    {}", origins.lead_back(&line)).unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

fn outcome(text: &[u8]) -> String {
    match documents::parse(text) {
        Ok(Document::Unknown(unknown)) => format!("ignored: unknown type {}", unknown.kind),
        Ok(document) => describe(&document),
        Err(malformed) => discovered(text).unwrap_or_else(|| format!("ignored: {malformed}")),
    }
}

/// Answers of discovery are no documents: they have no type.
fn discovered(text: &[u8]) -> Option<String> {
    let json = serde_json::from_slice(text).ok()?;
    discovery::webfinger(&json)
        .map(|found| format!("WebFinger of {}, actors: {}", found.subject, found.actors.len()))
        .or_else(|| discovery::software(&json).map(|found| format!("NodeInfo of {}", found.name)))
}

fn describe(document: &Document) -> String {
    let kind = document.kind();
    match document {
        Document::Activity(activity) => match &activity.action {
            Action::Accept { object }
            | Action::Reject { object }
            | Action::Undo { object, .. }
            | Action::Update { object }
            | Action::Delete { object, .. }
            | Action::Add { object, .. }
            | Action::Remove { object, .. } => format!("{kind} {}", refer(object)),
            Action::Create { objects } | Action::Announce { objects } => {
                let each: Vec<String> = objects.iter().map(refer).collect();
                format!("{kind} {}", each.join(", "))
            }
            Action::Unknown { kind } => format!("ignored: unknown activity {kind}"),
            Action::Follow { .. }
            | Action::NotTaken(_)
            | Action::Like { .. }
            | Action::Dislike { .. }
            | Action::PollVote { .. }
            | Action::EmojiReact { .. }
            | Action::Flag { .. }
            | Action::Block { .. }
            | Action::Lock { .. }
            | Action::Move { .. }
            | Action::QuoteRequest { .. } => kind.to_owned(),
        },
        Document::Collection(collection) => {
            let items: Vec<String> = collection.items_here().map(refer).collect();
            if items.is_empty() {
                format!("{kind}, empty")
            } else {
                format!("{kind} of {}", items.join(", "))
            }
        }
        Document::Post(post) => {
            let lists = [("tags", post.tags.len()), ("attachments", post.attachments.len())];
            let counts =
                lists.iter().filter(|(_, count)| *count > 0).map(|(name, count)| format!("{name}: {count}"));
            let marks = [
                ("title", post.name.is_some()),
                ("text", post.content.is_some()),
                ("poll", post.poll.is_some()),
                ("vote", post.is_vote()),
                ("public", post.addressing.is_public()),
            ];
            let marks = marks.iter().filter(|(_, is_so)| *is_so).map(|(name, _)| (*name).to_owned());
            format!("{kind} ({})", marks.chain(counts).collect::<Vec<_>>().join(", "))
        }
        Document::Actor(actor) => {
            format!(
                "{kind} {} (keys: {})",
                actor.preferred_username.as_deref().unwrap_or("without a handle"),
                actor.keys.len()
            )
        }
        Document::Tombstone(_) | Document::Key(_) => kind.to_owned(),
        Document::Unknown(unknown) => format!("unknown {}", unknown.kind),
    }
}

fn refer(reference: &Reference) -> String {
    match reference {
        Reference::Id(_) => "by id".to_owned(),
        Reference::Embedded(document) => format!("[{}]", describe(document)),
    }
}
