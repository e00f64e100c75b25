//! The invented world: three societies on one route, their points, an account for each role, and everything that
//! happened there in forty days.

use std::fmt::Write;
use std::sync::Arc;

use chrono::Duration;
use serde_json::json;

use super::stage::{HARBOUR, House, Stage, Who, form};
use super::{cases, decisions, people, referring};
use crate::auth::{Core, Language, Login, NewAccount, Password, accounts, enrol};
use crate::cli::{CliError, open, societies};
use crate::config::Config;
use crate::db::DbError;
use crate::hsp::{self, PointForm};
use crate::kernel::{Chance, Clock, FixedClock, PointId, Reference, SystemClock};
use crate::policy::{ManageAccounts, ManagePoints, Role, system};

/// How long ago the story begins.
const BEGINS: Duration = Duration::days(40);

/// The societies: code, name, country.
const SOCIETIES: [(House, &str, &str, &str); 3] = [
    (House::North, "north", "Society of the North Shore", "ITA"),
    (House::East, "east", "Society of the East Gate", "TUR"),
    (House::South, "south", "Society of the South Road", "TUN"),
];

/// Who can sign in, and what to try first.
const ROLES: [(Role, &str); 7] = [
    (Role::Intake, "record a visit under a minute: with a name, or with none"),
    (Role::Caseworker, "open a request, read who it may be and why, propose somebody"),
    (Role::Reviewer, "decide on what the caseworker proposed"),
    (Role::ProtectionOfficer, "see what is overdue, answer the inbox, refer the person below"),
    (Role::Auditor, "see who saw the person below, and what intake read at night; verify the log"),
    (Role::DataProtectionOfficer, "tell the person below who opened their file"),
    (Role::Administrator, "invite somebody; and find that no case can be read"),
];

/// Who plays a part in the other societies.
const ELSEWHERE: [Who; 4] = [
    (House::East, Role::Caseworker),
    (House::East, Role::Reviewer),
    (House::East, Role::ProtectionOfficer),
    (House::South, Role::ProtectionOfficer),
];

/// Builds everything and gives the sign-ins as text.
pub(super) fn build(config: Config) -> Result<String, CliError> {
    let now = SystemClock.now();
    let clock = Arc::new(FixedClock::at(now.minus(BEGINS)));
    let keeper = open::keeper(&config)?;
    let core = Core::open(config, Box::new(keeper), clock.clone(), Arc::new(Chance::system()))?;
    let mut stage = Stage::new(core, clock, now);
    for (house, code, name, country) in SOCIETIES {
        let id = societies::create(&stage.core, code, name, country)?;
        stage.societies.insert(house, id);
    }
    register(&mut stage)?;
    let mut told = String::from("Sign in there with (no second factor, since nothing is real):\n\n");
    for (role, first) in ROLES {
        let (login, password) = account(&mut stage, (House::North, role))?;
        tell(&mut told, &login, &password, first);
    }
    told.push_str("\n  and in the other societies on the route:\n\n");
    for who in ELSEWHERE {
        let (login, password) = account(&mut stage, who)?;
        tell(&mut told, &login, &password, "the same records, seen from outside");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| CliError::new(format!("no threads to build with: {e}")))?;
    let person = runtime.block_on(async {
        let met = people::meet(&stage).await?;
        let opened = cases::open_all(&stage).await?;
        let last = decisions::decide(&stage, &met, &opened).await?;
        referring::refer(&stage, &met).await?;
        decisions::propose_last(&stage, last).await?;
        Ok::<_, CliError>(met.watched)
    })?;
    // Writing to a text cannot fail.
    let _ = writeln!(told, "\n  The person below is {person}: several people opened their file.");
    Ok(told)
}

fn tell(told: &mut String, login: &str, password: &str, first: &str) {
    // Writing to a text cannot fail.
    let _ = writeln!(told, "  {login:<26}{password}   {first}");
}

/// Points of all five kinds and of three societies, and the route that leads along them.
fn register(stage: &mut Stage) -> Result<(), CliError> {
    use House::{East, North, South};
    let points = [
        (North, "harbour", "Harbour House", "fixed", "port", "ITA", None),
        (North, "rescue", "Rescue at Sea", "at_sea", "ship", "ITA", Some("Albatross")),
        (East, "gate", "Gate Bus", "mobile", "border_crossing", "TUR", None),
        (East, "camp", "Winter Tents", "temporary", "camp", "TUR", None),
        (South, "road", "Road Kiosk", "semi_fixed", "bus_station", "TUN", None),
    ];
    let may = system::<ManagePoints>("demo")?;
    for (house, code, name, kind, place, country, vessel) in points {
        let opens = (kind == "temporary").then(|| stage.day(60).to_string());
        let point = form::<PointForm>(json!({
            "code": code, "name": name, "kind": kind, "place_type": place, "country": country, "vessel": vessel,
            "opens_on": opens,
            "services": ["food", "water", "first_aid", "rfl_tracing", "communication_connectivity"],
        }))?
        .parse()?;
        let (core, society) = (&stage.core, stage.society(house)?);
        let id = core.db.write_here(|tx| {
            let id = hsp::insert_point(tx, core, society, &point, None)?;
            core.audit.append(tx, &may, |e| e.on(id).detail("point_created"))?;
            Ok::<_, DbError>(id)
        })?;
        stage.points.push(id);
    }
    let (core, home) = (&stage.core, stage.society(North)?);
    let order: Vec<PointId> = stage.points.iter().rev().copied().collect();
    core.db.write_here(|tx| {
        let route = hsp::insert_route(tx, core, home, ("central", "Central route"), &order)?;
        core.audit.append(tx, &may, |e| e.on(route).detail("route_created"))?;
        Ok::<_, DbError>(())
    })?;
    Ok(())
}

/// Makes an account, ready to sign in, and lets it act. Gives login and password.
fn account(stage: &mut Stage, who: Who) -> Result<(String, String), CliError> {
    let (house, role) = who;
    let word = role.code().replace('_', "-");
    let (login, point) = match house {
        House::North => (word, Some(stage.point(HARBOUR)?)),
        House::East => (format!("east-{word}"), None),
        House::South => (format!("south-{word}"), None),
    };
    let new = NewAccount {
        society: stage.society(house)?,
        point,
        login: Login::parse("login", &login)?,
        role,
        language: Language::English,
    };
    let core = &stage.core;
    // Four groups of five random letters and digits: strong, and still typed in a minute.
    let password: String = Reference::new(&core.chance).as_str().chars().take(23).collect();
    let may = system::<ManageAccounts>("demo")?;
    let caller = core.db.write_here(|tx| {
        let id = accounts::create(tx, core, &may, &new)?.account;
        enrol::ready(tx, core, &may, id, &Password::new(password.as_str()), false)?;
        enrol::acting(tx, core, id)
    })?;
    stage.callers.insert(who, caller);
    Ok((login, password))
}
