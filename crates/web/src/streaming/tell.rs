//! From what is heard to what is sent: a post is rendered once for all who hear of it.

use crate::error::Error;
use crate::render::{announcements, conversations, many, notifications};
use crate::state::Web;
use crate::streaming::hub::Message;
use alongside_app::live::{Ear, Heard, News};
use alongside_domain::id::MemberId;
use alongside_domain::post::Post;
use alongside_store::entries::Entry;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Tells everybody who hears it.
pub(super) async fn everybody(web: &Web, heard: &Heard) -> Result<(), Error> {
    let app = web.app();
    let same = |payload: Option<String>| vec![Message { payload, by: heard.by.clone() }];
    let (event, messages) = match &heard.news {
        News::Shown { post, line } => ("update", of_post(web, post, line.as_deref(), &heard.by).await?),
        News::Changed(post) => ("status.update", of_post(web, post, None, &heard.by).await?),
        News::Gone(id) => ("delete", same(Some(id.to_string()))),
        News::Told(notice) => {
            let told = notifications::of(app, notice.member_id, std::slice::from_ref(notice)).await?;
            let Some(told) = told.first() else { return Ok(()) };
            web.hub().send("notification", true, &same(Some(json(told)?)));
            return Ok(());
        }
        News::Merged => {
            // Clients ask for the list again; that there is a payload at all is all they look for.
            web.hub().send("notifications_merged", true, &same(Some("1".to_owned())));
            return Ok(());
        }
        News::Conversation(conversation) => {
            let conversation = conversations::one(app, conversation.member_id, conversation).await?;
            ("conversation", same(Some(json(&conversation)?)))
        }
        News::Announced(announcement) => {
            let Some((_, somebody)) = heard.by.first() else { return Ok(()) };
            // Nobody has read it or answered it yet, so it is the same for everybody.
            let shown = announcements::of(app, *somebody, std::slice::from_ref(announcement)).await?;
            let Some(shown) = shown.first() else { return Ok(()) };
            ("announcement", same(Some(json(shown)?)))
        }
        News::Withdrawn(id) => ("announcement.delete", same(Some(id.to_string()))),
        News::Answered { announcement, sign, count } => {
            let answer = json!({ "name": sign, "count": count, "announcement_id": announcement.to_string() });
            ("announcement.reaction", same(Some(answer.to_string())))
        }
        News::Filters => ("filters_changed", same(None)),
    };
    web.hub().send(event, false, &messages);
    Ok(())
}

async fn of_post(web: &Web, post: &Post, line: Option<&Entry>, by: &[Ear]) -> Result<Vec<Message>, Error> {
    let members: HashSet<MemberId> = by.iter().map(|(_, member)| *member).collect();
    let members: Vec<MemberId> = members.into_iter().collect();
    let mut ears: HashMap<MemberId, Vec<Ear>> = HashMap::new();
    for ear in by {
        ears.entry(ear.1).or_default().push(ear.clone());
    }
    let variants = many::variants(web.app(), post, line, &members).await?;
    let message = |variant: many::Variant| Message {
        by: variant.members.iter().filter_map(|member| ears.remove(member)).flatten().collect(),
        payload: Some(variant.text),
    };
    Ok(variants.into_iter().map(message).collect())
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.into()))
}
