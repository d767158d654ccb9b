-- What clients could ask for and was not kept: the languages in which one reads somebody one follows.

alter table follow add column languages text not null default '[]';
