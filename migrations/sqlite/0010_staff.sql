-- What the node's staff decide: who is let in, sanctions that end by themselves, who looks at a report, what is
-- known of other nodes, and from where nobody signs up.

-- An account that asked to be let in waits until somebody has said yes; what they wrote is kept until then.
alter table account add column approved_at integer;
alter table account add column sign_up_reason text;
update account set approved_at = created_at;
create index account_waiting on account (id) where approved_at is null;

-- What a sanction does lies where it is looked for; why, by whom and until when lies in `sanction`.
alter table actor add column silenced_at integer;
alter table actor add column sensitized_at integer;
create index actor_silenced on actor (id) where silenced_at is not null;
alter table member add column disabled_at integer;

create table sanction (
    id integer primary key,
    actor_id integer not null references actor (id),
    kind text not null,
    by_id integer not null references actor (id),
    report_id integer references report (id),
    message text not null,
    at integer not null,
    until_at integer,
    ended_at integer
);
create index sanction_actor on sanction (actor_id, id);

alter table report add column assigned_id integer references actor (id);
alter table report add column closed_by integer references actor (id);
alter table report add column updated_at integer not null default 0;
update report set updated_at = coalesce(closed_at, at);
create index report_target on report (target_id, id);
create index report_reporter on report (reporter_id, id);

-- Clients name a decision about a host by a number.
alter table host add column decision_id integer;
alter table host add column decided_at integer;
alter table host add column private_comment text not null default '';
alter table host add column obfuscate boolean not null default false;
update host set decided_at = coalesce(software_checked_at, succeeded_at, failed_at, 0),
    decision_id = (select count(*) from host h where h.name <= host.name)
    where policy <> 'open' or limits <> '';
create unique index host_decision on host (decision_id);

create table email_domain_block (
    id integer primary key,
    domain text not null,
    lets_wait boolean not null,
    created_at integer not null
);
create unique index email_domain_block_domain on email_domain_block (domain);

-- How many tried to sign up with such an address on a day, counted from 1970.
create table email_domain_attempt (
    block_id integer not null references email_domain_block (id),
    day integer not null,
    attempts integer not null,
    primary key (block_id, day)
);

create table ip_block (
    id integer primary key,
    network text not null,
    severity text not null,
    comment text not null,
    created_at integer not null,
    expires_at integer
);
create unique index ip_block_network on ip_block (network);

create table canonical_email_block (
    id integer primary key,
    hash text not null
);
create unique index canonical_email_block_hash on canonical_email_block (hash);
