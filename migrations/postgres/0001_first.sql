-- The first shape of a node: accounts apart from members, members and communities as actors.

create table account (
    id bigint primary key,
    email text not null,
    password_hash text not null,
    role text not null,
    created_at bigint not null,
    confirmed_at bigint,
    disabled_at bigint,
    consent_version bigint,
    consented_at bigint
);
create unique index account_email on account (email);

-- Everyone and everything with a public name. `host` is empty for those who live here.
create table actor (
    id bigint primary key,
    kind text not null,
    handle text not null,
    handle_folded text not null,
    host text not null,
    uri text not null,
    url text not null,
    name text not null,
    name_folded text not null,
    note text not null,
    note_source text not null,
    fields text not null,
    avatar text,
    header text,
    locked boolean not null,
    bot boolean not null,
    discoverable boolean not null,
    inbox text not null,
    shared_inbox text,
    outbox text,
    followers text,
    featured text,
    moderators text,
    created_at bigint not null,
    updated_at bigint not null,
    fetched_at bigint,
    last_post_at bigint,
    posts_count bigint not null default 0,
    followers_count bigint not null default 0,
    following_count bigint not null default 0,
    deleted_at bigint,
    suspended_at bigint
);
create unique index actor_address on actor (host, handle_folded);
create unique index actor_uri on actor (uri);
create index actor_name on actor (name_folded);

-- Public keys of everyone; private keys of those who live here.
create table actor_key (
    uri text primary key,
    actor_id bigint not null references actor (id),
    algorithm text not null,
    public_key text not null,
    private_key text,
    fetched_at bigint not null
);
create index actor_key_actor on actor_key (actor_id);

create table member (
    actor_id bigint primary key references actor (id),
    account_id bigint not null references account (id),
    default_visibility text not null,
    default_sensitive boolean not null,
    default_language text,
    notifications_read_id bigint not null default 0
);
create index member_account on member (account_id);

create table community (
    actor_id bigint primary key references actor (id),
    audience text not null,
    join_policy text not null,
    indexable boolean not null,
    safeguarding_contact text
);

create table community_role (
    community_id bigint not null references community (actor_id),
    actor_id bigint not null references actor (id),
    role text not null,
    created_at bigint not null,
    primary key (community_id, actor_id)
);

-- Who was sent out of a community.
create table community_ban (
    community_id bigint not null references community (actor_id),
    actor_id bigint not null references actor (id),
    created_at bigint not null,
    expires_at bigint,
    primary key (community_id, actor_id)
);

create table post (
    id bigint primary key,
    uri text not null,
    url text not null,
    author_id bigint not null references actor (id),
    community_id bigint references actor (id),
    reply_to_id bigint references post (id),
    reply_to_author_id bigint references actor (id),
    reply_to_uri text,
    root_id bigint not null,
    title text,
    content text not null,
    source text not null,
    content_note text not null,
    sensitive boolean not null,
    visibility text not null,
    language text,
    application text,
    poll_id bigint,
    local boolean not null,
    published_at bigint not null,
    edited_at bigint,
    deleted_at bigint,
    removed_at bigint,
    locked_at bigint,
    replies_count bigint not null default 0,
    boosts_count bigint not null default 0,
    reactions_count bigint not null default 0,
    me_too_count bigint not null default 0,
    replies_fetched_at bigint
);
create unique index post_uri on post (uri);
create index post_author on post (author_id, id);
create index post_community on post (community_id, id);
create index post_reply_to on post (reply_to_id);
create index post_reply_to_uri on post (reply_to_uri);
create index post_root on post (root_id, id);

-- What a post said before it was changed.
create table post_edit (
    post_id bigint not null references post (id),
    at bigint not null,
    title text,
    content text not null,
    content_note text not null,
    sensitive boolean not null,
    primary key (post_id, at)
);

create table post_mention (
    post_id bigint not null references post (id),
    actor_id bigint not null references actor (id),
    primary key (post_id, actor_id)
);
create index post_mention_actor on post_mention (actor_id, post_id);

create table post_tag (
    post_id bigint not null references post (id),
    tag text not null,
    primary key (post_id, tag)
);
create index post_tag_tag on post_tag (tag, post_id);

-- What was deleted, so that a late Create does not bring it back.
create table tombstone (
    uri text primary key,
    at bigint not null
);

create table media (
    id bigint primary key,
    owner_id bigint not null references actor (id),
    post_id bigint references post (id),
    position bigint not null default 0,
    kind text not null,
    mime text not null,
    file text,
    preview text,
    remote_url text,
    description text,
    focus_x double precision not null default 0,
    focus_y double precision not null default 0,
    blurhash text,
    width bigint not null default 0,
    height bigint not null default 0,
    created_at bigint not null
);
create index media_post on media (post_id, position);
create index media_owner on media (owner_id);

create table poll (
    id bigint primary key,
    post_id bigint not null,
    multiple boolean not null,
    hide_totals boolean not null,
    closes_at bigint,
    ended_at bigint,
    voters_count bigint not null default 0
);
create unique index poll_post on poll (post_id);

create table poll_option (
    poll_id bigint not null references poll (id),
    position bigint not null,
    title text not null,
    votes_count bigint not null default 0,
    primary key (poll_id, position)
);

create table poll_vote (
    poll_id bigint not null references poll (id),
    actor_id bigint not null references actor (id),
    position bigint not null,
    at bigint not null,
    primary key (poll_id, actor_id, position)
);

create table reaction (
    id bigint primary key,
    post_id bigint not null references post (id),
    actor_id bigint not null references actor (id),
    kind text not null,
    uri text not null,
    at bigint not null
);
create unique index reaction_once on reaction (post_id, actor_id);
create unique index reaction_uri on reaction (uri);
create index reaction_actor on reaction (actor_id, id);

-- A line in an actor's timeline: its own post (same id), or its boost of a post.
create table entry (
    id bigint primary key,
    actor_id bigint not null references actor (id),
    post_id bigint not null references post (id),
    boost boolean not null,
    by_community boolean not null,
    community_reply boolean not null,
    reply_to_author_id bigint,
    visibility text not null,
    uri text not null,
    at bigint not null
);
create unique index entry_once on entry (actor_id, post_id, boost);
create unique index entry_uri on entry (uri);
create index entry_actor on entry (actor_id, id);
create index entry_post on entry (post_id);

create table bookmark (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    post_id bigint not null references post (id)
);
create unique index bookmark_once on bookmark (member_id, post_id);
create index bookmark_member on bookmark (member_id, id);

create table pin (
    actor_id bigint not null references actor (id),
    post_id bigint not null references post (id),
    at bigint not null,
    primary key (actor_id, post_id)
);

create table thread_mute (
    member_id bigint not null references member (actor_id),
    root_id bigint not null,
    primary key (member_id, root_id)
);

create table follow (
    id bigint primary key,
    follower_id bigint not null references actor (id),
    target_id bigint not null references actor (id),
    accepted boolean not null,
    uri text not null,
    show_boosts boolean not null,
    notify boolean not null,
    at bigint not null
);
create unique index follow_once on follow (follower_id, target_id);
create index follow_target on follow (target_id, accepted);
create index follow_uri on follow (uri);

create table block (
    actor_id bigint not null references actor (id),
    target_id bigint not null references actor (id),
    id bigint not null,
    primary key (actor_id, target_id)
);
create index block_target on block (target_id);

create table mute (
    member_id bigint not null references member (actor_id),
    target_id bigint not null references actor (id),
    id bigint not null,
    notifications boolean not null,
    expires_at bigint,
    primary key (member_id, target_id)
);

create table member_host_block (
    member_id bigint not null references member (actor_id),
    host text not null,
    primary key (member_id, host)
);

create table private_note (
    member_id bigint not null references member (actor_id),
    target_id bigint not null references actor (id),
    text text not null,
    primary key (member_id, target_id)
);

create table tag_follow (
    member_id bigint not null references member (actor_id),
    tag text not null,
    primary key (member_id, tag)
);

create table notification (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    kind text not null,
    from_id bigint not null references actor (id),
    post_id bigint references post (id),
    subject_id bigint not null,
    at bigint not null
);
create index notification_member on notification (member_id, id);
create unique index notification_once on notification (member_id, kind, from_id, subject_id);

create table conversation (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    root_id bigint not null,
    last_post_id bigint not null references post (id),
    unread boolean not null
);
create unique index conversation_once on conversation (member_id, root_id);
create index conversation_member on conversation (member_id, last_post_id);

create table marker (
    member_id bigint not null references member (actor_id),
    timeline text not null,
    last_read_id bigint not null,
    version bigint not null,
    at bigint not null,
    primary key (member_id, timeline)
);

create table filter (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    title text not null,
    contexts text not null,
    action text not null,
    expires_at bigint
);
create index filter_member on filter (member_id);

create table filter_keyword (
    id bigint primary key,
    filter_id bigint not null references filter (id),
    keyword text not null,
    whole_word boolean not null
);
create index filter_keyword_filter on filter_keyword (filter_id);

create table list (
    id bigint primary key,
    member_id bigint not null references member (actor_id),
    title text not null,
    replies_policy text not null,
    exclusive boolean not null
);
create index list_member_lists on list (member_id);

create table list_entry (
    list_id bigint not null references list (id),
    actor_id bigint not null references actor (id),
    primary key (list_id, actor_id)
);

create table report (
    id bigint primary key,
    reporter_id bigint not null references actor (id),
    target_id bigint not null references actor (id),
    community_id bigint references actor (id),
    category text not null,
    comment text not null,
    rule_ids text not null,
    uri text,
    at bigint not null,
    closed_at bigint
);
create unique index report_uri on report (uri);

create table report_post (
    report_id bigint not null references report (id),
    post_id bigint not null references post (id),
    primary key (report_id, post_id)
);

-- The same request sent twice is done once.
create table idempotency (
    member_id bigint not null references member (actor_id),
    key text not null,
    post_id bigint not null references post (id),
    at bigint not null,
    primary key (member_id, key)
);

create table oauth_app (
    id bigint primary key,
    name text not null,
    website text,
    client_id text not null,
    secret_hash text not null,
    redirect_uris text not null,
    scopes text not null,
    created_at bigint not null
);
create unique index oauth_app_client on oauth_app (client_id);

create table oauth_code (
    code_hash text primary key,
    app_id bigint not null references oauth_app (id),
    member_id bigint not null references member (actor_id),
    scopes text not null,
    redirect_uri text not null,
    challenge text,
    expires_at bigint not null,
    used_by bigint
);

create table oauth_token (
    id bigint primary key,
    token_hash text not null,
    app_id bigint not null references oauth_app (id),
    member_id bigint references member (actor_id),
    scopes text not null,
    created_at bigint not null,
    revoked_at bigint
);
create unique index oauth_token_hash on oauth_token (token_hash);

-- A browser that is signed in to the node's own pages.
create table session (
    token_hash text primary key,
    account_id bigint not null references account (id),
    csrf text not null,
    expires_at bigint not null
);

-- A link that works once: the first administrator's.
create table invitation (
    token_hash text primary key,
    role text not null,
    expires_at bigint not null,
    used_at bigint
);

-- What this node knows of another.
create table host (
    name text primary key,
    policy text not null,
    software text,
    software_version text,
    software_checked_at bigint,
    signature text,
    failures bigint not null default 0,
    open_at bigint not null default 0,
    succeeded_at bigint,
    failed_at bigint,
    last_error text
);

-- Activities of this node, stored once and delivered to many. `post_id` is the post whose words it carries.
create table activity (
    id bigint primary key,
    uri text not null,
    actor_id bigint not null references actor (id),
    post_id bigint,
    body text not null,
    open boolean not null,
    at bigint not null
);
create unique index activity_uri on activity (uri);
create index activity_post on activity (post_id);

-- One activity on its way to one inbox.
create table delivery (
    id bigint primary key,
    activity_id bigint not null references activity (id),
    host text not null,
    inbox text not null,
    thread text not null,
    attempts bigint not null default 0,
    due_at bigint not null,
    leased_until bigint not null default 0,
    leased_by bigint not null default 0,
    last_error text
);
create unique index delivery_once on delivery (activity_id, inbox);
create index delivery_host on delivery (host, id);
create index delivery_thread on delivery (host, thread, id);

-- What arrived, as it arrived, before anything is made of it.
create table inbox (
    id bigint primary key,
    uri text not null,
    actor_uri text not null,
    body text not null,
    received_at bigint not null,
    done_at bigint,
    outcome text
);
create unique index inbox_uri on inbox (uri);
create index inbox_done on inbox (done_at);

create table job (
    id bigint primary key,
    body text not null,
    sequence text not null,
    due_at bigint not null,
    attempts bigint not null default 0,
    leased_until bigint not null default 0,
    leased_by bigint not null default 0,
    last_error text
);
create index job_due on job (due_at);
create index job_sequence on job (sequence, id);

-- Who did what that others must be able to check later. Each line carries the hash of the one before.
create table audit (
    id bigint primary key,
    at bigint not null,
    account_id bigint,
    verb text not null,
    subject text not null,
    detail text not null,
    previous text not null,
    hash text not null
);

create table setting (
    key text primary key,
    value text not null
);

-- Folded words of public posts.
create table post_search (
    rowid bigint primary key,
    words tsvector not null
);
create index post_search_words on post_search using gin (words);

-- The same name and column as SQLite's table function, for a list of numbers bound as JSON text:
-- `where id in (select value from json_each($1))` is one statement on both engines.
create function json_each (numbers text, out value bigint) returns setof bigint
    language sql immutable as $$ select json_array_elements_text(numbers::json)::bigint $$;
