//! Files come in through the real program: bad rows never stop good ones, and no kill loses or doubles a record.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::BuildHasher;
use std::time::Duration;

use api::db::schema::{
    audit_leaves, changes, consents, contacts, data_keys, import_runs, people, request_states,
    service_points, tracing_requests,
};
use api::kernel::RequestId;
use diesel::prelude::*;
use tests::postgres;
use tests::program::Installation;

use crate::relink;

/// Rows of each table.
fn counts(place: &Installation) -> BTreeMap<&'static str, i64> {
    let mut conn = migrations::db::connect(place.url()).unwrap();
    macro_rules! count {
        ($($table:ident),*) => {
            BTreeMap::from([$((stringify!($table), $table::table.count().get_result(&mut conn).unwrap())),*])
        };
    }
    count!(people, contacts, consents, changes, data_keys, service_points, import_runs, audit_leaves)
}

fn contacts_in(place: &Installation) -> i64 {
    let mut conn = migrations::db::connect(place.url()).unwrap();
    contacts::table.count().get_result(&mut conn).unwrap()
}

fn write(place: &Installation, name: &str, text: &str) -> String {
    let path = place.folder().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

const HEADER: &str = "contact_id,service_point,contact_date,name,sex,birth_date,birth_year,nationality\n";

#[test]
fn good_rows_come_in_and_bad_ones_are_told_by_line_and_column() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let rows = "C1,Kakuma,2024-05-01,Amina Hassan,female,,1990,SOM\n\
                C2,Kakuma,2024-05-02,محمد علي,m,1988-02-03,,\n\
                C3,Kakuma,2024-13-02,Bad Date,male,,,\n\
                C4,,2024-05-02,No Point,male,1891-01-01,,ZZZ\n\
                C5,Kakuma,2024-05-02,Too,many,cells,here,now,x\n\
                C6,Dadaab,2024-05-03,Fatuma Ali,woman,,2012,SOM\n\
                C7,Dadaab,2024-05-03,Fatuma Ali,f,,2012,SOM\n";
    let file = write(&place, "a.csv", &format!("{HEADER}{rows}"));
    let words = ["import", "contacts", &file, "--society", "here", "--consent", "tracing_search"];

    let all_refused = place.run(&words).well();
    assert!(all_refused.contains("0 rows taken, 7 refused"), "{all_refused}");
    assert_eq!(counts(&place)["service_points"], 0);

    let again = [&words[..], &["--create-points", "--again"]].concat();
    let said = place.run(&again).well();
    assert!(said.contains("3 rows taken, 4 refused"), "{said}");
    assert!(said.contains("2 service points were opened"), "{said}");
    assert!(said.contains("1 of these may be minors"), "{said}");
    let report = fs::read_to_string(format!("{file}.refused.csv")).unwrap();
    let told: Vec<(&str, &str)> = report
        .lines()
        .skip(1)
        .map(|l| (l.split(',').next().unwrap(), l.split(',').nth(1).unwrap()))
        .collect();
    let expected = [
        ("4", "contact_date"),
        ("5", "service_point"),
        ("5", "birth_date"),
        ("5", "nationality"),
        ("6", ""),
        ("7", "sex"),
    ];
    assert_eq!(told, expected);
    for value in ["2024-13", "ZZZ", "woman", "No Point"] {
        assert!(!report.contains(value), "{value} stands in the report");
    }
    let now = counts(&place);
    // The child of line 8 has no adult's consent: stored, and not to be found.
    assert_eq!((now["people"], now["contacts"], now["data_keys"], now["consents"]), (3, 3, 3, 2));
}

#[test]
fn what_a_register_says_was_decided_for_a_child_is_taken_over() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let text = format!("{HEADER}C1,Kakuma,2024-05-01,Fatuma Ali,f,,2019,SOM\n");
    let file = write(&place, "a.csv", &text);
    let words = ["import", "contacts", &file, "--society", "here", "--create-points"];
    let decided = ["--minors-consent-by", "best_interest_decision", "--minors-assent", "too_young"];
    let said = place.run(&[&words[..], &["--consent", "tracing_search"], &decided].concat()).well();
    assert!(said.contains("1 rows taken, 0 refused"), "{said}");
    let mut conn = migrations::db::connect(place.url()).unwrap();
    let givers: Vec<String> = consents::table.select(consents::given_by).load(&mut conn).unwrap();
    assert_eq!(givers, ["best_interest_decision"]);
}

#[test]
fn a_finished_file_does_nothing_again_however_it_is_packed() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let text = format!("{HEADER}C1,Kakuma,2024-05-01,Amina Hassan,female,,1990,SOM\n");
    let file = write(&place, "a.csv", &text);
    let words = |file: &str| {
        ["import", "contacts", file, "--society", "here", "--create-points"].map(str::to_owned).to_vec()
    };
    let said = place.run(&words(&file)).well();
    assert!(said.contains("1 rows taken, 0 refused"), "{said}");
    assert!(said.contains("1 people were stored but cannot be found"), "{said}");
    assert!(!place.folder().join("a.csv.refused.csv").exists());
    let before = counts(&place);
    let copy = write(&place, "b.csv", &text);
    for file in [&file, &copy] {
        assert!(place.run(&words(file)).well().contains("was imported before"));
    }
    assert_eq!(counts(&place), before);
    let mut again = words(&file);
    again.push("--again".into());
    assert!(place.run(&again).well().contains("1 rows taken"));
    assert_eq!(counts(&place)["contacts"], 2);
}

#[test]
fn json_lines_come_in_with_the_same_keys() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let lines = "{\"service_point\":\"Kakuma\",\"contact_date\":\"2024-05-01\",\"name\":\"Amina\",\"birth_year\":1990,\
                 \"phones\":[\"+254 700 000 001\",\"+254 700 000 002\"],\"consent\":\"none\"}\n\
                 {\"service_point\":\"Kakuma\",\"name\":\"Ali\",\"visa\":\"x\"}\nnot json\n";
    let file = write(&place, "a.jsonl", lines);
    let said = place
        .run(&[
            "import",
            "contacts",
            &file,
            "--society",
            "here",
            "--create-points",
            "--consent",
            "tracing_search",
        ])
        .well();
    assert!(said.contains("1 rows taken, 2 refused"), "{said}");
    let now = counts(&place);
    assert_eq!((now["people"], now["consents"]), (1, 0));
}

#[test]
fn a_consent_without_words_in_the_language_is_refused_by_its_row() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let rows = "{\"service_point\":\"Kakuma\",\"name\":\"Amina\",\"birth_year\":1990,\"consent\":\"tracing_search\"}\n\
                {\"service_point\":\"Kakuma\",\"name\":\"Ali\",\"birth_year\":1990,\"consent\":\"none\"}\n";
    let file = write(&place, "a.jsonl", rows);
    let mut words = vec!["import", "contacts", &file, "--society", "here", "--create-points"];
    words.extend(["--consent-language", "tlh"]);
    let said = place.run(&words).well();
    assert!(said.contains("1 rows taken, 1 refused"), "{said}");
    let report = fs::read_to_string(format!("{file}.refused.csv")).unwrap();
    assert!(report.contains("1,consent,has no words in the language of this import"), "{report}");
}

/// Two sisters in one request, a brother in another.
#[test]
fn requests_come_in_assessed_with_their_history_and_leaves() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let rows = "request_id,request_group,name,sex,birth_year,last_contact_date,enquirer_name,relation\n\
                R1,A,Amina Hassan,female,1990,2024-05-01,Hassan Ali,daughter\n\
                R2,A,Hodan Hassan,female,1992,2024-05-01,Hassan Ali,daughter\n\
                R3,,Yusuf Omar,male,1988,,Omar Said,son\n\
                R4,,Bad Year,male,88x,,Omar Said,son\n";
    let file = write(&place, "requests.csv", rows);
    let words = ["import", "requests", &file, "--society", "here"];
    let before = counts(&place);
    let said = place.run(&words).well();
    assert!(said.contains("3 rows taken, 1 refused"), "{said}");
    let now = counts(&place);
    // Two enquirers and three sought people, each with a key; the index hears of those sought.
    assert_eq!((now["people"], now["data_keys"], now["changes"]), (5, 5, 3));
    // Begun, finished, the batch; and for each request: opened, and three moves.
    assert_eq!(now["audit_leaves"] - before["audit_leaves"], 3 + 2 * 4);
    let mut conn = migrations::db::connect(place.url()).unwrap();
    let requests: Vec<(RequestId, String, i64)> = tracing_requests::table
        .select((tracing_requests::id, tracing_requests::state, tracing_requests::version))
        .load(&mut conn)
        .unwrap();
    assert_eq!(requests.len(), 2);
    for (id, state, version) in requests {
        assert_eq!((state.as_str(), version), ("searching", 1));
        let course: Vec<(String, String)> = request_states::table
            .filter(request_states::request_id.eq(id))
            .order(request_states::at)
            .select((request_states::from_state, request_states::to_state))
            .load(&mut conn)
            .unwrap();
        let course: Vec<(&str, &str)> =
            course.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
        let expected =
            [("draft", "draft"), ("draft", "pre_case"), ("pre_case", "accepted"), ("accepted", "searching")];
        assert_eq!(course, expected);
    }
    place.run(&["audit", "verify"]).well();
    assert!(place.run(&words).well().contains("was imported before"));
}

#[test]
fn what_cannot_be_imported_at_all_is_refused_before_anything_is_stored() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let csv = write(&place, "a.csv", "name,passport\nAmina,1\n");
    let damaged = write(&place, "b.csv.gz", "this is not packed");
    let other = write(&place, "c.xlsx", "x");
    for (file, society, expected) in [
        (csv.as_str(), "here", "passport"),
        (&damaged, "here", "cannot be read, or is damaged"),
        (&other, "here", ".jsonl"),
        ("missing.csv", "here", "missing.csv"),
        (&csv, "nowhere", "nowhere"),
    ] {
        let err = place.run(&["import", "contacts", file, "--society", society]).badly();
        assert!(err.contains(expected), "{file}: {err}");
    }
    assert_eq!(counts(&place)["people"], 0);
}

/// Some thousand rows, one in fifty bad; killed again and again while they come in: at the start, between batches,
/// within one.
fn kills(place: &Installation) {
    place.ready();
    const ROWS: usize = 5000;
    const BAD: usize = 50;
    let rows: String = (0..ROWS)
        .map(|i| {
            let sex = if i % BAD == 7 { "neither" } else { "female" };
            format!("C{i},Point {},2024-05-01,Amina {i},{sex},,1990,SOM\n", i % 9)
        })
        .collect();
    let file = write(place, "many.csv", &format!("{HEADER}{rows}"));
    let words =
        ["import", "contacts", &file, "--society", "here", "--create-points", "--consent", "tracing_search"];
    let pauses = RandomState::new();
    let (mut kills, mut last) = (0, 0);
    loop {
        let mut import = place.start(&words);
        // Every second time, let it commit something first; so the file comes to its end after many kills.
        while kills % 2 == 1 && !import.has_ended() && contacts_in(place) == last {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(pauses.hash_one(kills) % 200));
        if import.has_ended() {
            assert!(import.end().success());
            break;
        }
        import.kill();
        kills += 1;
        let now = contacts_in(place);
        assert!(now >= last, "contacts went from {last} to {now}");
        last = now;
    }
    assert!(place.run(&words).well().contains("was imported before"));
    assert!(kills >= 10, "only {kills} kills hit the import; the file is too small for this machine");

    let good = (ROWS - ROWS / BAD) as i64;
    let now = counts(place);
    for table in ["people", "contacts", "data_keys", "consents", "changes"] {
        assert_eq!(now[table], good, "{table} after {kills} kills");
    }
    assert_eq!((now["service_points"], now["import_runs"]), (9, 1));
    let report = fs::read_to_string(format!("{file}.refused.csv")).unwrap();
    let lines: Vec<usize> =
        report.lines().skip(1).map(|l| l.split(',').next().unwrap().parse().unwrap()).collect();
    // The header is line 1, so record i stands in line i + 2.
    let expected: Vec<usize> = (0..ROWS).filter(|i| i % BAD == 7).map(|i| i + 2).collect();
    assert_eq!(lines, expected, "the report after {kills} kills");
}

#[test]
fn no_kill_loses_or_doubles_a_record_on_sqlite() {
    kills(&Installation::on_sqlite(relink()));
}

#[test]
#[ignore = "needs PostgreSQL; tests/run starts one"]
fn no_kill_loses_or_doubles_a_record_on_postgres() {
    kills(&Installation::on_postgres(relink(), postgres::server()));
}
