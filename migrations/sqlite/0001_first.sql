-- The first shape of a node: accounts apart from members, members and communities as actors.

create table account (
    id integer primary key,
    email text not null,
    password_hash text not null,
    role text not null,
    created_at integer not null,
    confirmed_at integer,
    disabled_at integer,
    consent_version integer,
    consented_at integer
);
create unique index account_email on account (email);

-- Everyone and everything with a public name. `host` is empty for those who live here.
create table actor (
    id integer primary key,
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
    created_at integer not null,
    updated_at integer not null,
    fetched_at integer,
    last_post_at integer,
    posts_count integer not null default 0,
    followers_count integer not null default 0,
    following_count integer not null default 0,
    deleted_at integer,
    suspended_at integer
);
create unique index actor_address on actor (host, handle_folded);
create unique index actor_uri on actor (uri);
create index actor_name on actor (name_folded);

-- Public keys of everyone; private keys of those who live here.
create table actor_key (
    uri text primary key,
    actor_id integer not null references actor (id),
    algorithm text not null,
    public_key text not null,
    private_key text,
    fetched_at integer not null
);
create index actor_key_actor on actor_key (actor_id);

create table member (
    actor_id integer primary key references actor (id),
    account_id integer not null references account (id),
    default_visibility text not null,
    default_sensitive boolean not null,
    default_language text,
    notifications_read_id integer not null default 0
);
create index member_account on member (account_id);

create table community (
    actor_id integer primary key references actor (id),
    audience text not null,
    join_policy text not null,
    indexable boolean not null,
    safeguarding_contact text
);

create table community_role (
    community_id integer not null references community (actor_id),
    actor_id integer not null references actor (id),
    role text not null,
    created_at integer not null,
    primary key (community_id, actor_id)
);

-- Who was sent out of a community.
create table community_ban (
    community_id integer not null references community (actor_id),
    actor_id integer not null references actor (id),
    created_at integer not null,
    expires_at integer,
    primary key (community_id, actor_id)
);

create table post (
    id integer primary key,
    uri text not null,
    url text not null,
    author_id integer not null references actor (id),
    community_id integer references actor (id),
    reply_to_id integer references post (id),
    reply_to_author_id integer references actor (id),
    reply_to_uri text,
    root_id integer not null,
    title text,
    content text not null,
    source text not null,
    content_note text not null,
    sensitive boolean not null,
    visibility text not null,
    language text,
    application text,
    poll_id integer,
    local boolean not null,
    published_at integer not null,
    edited_at integer,
    deleted_at integer,
    removed_at integer,
    locked_at integer,
    replies_count integer not null default 0,
    boosts_count integer not null default 0,
    reactions_count integer not null default 0,
    me_too_count integer not null default 0,
    replies_fetched_at integer
);
create unique index post_uri on post (uri);
create index post_author on post (author_id, id);
create index post_community on post (community_id, id);
create index post_reply_to on post (reply_to_id);
create index post_reply_to_uri on post (reply_to_uri);
create index post_root on post (root_id, id);

-- What a post said before it was changed.
create table post_edit (
    post_id integer not null references post (id),
    at integer not null,
    title text,
    content text not null,
    content_note text not null,
    sensitive boolean not null,
    primary key (post_id, at)
);

create table post_mention (
    post_id integer not null references post (id),
    actor_id integer not null references actor (id),
    primary key (post_id, actor_id)
);
create index post_mention_actor on post_mention (actor_id, post_id);

create table post_tag (
    post_id integer not null references post (id),
    tag text not null,
    primary key (post_id, tag)
);
create index post_tag_tag on post_tag (tag, post_id);

-- What was deleted, so that a late Create does not bring it back.
create table tombstone (
    uri text primary key,
    at integer not null
);

create table media (
    id integer primary key,
    owner_id integer not null references actor (id),
    post_id integer references post (id),
    position integer not null default 0,
    kind text not null,
    mime text not null,
    file text,
    preview text,
    remote_url text,
    description text,
    focus_x real not null default 0,
    focus_y real not null default 0,
    blurhash text,
    width integer not null default 0,
    height integer not null default 0,
    created_at integer not null
);
create index media_post on media (post_id, position);
create index media_owner on media (owner_id);

create table poll (
    id integer primary key,
    post_id integer not null,
    multiple boolean not null,
    hide_totals boolean not null,
    closes_at integer,
    ended_at integer,
    voters_count integer not null default 0
);
create unique index poll_post on poll (post_id);

create table poll_option (
    poll_id integer not null references poll (id),
    position integer not null,
    title text not null,
    votes_count integer not null default 0,
    primary key (poll_id, position)
);

create table poll_vote (
    poll_id integer not null references poll (id),
    actor_id integer not null references actor (id),
    position integer not null,
    at integer not null,
    primary key (poll_id, actor_id, position)
);

create table reaction (
    id integer primary key,
    post_id integer not null references post (id),
    actor_id integer not null references actor (id),
    kind text not null,
    uri text not null,
    at integer not null
);
create unique index reaction_once on reaction (post_id, actor_id);
create unique index reaction_uri on reaction (uri);
create index reaction_actor on reaction (actor_id, id);

-- A line in an actor's timeline: its own post (same id), or its boost of a post.
create table entry (
    id integer primary key,
    actor_id integer not null references actor (id),
    post_id integer not null references post (id),
    boost boolean not null,
    by_community boolean not null,
    community_reply boolean not null,
    reply_to_author_id integer,
    visibility text not null,
    uri text not null,
    at integer not null
);
create unique index entry_once on entry (actor_id, post_id, boost);
create unique index entry_uri on entry (uri);
create index entry_actor on entry (actor_id, id);
create index entry_post on entry (post_id);

create table bookmark (
    id integer primary key,
    member_id integer not null references member (actor_id),
    post_id integer not null references post (id)
);
create unique index bookmark_once on bookmark (member_id, post_id);
create index bookmark_member on bookmark (member_id, id);

create table pin (
    actor_id integer not null references actor (id),
    post_id integer not null references post (id),
    at integer not null,
    primary key (actor_id, post_id)
);

create table thread_mute (
    member_id integer not null references member (actor_id),
    root_id integer not null,
    primary key (member_id, root_id)
);

create table follow (
    id integer primary key,
    follower_id integer not null references actor (id),
    target_id integer not null references actor (id),
    accepted boolean not null,
    uri text not null,
    show_boosts boolean not null,
    notify boolean not null,
    at integer not null
);
create unique index follow_once on follow (follower_id, target_id);
create index follow_target on follow (target_id, accepted);
create index follow_uri on follow (uri);

create table block (
    actor_id integer not null references actor (id),
    target_id integer not null references actor (id),
    id integer not null,
    primary key (actor_id, target_id)
);
create index block_target on block (target_id);

create table mute (
    member_id integer not null references member (actor_id),
    target_id integer not null references actor (id),
    id integer not null,
    notifications boolean not null,
    expires_at integer,
    primary key (member_id, target_id)
);

create table member_host_block (
    member_id integer not null references member (actor_id),
    host text not null,
    primary key (member_id, host)
);

create table private_note (
    member_id integer not null references member (actor_id),
    target_id integer not null references actor (id),
    text text not null,
    primary key (member_id, target_id)
);

create table tag_follow (
    member_id integer not null references member (actor_id),
    tag text not null,
    primary key (member_id, tag)
);

create table notification (
    id integer primary key,
    member_id integer not null references member (actor_id),
    kind text not null,
    from_id integer not null references actor (id),
    post_id integer references post (id),
    subject_id integer not null,
    at integer not null
);
create index notification_member on notification (member_id, id);
create unique index notification_once on notification (member_id, kind, from_id, subject_id);

create table conversation (
    id integer primary key,
    member_id integer not null references member (actor_id),
    root_id integer not null,
    last_post_id integer not null references post (id),
    unread boolean not null
);
create unique index conversation_once on conversation (member_id, root_id);
create index conversation_member on conversation (member_id, last_post_id);

create table marker (
    member_id integer not null references member (actor_id),
    timeline text not null,
    last_read_id integer not null,
    version integer not null,
    at integer not null,
    primary key (member_id, timeline)
);

create table filter (
    id integer primary key,
    member_id integer not null references member (actor_id),
    title text not null,
    contexts text not null,
    action text not null,
    expires_at integer
);
create index filter_member on filter (member_id);

create table filter_keyword (
    id integer primary key,
    filter_id integer not null references filter (id),
    keyword text not null,
    whole_word boolean not null
);
create index filter_keyword_filter on filter_keyword (filter_id);

create table list (
    id integer primary key,
    member_id integer not null references member (actor_id),
    title text not null,
    replies_policy text not null,
    exclusive boolean not null
);
create index list_member_lists on list (member_id);

create table list_entry (
    list_id integer not null references list (id),
    actor_id integer not null references actor (id),
    primary key (list_id, actor_id)
);

create table report (
    id integer primary key,
    reporter_id integer not null references actor (id),
    target_id integer not null references actor (id),
    community_id integer references actor (id),
    category text not null,
    comment text not null,
    rule_ids text not null,
    uri text,
    at integer not null,
    closed_at integer
);
create unique index report_uri on report (uri);

create table report_post (
    report_id integer not null references report (id),
    post_id integer not null references post (id),
    primary key (report_id, post_id)
);

-- The same request sent twice is done once.
create table idempotency (
    member_id integer not null references member (actor_id),
    key text not null,
    post_id integer not null references post (id),
    at integer not null,
    primary key (member_id, key)
);

create table oauth_app (
    id integer primary key,
    name text not null,
    website text,
    client_id text not null,
    secret_hash text not null,
    redirect_uris text not null,
    scopes text not null,
    created_at integer not null
);
create unique index oauth_app_client on oauth_app (client_id);

create table oauth_code (
    code_hash text primary key,
    app_id integer not null references oauth_app (id),
    member_id integer not null references member (actor_id),
    scopes text not null,
    redirect_uri text not null,
    challenge text,
    expires_at integer not null,
    used_by integer
);

create table oauth_token (
    id integer primary key,
    token_hash text not null,
    app_id integer not null references oauth_app (id),
    member_id integer references member (actor_id),
    scopes text not null,
    created_at integer not null,
    revoked_at integer
);
create unique index oauth_token_hash on oauth_token (token_hash);

-- A browser that is signed in to the node's own pages.
create table session (
    token_hash text primary key,
    account_id integer not null references account (id),
    csrf text not null,
    expires_at integer not null
);

-- A link that works once: the first administrator's.
create table invitation (
    token_hash text primary key,
    role text not null,
    expires_at integer not null,
    used_at integer
);

-- What this node knows of another.
create table host (
    name text primary key,
    policy text not null,
    software text,
    software_version text,
    software_checked_at integer,
    signature text,
    failures integer not null default 0,
    open_at integer not null default 0,
    succeeded_at integer,
    failed_at integer,
    last_error text
);

-- Activities of this node, stored once and delivered to many. `post_id` is the post whose words it carries.
create table activity (
    id integer primary key,
    uri text not null,
    actor_id integer not null references actor (id),
    post_id integer,
    body text not null,
    open boolean not null,
    at integer not null
);
create unique index activity_uri on activity (uri);
create index activity_post on activity (post_id);

-- One activity on its way to one inbox.
create table delivery (
    id integer primary key,
    activity_id integer not null references activity (id),
    host text not null,
    inbox text not null,
    thread text not null,
    attempts integer not null default 0,
    due_at integer not null,
    leased_until integer not null default 0,
    leased_by integer not null default 0,
    last_error text
);
create unique index delivery_once on delivery (activity_id, inbox);
create index delivery_host on delivery (host, id);
create index delivery_thread on delivery (host, thread, id);

-- What arrived, as it arrived, before anything is made of it.
create table inbox (
    id integer primary key,
    uri text not null,
    actor_uri text not null,
    body text not null,
    received_at integer not null,
    done_at integer,
    outcome text
);
create unique index inbox_uri on inbox (uri);
create index inbox_done on inbox (done_at);

create table job (
    id integer primary key,
    body text not null,
    sequence text not null,
    due_at integer not null,
    attempts integer not null default 0,
    leased_until integer not null default 0,
    leased_by integer not null default 0,
    last_error text
);
create index job_due on job (due_at);
create index job_sequence on job (sequence, id);

-- Who did what that others must be able to check later. Each line carries the hash of the one before.
create table audit (
    id integer primary key,
    at integer not null,
    account_id integer,
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

-- Folded words of public posts; `rowid` is the post's id.
create virtual table post_search using fts5 (words, tokenize = 'unicode61');
