//! What clients ask for on a node with years behind it: 5,000 members, 200 communities and 100,000 posts. Each page
//! is asked for as it is given again, while others write, and made anew each time, beside the least that an answer of
//! its size costs.

use crate::api::{Member, words};
use crate::bench::Bench;
use crate::connection::{Asked, Crowd};
use crate::load::{Line, Load};
use crate::node::{self, Node};
use crate::postgres;
use crate::seed::{self, Database, Seeded};
use crate::{Failure, bound, figures, load, pause};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Members who read, each with a token.
const READERS: usize = 32;
/// Clients at the same time, in turn.
const AT_ONCE: [usize; 2] = [16, 64];
/// Pages that no two of them ask for in the same words, in one round.
const DIFFERENT: usize = 30_000;
/// Posts that others publish in a second while pages are read.
const WRITTEN_PER_SEC: u32 = 20;
/// The sizes of the node at which the time for a page is compared.
const SIZES: [i64; 3] = [10_000, 100_000, 1_000_000];

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// By the same members in the same words.
    Again,
    /// The same, while others write.
    WhileOthersWrite,
    /// Never twice in the same words.
    Anew,
}

/// Takes them all on each engine; with `large`, how they do as the node grows instead.
pub(crate) async fn measure(bench: &mut Bench, large: bool) -> Result<(), Failure> {
    let binary = node::build().await?;
    let sizes = if large { SIZES.to_vec() } else { vec![bench.scale.posts_seeded] };
    let mut lines = Vec::new();
    for &posts in &sizes {
        let standing = Standing::start(&binary, None, posts).await?;
        lines.extend(standing.take(bench, "SQLite", large).await?);
    }
    for &posts in &sizes {
        let Some(database) = postgres::Database::create().await? else {
            bench.note("Not measured on PostgreSQL: ALONGSIDE_TEST_POSTGRES names no server.");
            break;
        };
        let taken = async {
            let standing = Standing::start(&binary, Some(&database.address()), posts).await?;
            standing.take(bench, "PostgreSQL", large).await
        };
        let taken = taken.await;
        database.remove().await?;
        lines.extend(taken?);
    }
    bench.lines(lines);
    Ok(())
}

/// A node with its data, and those who read there.
struct Standing {
    node: Node,
    readers: Vec<Member>,
    seeded: Seeded,
    posts: i64,
}

impl Standing {
    async fn start(binary: &std::path::Path, database: Option<&str>, posts: i64) -> Result<Self, Failure> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, node::free_port()?));
        let mut node = Node::start_on(binary, address, &[], database).await?;
        let mut readers = Vec::new();
        for number in 1..=READERS {
            readers.push(node.member(&format!("reader{number}")).await?);
        }
        let ids = readers.iter().map(|reader| reader.id.parse()).collect::<Result<Vec<i64>, _>>()?;
        node.stop().await?;
        eprintln!("… {posts} posts");
        let (base, file) = (node.base(), node.sqlite_file());
        let place = database.map_or(Database::Sqlite(&file), Database::Postgres);
        let seeded = seed::fill(place, &base, &ids, posts).await?;
        node.restart().await?;
        for reader in &mut readers {
            reader.connect_again(node.address).await?;
        }
        Ok(Self { node, readers, seeded, posts })
    }

    /// The pages, with what there is to beat.
    fn pages(&self) -> Vec<(&'static str, String, Option<f64>)> {
        let Seeded { thread, community, tag, word } = &self.seeded;
        vec![
            ("home", "/api/v1/timelines/home?limit=20".to_owned(), Some(figures::HOME)),
            ("public", "/api/v1/timelines/public?limit=20".to_owned(), Some(figures::PUBLIC)),
            ("community", format!("/api/v1/timelines/list/{community}?limit=20"), None),
            ("hashtag", format!("/api/v1/timelines/tag/{tag}?limit=20"), None),
            ("thread of 200", format!("/api/v1/statuses/{thread}/context?a"), Some(figures::THREAD)),
            ("notifications", "/api/v1/notifications?limit=20".to_owned(), None),
            ("search", format!("/api/v2/search?q={word}&type=statuses"), None),
        ]
    }

    async fn take(&self, bench: &Bench, engine: &str, large: bool) -> Result<Vec<Line>, Failure> {
        if large { self.grown(bench, engine).await } else { self.all(bench, engine).await }
    }

    /// Pages made anew, and at which size.
    async fn grown(&self, bench: &Bench, engine: &str) -> Result<Vec<Line>, Failure> {
        let mut lines = Vec::new();
        let engine = format!("{engine}, {} posts", self.posts);
        for (what, path, _) in self.pages() {
            lines.push(self.page(bench, &engine, (what, &path, None), How::Anew, AT_ONCE[0]).await?);
        }
        Ok(lines)
    }

    async fn all(&self, bench: &Bench, engine: &str) -> Result<Vec<Line>, Failure> {
        let mut lines = Vec::new();
        for at_once in AT_ONCE {
            for (what, path, to_beat) in self.pages() {
                for how in [How::Again, How::WhileOthersWrite, How::Anew] {
                    lines.push(self.page(bench, engine, (what, &path, to_beat), how, at_once).await?);
                }
                lines.push(self.least(bench, engine, (what, &path), at_once).await?);
            }
            lines.push(self.publish(bench, engine, at_once).await?);
        }
        Ok(lines)
    }

    async fn page(
        &self,
        bench: &Bench,
        engine: &str,
        (what, path, to_beat): (&str, &str, Option<f64>),
        how: How,
        at_once: usize,
    ) -> Result<Line, Failure> {
        let says = match how {
            How::Again => "given again",
            How::WhileOthersWrite => "while others write",
            How::Anew => "made anew",
        };
        let load = Load { what: format!("{engine}: {what}, {says}"), at_once, to_beat };
        let asked: Vec<Asked> = match how {
            How::Again | How::WhileOthersWrite => {
                self.readers.iter().map(|reader| reader.reading(path)).collect()
            }
            How::Anew => (0..DIFFERENT)
                .map(|number| self.readers[number % READERS].reading(&format!("{path}&number={number}")))
                .collect(),
        };
        let until = Instant::now() + bench.scale.round * u32::try_from(bench.scale.rounds + 1)?;
        let writing =
            async { if how == How::WhileOthersWrite { self.write_until(until).await } else { Ok(()) } };
        let (line, written) = tokio::join!(load::take(bench.scale, load, &self.node, &asked), writing);
        written?;
        line
    }

    /// The same bytes without any work.
    async fn least(
        &self,
        bench: &Bench,
        engine: &str,
        (what, path): (&str, &str),
        at_once: usize,
    ) -> Result<Line, Failure> {
        let mut crowd = Crowd::connect(self.node.address, 1).await?;
        let mut first = Some(self.readers[0].reading(path));
        let bytes = crowd.send_timed(|| first.take()).await?.bytes;
        let answers = bound::Answers::start(usize::try_from(bytes)?).await?;
        let load = Load { what: format!("{engine}: {what}, the same bytes at rest"), at_once, to_beat: None };
        let asked: Vec<Asked> = self.readers.iter().map(|reader| reader.reading(path)).collect();
        load::take(bench.scale, load, &answers, &asked).await
    }

    async fn publish(&self, bench: &Bench, engine: &str, at_once: usize) -> Result<Line, Failure> {
        let load =
            Load { what: format!("{engine}: publish a post"), at_once, to_beat: Some(figures::PUBLISH) };
        let asked: Vec<Asked> = (0..DIFFERENT)
            .map(|number| self.readers[number % READERS].publishing(&words(number), None))
            .collect();
        load::take(bench.scale, load, &self.node, &asked).await
    }

    async fn write_until(&self, until: Instant) -> Result<(), Failure> {
        let mut crowd = Crowd::connect(self.node.address, 1).await?;
        let mut number = 0;
        while Instant::now() < until {
            number += 1;
            let mut next = Some(self.readers[number % READERS].publishing(&words(number), None));
            crowd.send(|| next.take()).await?;
            pause(Duration::from_secs(1) / WRITTEN_PER_SEC).await;
        }
        Ok(())
    }
}
