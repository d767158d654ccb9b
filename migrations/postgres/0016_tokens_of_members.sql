-- With every notification it is asked where a member's clients want to be told of it: by the tokens of that member, and
-- not by looking at everybody's.
create index oauth_token_member on oauth_token (member_id);
