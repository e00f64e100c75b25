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
    for command in ["serve", "migrate", "keys", "societies", "users", "import", "audit"] {
        assert!(help.contains(command), "{command} is missing:\n{help}");
        let more = place.run(&[command, "--help"]).well();
        assert!(more.contains("--config") || more.contains("Commands:"), "{command}:\n{more}");
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
