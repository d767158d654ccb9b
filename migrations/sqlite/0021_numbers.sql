-- Lists of numbers are looked up by the index here already; this number belongs to PostgreSQL.

select 1;
