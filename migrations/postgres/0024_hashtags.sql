-- What staff decide about hashtags, and which posts they keep from those who look around.

create table hashtag (
    tag text primary key,
    listable boolean not null,
    trendable boolean not null,
    usable boolean not null,
    decided_at bigint not null
);

create table trend_refusal (
    post_id bigint primary key references post (id)
);
