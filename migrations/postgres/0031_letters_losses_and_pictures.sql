-- A link in a letter works for the address that it was sent to, and for no other that its account has meanwhile.
alter table mail_link add column email text not null default '';
update mail_link set email = (select a.email from account a where a.id = mail_link.account_id);

-- Follows end also when a member blocks a host for themselves.
alter table severance add column kind text not null default 'domain_block';

-- A picture that somebody chose to be shown first of a file has a shape of its own.
alter table media add column cover_width bigint;
alter table media add column cover_height bigint;
