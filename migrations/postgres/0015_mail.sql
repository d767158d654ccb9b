-- Mail: who still has to confirm an address, and the links that letters carry, of which only hashes are kept.

-- By when the address has to be confirmed, or the account is forgotten; without it nothing has to be.
alter table account add column confirm_by bigint;
create index account_confirm_by on account (confirm_by) where confirm_by is not null;

-- A link in a letter. It works once, so it goes when it is used.
create table mail_link (
    token_hash text primary key,
    kind text not null,
    account_id bigint not null references account (id),
    sent_at bigint not null,
    expires_at bigint not null
);
create index mail_link_account on mail_link (account_id, kind);
create index mail_link_expires on mail_link (expires_at);
