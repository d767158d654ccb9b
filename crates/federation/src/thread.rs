//! Bringing in the thread around a post from elsewhere: what it answers, what answers it, and what its origin lists
//! as one conversation (FEP-7888, FEP-f228). Each post is read at its own origin.
//!
//! What others list is a hint and costs us requests, so one look has limits: so many documents, so long, and a
//! host that does not answer is not asked again. What has landed by then stays.

use crate::documents::post::Post as Document;
use crate::documents::reference::Reference;
use crate::lists;
use crate::node::Federation;
use crate::receive::act::Error;
use crate::receive::take::{self, Reason};
use crate::resolve;
use alongside_app::catching_up;
use alongside_app::effects::Via;
use alongside_domain::fold;
use alongside_domain::id::PostId;
use alongside_domain::limits::ANCESTORS_MAX;
use alongside_domain::post::Post;
use alongside_store::{error, posts, threads};
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;
use url::Url;

/// Documents read for one look at a thread.
pub const READS_MAX: usize = 100;
/// Posts listed in one place that are looked at.
const LISTED_MAX: usize = 100;
/// How long one look may take.
const DEADLINE: Duration = Duration::from_secs(80);
/// Times a host may fail to answer before it is left alone.
const FAILURES_MAX: usize = 2;

/// Brings in the thread around a post, as far as that is to be had now. Nothing is tried again by itself: whoever
/// opens the thread later asks anew.
pub async fn around(node: &Federation, post: PostId) -> Result<(), Error> {
    let mut walk = Walk::new(node, post, READS_MAX);
    let ended = tokio::time::timeout(DEADLINE, Box::pin(walk.around(post))).await;
    catching_up::end(node.app(), post).await?;
    match ended {
        Ok(Err(error @ Error::Later(..))) => {
            tracing::debug!(post.id = %post, %error, "a thread is brought in only in part");
            Ok(())
        }
        Ok(done) => done,
        Err(_) => Ok(()),
    }
}

/// One look at a thread, and what it has cost.
pub struct Walk<'a> {
    node: &'a Federation,
    /// The post somebody opened, whose progress is told.
    opened: PostId,
    reads_left: usize,
    failures: HashMap<String, usize>,
    seen: HashSet<Url>,
    /// What answers posts not known yet.
    unplaced: Vec<Document>,
}

impl<'a> Walk<'a> {
    /// A look that has cost nothing yet, and may read so many documents.
    pub fn new(node: &'a Federation, opened: PostId, reads_max: usize) -> Self {
        let (failures, seen) = (HashMap::new(), HashSet::new());
        Self { node, opened, reads_left: reads_max, failures, seen, unplaced: Vec::new() }
    }

    /// Documents it may still read.
    pub const fn reads_left(&self) -> usize {
        self.reads_left
    }

    /// Everything that is to be had around a post.
    pub async fn around(&mut self, post: PostId) -> Result<(), Error> {
        let Some(post) = self.find(post).await? else { return Ok(()) };
        self.above(&post).await?;
        // Its thread may begin higher now.
        let Some(post) = self.find(post.id).await? else { return Ok(()) };
        let Some(document) = self.document(&post).await? else { return Ok(()) };
        self.below(&post, &document).await?;
        self.beside(&post, &document).await
    }

    /// What the thread as it is known here still lacks above a post.
    async fn above(&mut self, post: &Post) -> Result<(), Error> {
        let above = threads::above(&mut self.node.app().reader(), post.id, ANCESTORS_MAX).await?;
        let top = match above.first() {
            Some(top) => self.find(*top).await?,
            None => Some(post.clone()),
        };
        let missing = top.filter(|top| top.reply_to.is_none()).and_then(|top| top.reply_to_uri);
        let Some(missing) = missing.and_then(|uri| Url::parse(&uri).ok()) else { return Ok(()) };
        let Some(document) = self.read(&missing).await? else { return Ok(()) };
        // What that answers is read with it, upwards.
        self.take(&document).await?;
        Ok(())
    }

    /// The answers to a post, and the answers to these, those nearest first.
    async fn below(&mut self, post: &Post, document: &Document) -> Result<(), Error> {
        let mut open = VecDeque::from([(post.clone(), document.clone())]);
        while let Some((parent, document)) = open.pop_front() {
            let Some(replies) = document.replies else { continue };
            for id in self.listed(replies).await? {
                if let Some(found) = self.one(parent.root, &id).await? {
                    open.push_back(found);
                }
            }
        }
        Ok(())
    }

    /// The whole conversation, where its origin keeps a list of it. What answers something further down the list
    /// waits until that is there.
    async fn beside(&mut self, post: &Post, document: &Document) -> Result<(), Error> {
        let Some(context) = document.context.as_deref().and_then(|context| Url::parse(context).ok()) else {
            return Ok(());
        };
        if !matches!(context.scheme(), "https" | "http") || self.node.app().places().is_here(context.as_str())
        {
            return Ok(());
        }
        let listed = self.listed(Reference::Id(context)).await?;
        for id in &listed {
            self.one(post.root, id).await?;
        }
        loop {
            let waiting = std::mem::take(&mut self.unplaced);
            let before = waiting.len();
            for document in waiting {
                self.place(post.root, document).await?;
            }
            if self.unplaced.len() == before {
                return Ok(());
            }
        }
    }

    /// The addresses in a list.
    async fn listed(&mut self, list: Reference) -> Result<Vec<Url>, Error> {
        if let Reference::Id(id) = &list
            && !self.may_ask(id)
        {
            return Ok(Vec::new());
        }
        let host = list.id().and_then(fold::host_of).unwrap_or_default();
        match Box::pin(lists::items(self.node, list, LISTED_MAX)).await {
            Ok(items) => Ok(items.iter().filter_map(Reference::id).cloned().collect()),
            Err(Error::Later(..)) => {
                *self.failures.entry(host).or_default() += 1;
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// One post that is said to belong to the thread, with its document if what answers it is still to be asked
    /// for. A post that belongs to another thread is not taken in for having been listed in this one.
    async fn one(&mut self, root: PostId, id: &Url) -> Result<Option<(Post, Document)>, Error> {
        if !self.seen.insert(id.clone()) {
            return Ok(None);
        }
        let known = posts::find_by_uri(&mut self.node.app().reader(), id.as_str()).await?;
        if let Some(known) = known {
            let is_asked =
                !known.local && known.root == root && catching_up::claim(self.node.app(), known.id).await?;
            if !is_asked {
                return Ok(None);
            }
            return Ok(self.document(&known).await?.map(|document| (known, document)));
        }
        let Some(document) = self.read(id).await? else { return Ok(None) };
        self.place(root, document).await
    }

    /// Takes a post in where it answers one of the thread.
    async fn place(&mut self, root: PostId, document: Document) -> Result<Option<(Post, Document)>, Error> {
        let Some(parent) = &document.in_reply_to else { return Ok(None) };
        let parent = posts::find_by_uri(&mut self.node.app().reader(), parent.as_str()).await?;
        match parent {
            Some(parent) if parent.root == root => {
                Ok(self.take(&document).await?.map(|post| (post, document)))
            }
            Some(_) => Ok(None),
            None => {
                self.unplaced.push(document);
                Ok(None)
            }
        }
    }

    async fn take(&self, document: &Document) -> Result<Option<Post>, Error> {
        let author = match Box::pin(resolve::actor(self.node, &document.author)).await {
            Ok(author) if author.is_present() && !author.is_local() => author,
            Ok(_) | Err(_) => return Ok(None),
        };
        let taken = take::take(self.node, document, &author, Reason::Wanted, Via::Fetched);
        match Box::pin(taken).await {
            Ok(Some(post)) => {
                catching_up::landed(self.node.app(), self.opened).await?;
                Ok(Some(post))
            }
            Ok(None) | Err(Error::Never(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The document of a post that is known here.
    async fn document(&mut self, post: &Post) -> Result<Option<Document>, Error> {
        match Url::parse(&post.uri) {
            Ok(id) => self.read(&id).await,
            Err(_) => Ok(None),
        }
    }

    /// A post at its origin; none if it cannot be had.
    async fn read(&mut self, id: &Url) -> Result<Option<Document>, Error> {
        if !self.may_ask(id) {
            return Ok(None);
        }
        match Box::pin(take::read(self.node, id)).await {
            Ok(document) => Ok(Some(document)),
            Err(Error::Never(_)) => Ok(None),
            Err(Error::Later(..)) => {
                *self.failures.entry(fold::host_of(id).unwrap_or_default()).or_default() += 1;
                Ok(None)
            }
        }
    }

    /// Whether one more document may be asked for of this host; if so, it is counted.
    fn may_ask(&mut self, id: &Url) -> bool {
        let host = fold::host_of(id).unwrap_or_default();
        let fails = self.failures.get(&host).is_some_and(|failures| *failures >= FAILURES_MAX);
        if self.reads_left == 0 || fails || self.node.app().places().is_here(id.as_str()) {
            return false;
        }
        self.reads_left -= 1;
        true
    }

    async fn find(&self, id: PostId) -> Result<Option<Post>, error::Error> {
        let found = posts::find(&mut self.node.app().reader(), id).await?;
        Ok(found.filter(Post::is_present))
    }
}
