//! The two schemas are one: same tables, same columns, same kinds, same nullability, same keys.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use tests::postgres;

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn columns(connection: &mut migrations::db::AnyConnection, query: &str) -> BTreeMap<String, (String, bool)> {
    let rows: Vec<Column> = diesel::sql_query(query).load(connection).unwrap();
    rows.into_iter().map(|c| (c.place, (c.kind, c.required))).collect()
}

fn lines(connection: &mut migrations::db::AnyConnection, query: &str) -> Vec<String> {
    let rows: Vec<Line> = diesel::sql_query(query).load(connection).unwrap();
    let mut lines: Vec<String> = rows.into_iter().map(|row| row.line).collect();
    lines.sort();
    lines
}

fn sqlite() -> migrations::db::AnyConnection {
    let mut connection = migrations::db::connect("sqlite::memory:").unwrap();
    migrations::migrate::run(&mut connection).unwrap();
    connection
}

const SQLITE_COLUMNS: &str = "
    SELECT t.name || '.' || c.name AS place, c.type AS kind, (c.\"notnull\" = 1) AS required
    FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '__diesel%'";

const POSTGRES_COLUMNS: &str = "
    SELECT table_name || '.' || column_name AS place, data_type AS kind, (is_nullable = 'NO') AS required
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'";

const SQLITE_FOREIGN: &str = "
    SELECT t.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || ' on delete ' || lower(f.on_delete) AS line
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";

const POSTGRES_FOREIGN: &str = "
    SELECT c.conrelid::regclass || '.' || a.attname || ' -> ' || c.confrelid::regclass || ' on delete '
        || CASE c.confdeltype WHEN 'c' THEN 'cascade' WHEN 'a' THEN 'no action' ELSE c.confdeltype::text END AS line
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f'";

const SQLITE_INDEXES: &str = "
    SELECT name AS line FROM sqlite_schema WHERE type = 'index' AND name NOT LIKE 'sqlite_%'";

const POSTGRES_INDEXES: &str = "
    SELECT indexname::text AS line FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE '%_pkey'
    AND indexname NOT LIKE '%_key'";

#[test]
#[ignore = "needs PostgreSQL; tests/run starts one"]
fn both_schemas_are_one() {
    let mut here = sqlite();
    let mut there = migrations::db::connect(&postgres::server().fresh_database()).unwrap();
    migrations::migrate::run(&mut there).unwrap();

    let same_kind = |lite: &str, pg: &str| {
        matches!(
            (lite, pg),
            ("BLOB", "uuid" | "bytea")
                | ("TEXT", "text")
                | ("INTEGER", "bigint" | "integer" | "boolean")
                | ("REAL", "double precision")
        )
    };
    let (a, b) = (columns(&mut here, SQLITE_COLUMNS), columns(&mut there, POSTGRES_COLUMNS));
    assert!(a.len() > 200, "the query finds the columns: {}", a.len());
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (place, (kind, required)) in &a {
        let (other, other_required) = &b[place];
        assert!(same_kind(kind, other), "{place}: {kind} and {other}");
        assert_eq!(required, other_required, "{place}");
    }
    assert_eq!(lines(&mut here, SQLITE_FOREIGN), lines(&mut there, POSTGRES_FOREIGN));
    assert_eq!(lines(&mut here, SQLITE_INDEXES), lines(&mut there, POSTGRES_INDEXES));
    assert!(
        migrations::migrate::run(&mut there).unwrap().is_empty(),
        "the second time there is nothing to do"
    );
}

#[test]
fn no_column_holds_an_immigration_status_or_an_open_name() {
    let listed = columns(&mut sqlite(), SQLITE_COLUMNS);
    let personal =
        ["given_name", "family_name", "father", "mother", "birth", "phone", "nationality", "passport"];
    for place in listed.keys() {
        let column = place.split('.').nth(1).unwrap();
        assert!(!column.contains("immigration") && !column.contains("legal_status"), "{place} (R-22)");
        if personal.iter().any(|word| column.contains(word)) {
            assert!(column.ends_with("_sealed"), "{place} looks personal and is not sealed");
        }
    }
}

#[test]
fn every_table_of_sqlite_is_strict() {
    let loose = lines(
        &mut sqlite(),
        "SELECT name AS line FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 \
         AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '__diesel%'",
    );
    assert_eq!(loose, Vec::<String>::new());
}
