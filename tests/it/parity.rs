//! The two engines hold the same tables and promise the same about them, so one statement can serve both.
//!
//! Each engine is asked for facts about its tables, worded alike: `id bigint not null`, `unique (host, handle)`,
//! `actor_id -> actor.id`. The two lists must be equal.

use std::collections::{BTreeMap, BTreeSet};

use crate::databases;

/// Kept by each engine in its own way, or by the migrator.
const NOT_COMPARED: [&str; 2] = ["post_search", "_sqlx_migrations"];

const SQLITE_FACTS: [&str; 4] = [
    // SQLite calls every whole number an integer, whatever its size.
    "select t.name, c.name || ' '
         || case lower(c.type) when 'integer' then 'bigint' when 'real' then 'double precision'
            when 'blob' then 'bytea' else lower(c.type) end
         || case when c.\"notnull\" or c.pk > 0 then ' not null' else '' end
         || case when c.dflt_value is not null then ' default' else '' end
     from pragma_table_list t join pragma_table_info(t.name) c where t.type = 'table' and t.schema = 'main'",
    "select t.name, 'unique (' || (select group_concat(name, ', ') from
         (select name from pragma_table_info(t.name) where pk > 0 order by pk)) || ')'
     from pragma_table_list t where t.type = 'table' and t.schema = 'main'
         and exists (select 1 from pragma_table_info(t.name) where pk > 0)",
    "select t.name, 'unique (' || (select group_concat(name, ', ') from
         (select coalesce(name, 'expression') as name from pragma_index_info(i.name) order by seqno)) || ')'
         || case when i.partial then ' where some' else '' end
     from pragma_table_list t join pragma_index_list(t.name) i
     where t.type = 'table' and t.schema = 'main' and i.\"unique\" and i.origin <> 'pk'",
    "select t.name, f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\"
     from pragma_table_list t join pragma_foreign_key_list(t.name) f where t.type = 'table' and t.schema = 'main'",
];

const POSTGRES_FACTS: [&str; 3] = [
    "select table_name::text, column_name || ' ' || data_type
         || case when is_nullable = 'NO' then ' not null' else '' end
         || case when column_default is not null then ' default' else '' end
     from information_schema.columns where table_schema = current_schema()",
    "select t.relname::text, 'unique (' || (select string_agg(coalesce(a.attname::text, 'expression'), ', '
             order by k.place) from unnest(i.indkey::int2[]) with ordinality k (number, place)
             left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number and k.number > 0) || ')'
         || case when i.indpred is not null then ' where some' else '' end
     from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace
     where n.nspname = current_schema() and i.indisunique",
    "select t.relname::text, a.attname || ' -> ' || u.relname || '.' || b.attname
     from pg_constraint c join pg_namespace n on n.oid = c.connamespace
     join pg_class t on t.oid = c.conrelid join pg_class u on u.oid = c.confrelid
     cross join lateral unnest(c.conkey, c.confkey) k (mine, theirs)
     join pg_attribute a on a.attrelid = t.oid and a.attnum = k.mine
     join pg_attribute b on b.attrelid = u.oid and b.attnum = k.theirs
     where n.nspname = current_schema() and c.contype = 'f'",
];

type Row = (String, String);

#[tokio::test]
async fn both_engines_hold_the_same_tables() {
    let Some(mut postgres) = databases::postgres("parity").await else { return };
    let mut sqlite = databases::sqlite().await;
    let mut facts: [Vec<Row>; 2] = Default::default();
    for question in SQLITE_FACTS {
        let answer = sqlx::query_as(question).fetch_all(&mut sqlite).await;
        facts[0].append(&mut answer.expect("SQLite tells about its tables"));
    }
    for question in POSTGRES_FACTS {
        let answer = sqlx::query_as(question).fetch_all(&mut *postgres).await;
        facts[1].append(&mut answer.expect("PostgreSQL tells about its tables"));
    }
    let [sqlite, postgres] = facts.map(by_table);
    assert!(sqlite.values().flatten().any(|fact| fact.contains(" -> ")), "nothing was asked: {sqlite:?}");
    let differences =
        [missing("PostgreSQL", &sqlite, &postgres), missing("SQLite", &postgres, &sqlite)].concat();
    assert!(
        differences.is_empty(),
        "the schemas differ; make the two migrations agree:\n{}",
        differences.join("\n")
    );
}

fn by_table(rows: Vec<Row>) -> BTreeMap<String, BTreeSet<String>> {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, fact) in rows {
        if !NOT_COMPARED.contains(&table.as_str()) && !table.starts_with("sqlite_") {
            tables.entry(table).or_default().insert(fact);
        }
    }
    tables
}

/// What one engine says and the other does not.
fn missing(
    engine: &str,
    here: &BTreeMap<String, BTreeSet<String>>,
    there: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<String> {
    let none = BTreeSet::new();
    here.iter()
        .flat_map(|(table, facts)| {
            let others = there.get(table).unwrap_or(&none);
            facts.difference(others).map(move |fact| format!("{engine} lacks in `{table}`: {fact}"))
        })
        .collect()
}
