//! The program as an operator meets it: what it says, what it refuses, how it starts and ends.

use std::fs;
use std::net::TcpListener;

use api::policy::Role;
use tests::postgres::{Durability, Server};
use tests::program::{Installation, get};

use crate::relink;

#[test]
fn help_explains_every_command() {
    let place = Installation::on_sqlite(relink());
    let help = place.run(&["--help"]).well();
    for command in ["serve", "migrate", "keys", "societies", "users", "import", "match", "audit"] {
        assert!(help.contains(command), "{command} is missing:\n{help}");
        let more = place.run(&[command, "--help"]).well();
        assert!(more.contains("--config") || more.contains("Commands:"), "{command}:\n{more}");
    }
    for (command, words) in
        [("rank", ["--out", "contacts.csv", "--model"]), ("evaluate", ["truth.csv", "groups.csv", "--pairs"])]
    {
        assert!(help.contains(command), "{command} is missing:\n{help}");
        let more = place.run(&[command, "--help"]).well();
        assert!(!more.contains("--config"), "{command} needs no configuration:\n{more}");
        for word in words {
            assert!(more.contains(word), "{command}: {word} is missing:\n{more}");
        }
    }
    let nothing = place.run::<&str>(&[]);
    assert_eq!(nothing.status.code(), Some(2), "no command is no success");
    let import = place.run(&["import", "contacts", "--help"]).well();
    for word in ["--create-points", "--consent", "service_point", "birth_year", "--minors-consent-by"] {
        assert!(import.contains(word), "{word} is missing:\n{import}");
    }
}

#[test]
fn a_wrong_configuration_is_refused_by_the_name_of_the_key() {
    let place = Installation::on_sqlite(relink());
    place.configure("lissten = \"127.0.0.1:1\"\n");
    let err = place.run(&["migrate"]).badly();
    assert!(err.contains("lissten"), "{err}");
    let err = place.run(&["migrate", "--config", "elsewhere.toml"]).badly();
    assert!(err.contains("elsewhere.toml"), "{err}");
    place.configure("");
    let wrong = place.command(&["migrate"]).env("RELINK_DATABASE__CONECTIONS", "3").output().unwrap();
    assert!(String::from_utf8_lossy(&wrong.stderr).to_lowercase().contains("conections"));
}

#[test]
fn every_step_of_the_first_start_says_what_is_missing_and_works_once_it_is_there() {
    let place = Installation::on_sqlite(relink());
    let without_key = place.run(&["serve"]).badly();
    assert!(without_key.contains("root.key"), "{without_key}");
    place.run(&["keys", "create", "--without-passphrase"]).well();
    let twice = place.run(&["keys", "create", "--without-passphrase"]).badly();
    assert!(twice.contains("root.key"), "{twice}");
    for command in [&["serve"][..], &["societies", "list"], &["users", "list"]] {
        let err = place.run(command).badly();
        assert!(err.contains("relink migrate"), "{command:?}: {err}");
    }
    assert!(place.run(&["migrate"]).well().contains("applied"));
    assert!(place.run(&["migrate"]).well().contains("up to date"));
    place.run(&["societies", "create", "here", "Here", "KEN"]).well();
    for (words, expected) in [
        (["societies", "create", "here", "Again", "KEN"], "here"),
        (["societies", "create", "Not A Code", "X", "KEN"], "small letters"),
        (["societies", "create", "there", "There", "Kenya"], "alpha-3"),
    ] {
        let err = place.run(&words).badly();
        assert!(err.contains(expected), "{words:?}: {err}");
    }
    assert!(place.run(&["societies", "list"]).well().contains("Here"));
    assert!(place.run(&["keys", "list"]).well().contains("here"));
    assert!(place.run(&["keys", "rotate", "nowhere"]).badly().contains("nowhere"));
    place.run(&["audit", "verify"]).well();
}

#[test]
fn another_root_key_is_told_apart_from_a_database_that_is_away() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    fs::remove_file(place.folder().join("root.key")).unwrap();
    place.run(&["keys", "create", "--without-passphrase"]).well();
    for command in [&["serve"][..], &["users", "list"]] {
        let err = place.run(command).badly();
        assert!(err.contains("keys.root_file"), "{command:?}: {err}");
    }
}

#[test]
fn an_account_begins_with_a_code_and_nobody_else_chooses_its_password() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let create = |role: &str, login: &str| {
        place.run(&["users", "create", "--society", "here", "--role", role, "--login", login])
    };
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::System | Role::Intake)) {
        let said = create(role.code(), &format!("{}-1", role.code().replace('_', "-"))).well();
        let code = said.lines().map(str::trim).find(|line| line.len() == 31 && line.contains('-'));
        assert!(code.is_some(), "no enrolment code for {role}:\n{said}");
    }
    for (role, login, expected) in [
        ("system", "sys-1", "administrator"),
        ("intake", "intake-1", "point"),
        ("auditor", "auditor-1", "taken"),
        ("auditor", "A B", "a-z"),
    ] {
        let err = create(role, login).badly();
        assert!(err.contains(expected), "{role} {login}: {err}");
    }
    let listed = place.run(&["users", "list"]).well();
    assert!(listed.contains("auditor-1") && listed.contains("invited"), "{listed}");
    place.run(&["users", "disable", "auditor-1"]).well();
    assert!(place.run(&["users", "list"]).well().contains("disabled"));
    let again = place.run(&["users", "reset", "auditor-1"]).well();
    assert!(again.contains("auditor-1 enrols at"), "{again}");
    assert!(place.run(&["users", "enable", "nobody-1"]).badly().contains("nobody-1"));
    place.run(&["audit", "verify"]).well();
}

#[test]
fn the_service_starts_answers_and_ends_when_told() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let mut server = place.start(&["serve"]);
    let address = server.wait_ready();
    assert_eq!(get(&format!("{address}/health/live")).0, 204);
    assert!(server.stop().success(), "an end in order is a success");
    assert_eq!(get(&format!("{address}/health/live")).0, 0, "nobody answers any more");
    place.serve().kill();
    place.serve();
}

/// A configuration of the usual one with one line in another's place.
fn with(place: &Installation, line: &str, instead: &str) {
    place.configure("");
    let file = place.folder().join("relink.toml");
    let text = fs::read_to_string(&file).unwrap();
    let changed: Vec<_> = text.lines().map(|l| if l.starts_with(line) { instead } else { l }).collect();
    assert_ne!(changed.join("\n"), text.trim_end(), "no line begins with {line}");
    fs::write(&file, changed.join("\n")).unwrap();
}

/// What a command says when it fails: one sentence, and no panic.
fn one_sentence(place: &Installation, words: &[&str]) -> String {
    let err = place.run(words).badly();
    let told: Vec<_> = err.lines().filter(|line| line.starts_with("relink: ")).collect();
    assert_eq!(told.len(), 1, "{words:?}: {err}");
    assert!(err.trim_end().ends_with(told[0]) && !err.contains("panicked"), "{words:?}: {err}");
    told[0].to_owned()
}

#[test]
fn whatever_keeps_the_service_from_starting_is_told_in_one_sentence_that_names_the_key() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let nowhere = place.folder().join("relink.toml/inside");
    let wrong = place.folder().join("wrong.txt");
    fs::write(&wrong, "fourteen wet horses\n").unwrap();
    let wrong = wrong.display().to_string();

    with(&place, "checkpoints", &format!("checkpoints = \"{}\"", nowhere.display()));
    for words in [&["serve"][..], &["societies", "list"]] {
        let told = one_sentence(&place, words);
        assert!(told.contains("audit.checkpoints") && told.contains("relink.toml/inside"), "{told}");
    }
    with(&place, "url", &format!("url = \"sqlite:{}/x.sqlite\"", nowhere.display()));
    for words in [&["serve"][..], &["migrate"], &["users", "list"]] {
        assert!(one_sentence(&place, words).contains("database.url"), "{words:?}");
    }
    with(&place, "url", "url = \"mysql://localhost/relink\"");
    assert!(one_sentence(&place, &["serve"]).contains("sqlite: or postgres://"));
    // Port 1 of this machine: nobody listens there. The service waits for its database; a command does not.
    with(&place, "url", "url = \"postgres://relink:not-for-logs@127.0.0.1:1/relink\"");
    for words in [&["migrate"][..], &["users", "list"], &["audit", "verify"]] {
        let output = place.run(words).badly();
        assert!(output.contains("database") && !output.contains("not-for-logs"), "{words:?}: {output}");
    }
    let told = one_sentence(&place, &["users", "list"]);
    assert!(told.contains("database.url") && told.contains("127.0.0.1"), "{told}");

    with(&place, "root_file", &format!("root_file = \"{}\"", nowhere.display()));
    assert!(one_sentence(&place, &["serve"]).contains("keys.root_file"));
    with(&place, "checkpoints", "checkpoints = 7");
    assert!(one_sentence(&place, &["serve"]).contains("checkpoints"));

    // A key with a passphrase: the wrong one, none that could be typed, a file that is not there.
    let right = place.folder().join("right.txt");
    fs::write(&right, "nineteen dry camels\n").unwrap();
    let locked = place.folder().join("locked.key").display().to_string();
    let key = |file: &str| {
        with(&place, "root_file", &format!("root_file = \"{locked}\"\npassphrase_file = \"{file}\""));
    };
    key(&right.display().to_string());
    place.run(&["keys", "create"]).well();
    key(&wrong);
    let told = one_sentence(&place, &["serve"]);
    assert!(told.contains("keys.root_file") && told.contains("passphrase does not fit"), "{told}");
    key(&nowhere.display().to_string());
    assert!(one_sentence(&place, &["serve"]).contains("keys.passphrase_file"));
    with(&place, "root_file", &format!("root_file = \"{locked}\""));
    assert!(one_sentence(&place, &["serve"]).contains("keys.passphrase_file"), "nobody is there to type it");
}

#[test]
fn a_taken_port_is_named() {
    let place = Installation::on_sqlite(relink());
    place.ready();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().to_string();
    let output = place.command(&["serve"]).env("RELINK_SERVER__LISTEN", &port).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && err.contains("server.listen") && err.contains(&port), "{err}");
}

#[test]
#[ignore = "needs PostgreSQL; tests/run starts one"]
fn a_service_waits_for_its_database_and_says_that_it_is_not_ready() {
    let database = Server::start(Durability::None).expect("a database");
    let place = Installation::on_postgres(relink(), &database);
    place.ready();
    let server = place.serve();
    let address = server.address();
    drop(database);
    assert_eq!(get(&format!("{address}/health/live")).0, 204);
    assert_eq!(get(&format!("{address}/health/ready")).0, 503);
    assert!(server.stop().success(), "it ends in order without its database too");

    let port = address.rsplit(':').next().unwrap().to_owned();
    let mut command = place.command(&["serve"]);
    command.env("RELINK_SERVER__LISTEN", format!("127.0.0.1:{port}"));
    let waiting = place.start_command(command);
    waiting.wait_until(|| get(&format!("{address}/health/live")).0 == 204);
    assert_eq!(get(&format!("{address}/health/ready")).0, 503);
    assert_eq!(get(&format!("{address}/")).0, 503);
    let complaints = waiting.complaints();
    assert!(complaints.contains("waiting for it"), "{complaints}");
    assert!(waiting.stop().success());
}
