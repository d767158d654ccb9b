-- A link in a letter works for the address that it was sent to, and for no other that its account has meanwhile.
alter table mail_link add column email text not null default '';
update mail_link set email = (select a.email from account a where a.id = mail_link.account_id);
