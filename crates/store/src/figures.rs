//! Figures for the staff: counts by the day and by kind, from what is kept anyway.
//!
//! Ids tell when they were given out, so a stretch of time is a stretch of ids, and a day is an id divided by how many
//! ids a day has (65536 for each of its milliseconds).

use crate::error::Error;
use crate::session::{Session, Sql};
use crate::value::numbers;
use alongside_domain::clock::Timestamp;
use alongside_domain::figure::{Days, Dimension, Measure};
use alongside_domain::id::first_at;

crate::row! {
    /// How many on a day.
    pub struct OnDay {
        /// The day, counted from 1970.
        pub day: i64,
        /// So many.
        pub count: i64,
    }
}

crate::row! {
    /// How many of a kind.
    pub struct OfKind {
        /// The kind.
        pub name: String,
        /// So many.
        pub count: i64,
    }
}

crate::row! {
    /// How many.
    pub struct Total {
        /// So many.
        pub count: i64,
    }
}

/// How many there were on each of these days; days without any are left out. `subject` is the hashtag or the host
/// that a measure is about.
pub async fn daily(
    session: &mut impl Session,
    measure: Measure,
    days: Days,
    subject: &str,
) -> Result<Vec<OnDay>, Error> {
    let (first, end) = if measure == Measure::ResolvedReports {
        // When it was dealt with is no id.
        (days.start().as_micros(), days.end().as_micros())
    } else {
        (first_at(days.start()), first_at(days.end()))
    };
    let query = session.query(of_day(measure)).bind(first).bind(end);
    if subject.is_empty() { query.all().await } else { query.bind(subject).all().await }
}

/// How many there were on these days together, each person and each server once.
pub async fn total(
    session: &mut impl Session,
    measure: Measure,
    days: Days,
    subject: &str,
) -> Result<i64, Error> {
    let statement = match measure {
        Measure::ActiveUsers => {
            "select count(distinct author_id) as count from post where local and id >= $1 and id < $2"
        }
        Measure::TagAccounts => {
            "select count(distinct p.author_id) as count from post_tag t join post p on p.id = t.post_id
            where t.post_id >= $1 and t.post_id < $2 and t.tag = $3 and p.visibility = 'public'
                and p.deleted_at is null and p.removed_at is null"
        }
        Measure::TagServers => {
            "select count(distinct a.host) as count from post_tag t join post p on p.id = t.post_id
                join actor a on a.id = p.author_id
            where t.post_id >= $1 and t.post_id < $2 and t.tag = $3 and p.visibility = 'public'
                and p.deleted_at is null and p.removed_at is null"
        }
        Measure::NewUsers
        | Measure::Interactions
        | Measure::OpenedReports
        | Measure::ResolvedReports
        | Measure::TagUses
        | Measure::InstanceAccounts
        | Measure::InstanceReports
        | Measure::InstanceStatuses
        | Measure::InstanceFollows
        | Measure::InstanceFollowers => {
            return Ok(daily(session, measure, days, subject).await?.iter().map(|on| on.count).sum());
        }
    };
    let query = session.query(statement).bind(first_at(days.start())).bind(first_at(days.end()));
    let total: Total =
        if subject.is_empty() { query.one().await? } else { query.bind(subject).one().await? };
    Ok(total.count)
}

const fn of_day(measure: Measure) -> &'static str {
    match measure {
        Measure::ActiveUsers => ACTIVE_USERS,
        Measure::NewUsers => NEW_USERS,
        Measure::Interactions => INTERACTIONS,
        Measure::OpenedReports => OPENED_REPORTS,
        Measure::ResolvedReports => RESOLVED_REPORTS,
        Measure::TagAccounts => TAG_ACCOUNTS,
        Measure::TagUses => TAG_USES,
        Measure::TagServers => TAG_SERVERS,
        Measure::InstanceAccounts => INSTANCE_ACCOUNTS,
        Measure::InstanceReports => INSTANCE_REPORTS,
        Measure::InstanceStatuses => INSTANCE_STATUSES,
        Measure::InstanceFollows => INSTANCE_FOLLOWS,
        Measure::InstanceFollowers => INSTANCE_FOLLOWERS,
    }
}

const ACTIVE_USERS: &str = "select id / 5662310400000 as day, count(distinct author_id) as count from post
    where local and id >= $1 and id < $2 group by day order by day";

const NEW_USERS: &str = "select id / 5662310400000 as day, count(*) as count from account
    where id >= $1 and id < $2 and approved_at is not null group by day order by day";

const INTERACTIONS: &str = "select done.day, count(*) as count from (
        select r.id / 5662310400000 as day from reaction r join actor a on a.id = r.actor_id
        where a.host = '' and r.id >= $1 and r.id < $2
        union all select e.id / 5662310400000 as day from entry e join actor a on a.id = e.actor_id
        where a.host = '' and e.boost and not e.by_community and e.id >= $1 and e.id < $2
        union all select p.id / 5662310400000 as day from post p
        where p.local and p.reply_to_uri is not null and p.id >= $1 and p.id < $2
    ) as done group by done.day order by done.day";

const OPENED_REPORTS: &str = "select id / 5662310400000 as day, count(*) as count from report
    where id >= $1 and id < $2 group by day order by day";

const RESOLVED_REPORTS: &str = "select closed_at / 86400000000 as day, count(*) as count from report
    where closed_at >= $1 and closed_at < $2 group by day order by day";

const TAG_ACCOUNTS: &str = "select t.post_id / 5662310400000 as day, count(distinct p.author_id) as count
    from post_tag t join post p on p.id = t.post_id
    where t.post_id >= $1 and t.post_id < $2 and t.tag = $3 and p.visibility = 'public'
        and p.deleted_at is null and p.removed_at is null
    group by day order by day";

const TAG_USES: &str = "select t.post_id / 5662310400000 as day, count(*) as count
    from post_tag t join post p on p.id = t.post_id
    where t.post_id >= $1 and t.post_id < $2 and t.tag = $3 and p.visibility = 'public'
        and p.deleted_at is null and p.removed_at is null
    group by day order by day";

const TAG_SERVERS: &str = "select t.post_id / 5662310400000 as day, count(distinct a.host) as count
    from post_tag t join post p on p.id = t.post_id join actor a on a.id = p.author_id
    where t.post_id >= $1 and t.post_id < $2 and t.tag = $3 and p.visibility = 'public'
        and p.deleted_at is null and p.removed_at is null
    group by day order by day";

const INSTANCE_ACCOUNTS: &str = "select id / 5662310400000 as day, count(*) as count from actor
    where id >= $1 and id < $2 and host = $3 and kind <> 'application' group by day order by day";

const INSTANCE_REPORTS: &str = "select r.id / 5662310400000 as day, count(*) as count
    from report r join actor a on a.id = r.target_id
    where r.id >= $1 and r.id < $2 and a.host = $3 group by day order by day";

const INSTANCE_STATUSES: &str =
    "select p.id / 5662310400000 as day, count(*) as count from post p join actor a on a.id = p.author_id
    where p.id >= $1 and p.id < $2 and a.host = $3 and p.visibility in ('public', 'unlisted')
        and p.deleted_at is null
    group by day order by day";

const INSTANCE_FOLLOWS: &str = "select f.id / 5662310400000 as day, count(*) as count
    from follow f join actor a on a.id = f.target_id join member m on m.actor_id = f.follower_id
    where f.id >= $1 and f.id < $2 and a.host = $3 and f.accepted group by day order by day";

const INSTANCE_FOLLOWERS: &str = "select f.id / 5662310400000 as day, count(*) as count
    from follow f join actor a on a.id = f.follower_id join member m on m.actor_id = f.target_id
    where f.id >= $1 and f.id < $2 and a.host = $3 and f.accepted group by day order by day";

/// How many there were of each kind on these days, the most frequent first. Nothing for what is no count of rows.
pub async fn kinds(
    session: &mut impl Session,
    dimension: Dimension,
    days: Days,
    limit: i64,
    subject: &str,
) -> Result<Vec<OfKind>, Error> {
    let Some(statement) = of_kind(dimension) else { return Ok(Vec::new()) };
    let (first, end) = (first_at(days.start()), first_at(days.end()));
    let query = session.query(statement).bind(first).bind(end).bind(limit);
    if subject.is_empty() { query.all().await } else { query.bind(subject).all().await }
}

const fn of_kind(dimension: Dimension) -> Option<&'static str> {
    Some(match dimension {
        Dimension::Languages => {
            "select language as name, count(*) as count from post
            where local and language is not null and id >= $1 and id < $2
            group by language order by count desc, name limit $3"
        }
        Dimension::Sources => {
            "select application as name, count(*) as count from post
            where local and application is not null and id >= $1 and id < $2
            group by application order by count desc, name limit $3"
        }
        Dimension::Servers => {
            "select a.host as name, count(*) as count from post p join actor a on a.id = p.author_id
            where not p.local and p.id >= $1 and p.id < $2 and p.visibility in ('public', 'unlisted')
            group by a.host order by count desc, name limit $3"
        }
        Dimension::TagServers => {
            "select a.host as name, count(*) as count
            from post_tag t join post p on p.id = t.post_id join actor a on a.id = p.author_id
            where t.post_id >= $1 and t.post_id < $2 and t.tag = $4 and p.visibility = 'public'
                and p.deleted_at is null and p.removed_at is null
            group by a.host order by count desc, name limit $3"
        }
        Dimension::TagLanguages => {
            "select p.language as name, count(*) as count from post_tag t join post p on p.id = t.post_id
            where t.post_id >= $1 and t.post_id < $2 and t.tag = $4 and p.visibility = 'public'
                and p.language is not null and p.deleted_at is null and p.removed_at is null
            group by p.language order by count desc, name limit $3"
        }
        Dimension::InstanceAccounts => {
            "select a.handle as name, count(*) as count
            from actor a join follow f on f.target_id = a.id join member m on m.actor_id = f.follower_id
            where a.host = $4 and f.accepted and f.id >= $1 and f.id < $2 and a.deleted_at is null
            group by a.id, a.handle order by count desc, name limit $3"
        }
        Dimension::InstanceLanguages => {
            "select p.language as name, count(*) as count from post p join actor a on a.id = p.author_id
            where p.id >= $1 and p.id < $2 and a.host = $4 and p.language is not null
                and p.visibility in ('public', 'unlisted') and p.deleted_at is null
            group by p.language order by count desc, name limit $3"
        }
        Dimension::SpaceUsage | Dimension::SoftwareVersions => return None,
    })
}

crate::row! {
    /// What the database is, and what it takes.
    pub struct Database {
        /// Its name.
        pub name: String,
        /// Its version.
        pub version: String,
        /// Bytes it takes.
        pub bytes: i64,
    }
}

/// What the database is.
pub async fn database(session: &mut impl Session) -> Result<Database, Error> {
    // Each engine knows this about itself in its own words.
    session
        .query(Sql {
            sqlite: "select 'SQLite' as name, sqlite_version() as version,
                (select page_count from pragma_page_count()) * (select page_size from pragma_page_size()) as bytes",
            postgres: "select 'PostgreSQL' as name, current_setting('server_version') as version,
                pg_database_size(current_database()) as bytes",
        })
        .one()
        .await
}

crate::row! {
    /// Of those who came in one period, how many wrote in another.
    pub struct Stayed {
        /// The period they came in, by the first id of it.
        pub joined: i64,
        /// The period they wrote in, likewise.
        pub wrote: i64,
        /// So many.
        pub count: i64,
    }
}

crate::row! {
    /// How many came in a period.
    pub struct Joined {
        /// The period, by the first id of it.
        pub joined: i64,
        /// So many.
        pub count: i64,
    }
}

/// How many accounts were opened in each of these periods, before an end.
pub async fn joined(
    session: &mut impl Session,
    periods: &[Timestamp],
    end: Timestamp,
) -> Result<Vec<Joined>, Error> {
    let Some(first) = periods.first() else { return Ok(Vec::new()) };
    session
        .query(
            "select p.joined, count(*) as count from (
                select (select max(value) from json_each($1) where value <= c.id) as joined from account c
                where c.id >= $2 and c.id < $3 and c.approved_at is not null
            ) as p group by p.joined order by p.joined",
        )
        .bind(numbers(periods.iter().map(|period| first_at(*period))))
        .bind(first_at(*first))
        .bind(first_at(end))
        .all()
        .await
}

/// How many of those accounts wrote in each of these periods, as whomever.
pub async fn stayed(
    session: &mut impl Session,
    periods: &[Timestamp],
    end: Timestamp,
) -> Result<Vec<Stayed>, Error> {
    let Some(first) = periods.first() else { return Ok(Vec::new()) };
    session
        .query(
            "select w.joined, w.wrote, count(distinct w.account) as count from (
                select c.id as account, (select max(value) from json_each($1) where value <= c.id) as joined,
                    (select max(value) from json_each($1) where value <= p.id) as wrote
                from account c join member m on m.account_id = c.id join post p on p.author_id = m.actor_id
                where c.id >= $2 and c.id < $3 and p.id >= $2 and p.id < $3 and p.local
                    and c.approved_at is not null
            ) as w group by w.joined, w.wrote order by w.joined, w.wrote",
        )
        .bind(numbers(periods.iter().map(|period| first_at(*period))))
        .bind(first_at(*first))
        .bind(first_at(end))
        .all()
        .await
}
