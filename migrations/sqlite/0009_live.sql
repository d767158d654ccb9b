-- What reaches clients that wait: changes for those who listen now, and where to push for those who do not.

-- What changed a moment ago. Each process that has listeners reads on from what it has seen.
create table change (
    id integer primary key,
    body text not null
);

-- Where a client wants to be told of notifications while nobody looks at it: one address for each token.
create table push_subscription (
    token_id integer primary key references oauth_token (id),
    endpoint text not null,
    p256dh text not null,
    auth text not null,
    standard boolean not null,
    policy text not null,
    alerts text not null
);
