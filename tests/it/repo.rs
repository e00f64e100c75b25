//! Rules about the repository itself: what stands where, what may know what. Each rule is one test over the real
//! files, and one over a few made-up lines that shows it can fail.

mod source;

use std::fs;
use std::path::{Path, PathBuf};

use source::{code_only, module_of, names, own_paths, without_tests};

/// Our crates, and the folders of the top level.
const CRATES: [&str; 6] = ["api", "matcher", "crypto", "migrations", "tests", "benches"];

/// Lowest first: a module of `api` may import from rows above its own, and features from one another.
const LAYERS: [&[&str]; 12] = [
    &["kernel"],
    &["config"],
    &["db"],
    &["policy"],
    &["vault"],
    &["audit"],
    &["auth"],
    &["web"],
    FEATURES,
    &["app"],
    &["server"],
    &["cli"],
];

const FEATURES: &[&str] =
    &["account", "hsp", "people", "consent", "requests", "matches", "referrals", "reports", "oversight"];

const LONGEST_FILE: usize = 600;

/// A file of ours: its path from the root, and its text.
struct File {
    path: String,
    text: String,
}

impl File {
    /// Its place in `api/src`, when it stands there.
    fn in_api(&self) -> Option<&str> {
        self.path.strip_prefix("api/src/")
    }

    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every text file of the crates, and those of the top level.
fn files() -> Vec<File> {
    let mut paths: Vec<PathBuf> = top_level().into_iter().map(|name| root().join(name)).collect();
    paths.extend([".ci", ".cargo"].map(|folder| root().join(folder)));
    let mut files = Vec::new();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let inside =
                fs::read_dir(&path).expect("a readable folder").map(|entry| entry.expect("an entry").path());
            paths.extend(inside.filter(|path| !path.ends_with("target") && !path.ends_with("node_modules")));
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path =
                path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            files.push(File { path, text });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn rust_files() -> Vec<File> {
    files().into_iter().filter(|file| file.path.ends_with(".rs")).collect()
}

/// The visible names of the top level, without what building and trying leave behind.
fn top_level() -> Vec<String> {
    let entries = fs::read_dir(root()).expect("a readable root");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let built = |name: &String| name == "target" || name == "relink-demo" || name.contains(".sqlite");
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.') && !built(name)).collect();
    names.sort();
    names
}

/// Fails with every finding on a line of its own.
fn none(rule: &str, findings: Vec<String>) {
    assert!(findings.is_empty(), "{rule}\n  {}", findings.join("\n  "));
}

fn each(files: &[File], rule: impl Fn(&File) -> Vec<String>) -> Vec<String> {
    files
        .iter()
        .flat_map(|file| rule(file).into_iter().map(|what| format!("{}: {what}", file.path)))
        .collect()
}

// --- the top level ------------------------------------------------------------------------------------------------

fn unexpected_at_top(names: &[String]) -> Vec<String> {
    let agreed = |name: &str| {
        CRATES.contains(&name)
            || ["Cargo.toml", "Cargo.lock", "README.md"].contains(&name)
            || name.starts_with("LICENSE")
    };
    let missing = CRATES.iter().chain(&["Cargo.toml", "README.md", "LICENSE"]);
    let missing = missing.filter(|wanted| !names.iter().any(|name| name.starts_with(**wanted)));
    let extra = names.iter().filter(|name| !agreed(name)).map(|name| format!("{name} does not belong here"));
    missing.map(|name| format!("{name} is missing")).chain(extra).collect()
}

#[test]
fn the_top_level_is_as_agreed() {
    none(
        "the top level holds the six crates, Cargo files, licence and README",
        unexpected_at_top(&top_level()),
    );
}

#[test]
fn a_stray_or_missing_entry_at_the_top_is_noticed() {
    let mut names: Vec<String> = CRATES
        .iter()
        .chain(&["Cargo.toml", "Cargo.lock", "README.md", "LICENSE"])
        .map(|name| (*name).to_owned())
        .collect();
    assert!(unexpected_at_top(&names).is_empty());
    names.push("notes.txt".to_owned());
    names.retain(|name| name != "crypto");
    assert_eq!(unexpected_at_top(&names), ["crypto is missing", "notes.txt does not belong here"]);
}

// --- what a file looks like ---------------------------------------------------------------------------------------

fn without_front_page(file: &File) -> Vec<String> {
    let opens = file.text.trim_start_matches('\u{feff}').starts_with("//!");
    if opens { Vec::new() } else { vec!["does not open with //! saying what lives here and why".to_owned()] }
}

#[test]
fn every_source_file_opens_with_what_it_is_for() {
    none("source files begin with their documentation", each(&rust_files(), without_front_page));
}

fn too_long(file: &File) -> Vec<String> {
    let lines = file.text.lines().count();
    // A table that a program learned is looked up, not read.
    let learned = file.path == "matcher/data/edit_costs.txt";
    let written_by_hand = file.name() != "Cargo.lock" && !file.name().starts_with("LICENSE") && !learned;
    if lines > LONGEST_FILE && written_by_hand { vec![format!("{lines} lines")] } else { Vec::new() }
}

#[test]
fn no_file_is_too_long_to_read_at_once() {
    none("no file passes 600 lines; split it where its story does", each(&files(), too_long));
}

fn unfinished(file: &File) -> Vec<String> {
    // Put together, so that this file does not find itself.
    let marks =
        [["TO", "DO"], ["FIX", "ME"], ["to", "do!("], ["unimpl", "emented!("]].map(|parts| parts.concat());
    let word = |line: &str, mark: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == mark);
    let found = |line: &str| {
        marks.iter().any(|mark| word(line, mark) || (mark.ends_with('(') && line.contains(mark.as_str())))
    };
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| found(line))
        .map(|(at, line)| format!("{}: {}", at + 1, line.trim()))
        .collect()
}

#[test]
fn nothing_is_left_unfinished() {
    none("unfinished work is not committed", each(&files(), unfinished));
}

fn reaches_outside(file: &File) -> Vec<String> {
    let outside = [["/wo", "rk"], ["../sha", "red"]].map(|parts| parts.concat());
    let word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let named = |line: &str| {
        outside.iter().any(|place| {
            line.match_indices(place.as_str()).any(|(at, _)| {
                let before = line[..at].chars().next_back();
                !line[at + place.len()..].starts_with(word) && !before.is_some_and(|c| word(c) || c == '.')
            })
        })
    };
    let lines = file.text.lines().enumerate().filter(|(_, line)| named(line));
    lines.map(|(at, line)| format!("{}: {}", at + 1, line.trim())).collect()
}

#[test]
fn nothing_names_a_folder_outside_the_repository() {
    none("a clone must work alone, anywhere", each(&files(), reaches_outside));
}

#[test]
fn the_rules_on_a_file_can_fail() {
    let file = |text: String| File { path: "api/src/made_up.rs".to_owned(), text };
    assert_eq!(without_front_page(&file("use std::fs;".to_owned())).len(), 1);
    assert!(without_front_page(&file("//! What it is.\n".to_owned())).is_empty());
    assert_eq!(too_long(&file("\n".repeat(LONGEST_FILE + 1))), ["601 lines"]);
    assert!(too_long(&file("\n".repeat(LONGEST_FILE))).is_empty());
    assert_eq!(unfinished(&file(["fn a() {}\n// TO", "DO: more"].concat())).len(), 1);
    assert_eq!(unfinished(&file(["fn a() { to", "do!() }"].concat())).len(), 1);
    assert!(unfinished(&file("let mastodon = 1;".to_owned())).is_empty());
    assert_eq!(reaches_outside(&file(["open(\"/wo", "rk/x\")"].concat())).len(), 1);
    assert_eq!(reaches_outside(&file(["see ../sha", "red/x"].concat())).len(), 1);
    assert_eq!(reaches_outside(&file(["cd /wo", "rk"].concat())).len(), 1);
    assert!(reaches_outside(&file("a /workshop, a frame/work and ../sharedness".to_owned())).is_empty());
}

// --- which module may know which ----------------------------------------------------------------------------------

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

fn code_of(file: &File) -> String {
    without_tests(&code_only(&file.text))
}

fn upward_imports(file: &File) -> Vec<String> {
    let Some(place) = file.in_api() else { return Vec::new() };
    let module = module_of(place);
    // The crate's root only lists the modules.
    let Some(own) = module.first() else { return Vec::new() };
    let Some(own_layer) = layer(own) else {
        return vec![format!("module {own} has no layer: give it one in LAYERS")];
    };
    let mut findings = Vec::new();
    for path in own_paths(&code_of(file), &module) {
        let Some(target) = path.first().filter(|target| *target != own) else { continue };
        let allowed = match layer(target) {
            Some(other) => other < own_layer || (other == own_layer && FEATURES.contains(&own.as_str())),
            None => !target.chars().next().is_some_and(char::is_lowercase),
        };
        if !allowed {
            findings.push(format!("{own} may not import crate::{}", path.join("::")));
        }
    }
    findings
}

#[test]
fn imports_point_down() {
    none("imports of api point down the layers", each(&rust_files(), upward_imports));
}

/// The files inside a feature that only the feature itself may name; its front page re-exports what others need.
fn past_the_front_page(file: &File) -> Vec<String> {
    let Some(place) = file.in_api() else { return Vec::new() };
    let module = module_of(place);
    let own = module.first().map_or("", String::as_str);
    let inner = ["model", "store", "service", "routes", "pages"];
    let mut findings = Vec::new();
    for path in own_paths(&code_of(file), &module) {
        if let [feature, part, ..] = path.as_slice()
            && feature != own
            && FEATURES.contains(&feature.as_str())
            && inner.contains(&part.as_str())
            && !(own == "app" && ["routes", "pages"].contains(&part.as_str()))
        {
            findings.push(format!("crate::{} goes past the front page of {feature}", path.join("::")));
        }
    }
    findings
}

#[test]
fn a_feature_is_seen_through_its_front_page_only() {
    none(
        "name what mod.rs re-exports (app may name routes and pages)",
        each(&rust_files(), past_the_front_page),
    );
}

#[test]
fn the_rules_on_layers_can_fail() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let up = file("api/src/db/pool.rs", "use crate::{kernel::Clock, vault::{Vault}};");
    assert_eq!(upward_imports(&up), ["db may not import crate::vault::Vault"]);
    assert_eq!(upward_imports(&file("api/src/audit/mod.rs", "fn f(a: super::auth::Actor) {}")).len(), 1);
    assert_eq!(
        upward_imports(&file("api/src/attic/mod.rs", "")),
        ["module attic has no layer: give it one in LAYERS"]
    );
    assert!(
        upward_imports(&file("api/src/people/mod.rs", "use crate::consent::Kind; use crate::kernel::Clock;"))
            .is_empty()
    );
    assert!(
        upward_imports(&file("api/src/db/pool.rs", "#[cfg(test)] mod tests { use crate::app; }")).is_empty()
    );

    let around = file("api/src/matches/service.rs", "use crate::people::{Person, store::find};");
    assert_eq!(
        past_the_front_page(&around),
        ["crate::people::store::find goes past the front page of people"]
    );
    assert!(
        past_the_front_page(&file(
            "api/src/people/service.rs",
            "use super::store; use crate::people::model::Row;"
        ))
        .is_empty()
    );
    assert!(past_the_front_page(&file("api/src/app.rs", "use crate::people::routes;")).is_empty());
    assert_eq!(past_the_front_page(&file("api/src/app.rs", "use crate::people::store;")).len(), 1);
}

fn own_dependencies(manifest: &str) -> Vec<String> {
    let mut in_dependencies = false;
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
            let table = line.trim_matches(['[', ']']).rsplit_once("dependencies.").map(|(_, name)| name);
            found.extend(table.filter(|name| CRATES.contains(name)).map(str::to_owned));
        } else if in_dependencies {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            found.extend(CRATES.contains(&name).then(|| name.to_owned()));
        }
    }
    found
}

#[test]
fn matcher_crypto_and_migrations_know_none_of_our_crates() {
    let manifests = files().into_iter().filter(|file| {
        ["matcher/Cargo.toml", "crypto/Cargo.toml", "migrations/Cargo.toml"].contains(&file.path.as_str())
    });
    let manifests: Vec<File> = manifests.collect();
    assert_eq!(manifests.len(), 3);
    none(
        "these crates stand alone, so that each can be read and tested alone",
        each(&manifests, |file| own_dependencies(&file.text)),
    );
}

#[test]
fn a_dependency_on_our_own_crate_is_noticed() {
    let manifest = "[package]\nname = \"api\"\n[dependencies]\nserde = \"1\"\ncrypto = { workspace = true }\n[dev-dependencies.benches]\n[lints]\ntests = 1";
    assert_eq!(own_dependencies(manifest), ["crypto", "benches"]);
}

// --- what may be named where --------------------------------------------------------------------------------------

/// One name that may stand only in some places of the code (tests inside a file are not looked at).
struct Reserved {
    name: &'static str,
    why: &'static str,
    allowed: fn(&File) -> bool,
}

const RESERVED: [Reserved; 6] = [
    Reserved {
        name: "diesel",
        why: "queries stand in db, audit and store.rs, so that every row is read where its reach is checked",
        allowed: |file| {
            let query_places = ["migrations/", "tests/", "benches/", "api/src/db/", "api/src/audit/"];
            query_places.iter().any(|place| file.path.starts_with(place)) || is_part(file, "store")
        },
    },
    Reserved {
        name: "actix_web",
        why: "HTTP stops at auth, web, routes, pages, app and server; services know requests and answers by their meaning",
        allowed: |file| {
            let web_places = [
                "tests/",
                "benches/",
                "api/src/auth/",
                "api/src/web/",
                "api/src/app/",
                "api/src/app.rs",
                "api/src/server.rs",
            ];
            web_places.iter().any(|place| file.path.starts_with(place))
                || is_part(file, "routes")
                || is_part(file, "pages")
        },
    },
    Reserved { name: "Utc::now", why: "time is handed in by kernel::Clock", allowed: is_clock },
    Reserved { name: "SystemTime::now", why: "time is handed in by kernel::Clock", allowed: is_clock },
    Reserved {
        name: "ReceiptPress",
        why: "only the audit log makes receipts, or plaintext could be opened without a line",
        allowed: |file| {
            let wiring =
                ["api/src/vault/", "api/src/audit/", "api/src/app/", "api/src/app.rs", "api/src/lib.rs"];
            wiring.iter().any(|place| file.path.starts_with(place))
        },
    },
    Reserved {
        name: "Actor::authenticated",
        why: "only sign-in and the command line say who somebody is",
        allowed: |file| {
            ["api/src/auth/", "api/src/cli/", "tests/"].iter().any(|place| file.path.starts_with(place))
        },
    },
];

/// `store.rs`, or a file of a folder `store/`.
fn is_part(file: &File, part: &str) -> bool {
    file.name() == format!("{part}.rs") || file.path.contains(&format!("/{part}/"))
}

fn is_clock(file: &File) -> bool {
    file.path == "api/src/kernel/clock.rs"
}

fn out_of_place(rule: &Reserved, file: &File) -> Vec<String> {
    if !(rule.allowed)(file) && names(&code_of(file), rule.name) {
        vec![format!("names {}: {}", rule.name, rule.why)]
    } else {
        Vec::new()
    }
}

#[test]
fn reserved_names_stand_in_their_places_only() {
    let files = rust_files();
    for rule in &RESERVED {
        none(rule.name, each(&files, |file| out_of_place(rule, file)));
    }
}

#[test]
fn every_reserved_name_is_noticed_elsewhere_and_left_alone_at_home() {
    let homes = [
        "api/src/people/store.rs",
        "api/src/people/routes.rs",
        "api/src/kernel/clock.rs",
        "api/src/kernel/clock.rs",
        "api/src/audit/log.rs",
        "api/src/auth/session.rs",
    ];
    for (rule, home) in RESERVED.iter().zip(homes) {
        let file = |path: &str, text: String| File { path: path.to_owned(), text };
        let code = format!("fn f() {{ {}::x() }}", rule.name);
        assert_eq!(
            out_of_place(rule, &file("api/src/people/service.rs", code.clone())).len(),
            1,
            "{}",
            rule.name
        );
        assert!(out_of_place(rule, &file(home, code.clone())).is_empty(), "{} in {home}", rule.name);
        let comment = format!("// {}\nlet text = \"{}\";", rule.name, rule.name);
        assert!(out_of_place(rule, &file("api/src/people/service.rs", comment)).is_empty());
        let in_tests = format!("#[cfg(test)]\nmod tests {{ {code} }}");
        assert!(out_of_place(rule, &file("api/src/people/service.rs", in_tests)).is_empty());
    }
}
