//! The invented world: three societies on one route, their points, one account for each role, the people and requests.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::people;
use crate::auth::{Core, Language, Login, NewAccount, Password, accounts, enrol};
use crate::cli::{CliError, societies};
use crate::db::DbError;
use crate::hsp::{self, PointForm};
use crate::kernel::{PointId, Reference, SocietyId};
use crate::policy::{Caller, ManageAccounts, ManagePoints, Role, system};

/// Who acts in the making of the world, and where.
pub(super) struct Cast {
    pub(super) callers: BTreeMap<Role, Caller>,
    pub(super) points: Vec<PointId>,
}

/// Builds everything and gives the sign-ins as text.
pub(super) fn build(core: &Core) -> Result<String, CliError> {
    let home = societies::create(core, "north", "Society of the North Shore", "ITA")?;
    let east = societies::create(core, "east", "Society of the East Gate", "TUR")?;
    let south = societies::create(core, "south", "Society of the South Road", "TUN")?;
    let points = [
        point(core, home, "harbour", "Harbour House", "fixed", "port", "ITA", None)?,
        point(core, home, "rescue", "Rescue at Sea", "at_sea", "ship", "ITA", Some("Albatross"))?,
        point(core, east, "gate", "Gate Bus", "mobile", "border_crossing", "TUR", None)?,
        point(core, east, "camp", "Winter Tents", "temporary", "camp", "TUR", None)?,
        point(core, south, "road", "Road Kiosk", "semi_fixed", "bus_station", "TUN", None)?,
    ];
    let may = system::<ManagePoints>("demo")?;
    core.db.write_here(|tx| {
        let order: Vec<PointId> = points.iter().rev().copied().collect();
        let route = hsp::insert_route(tx, core, home, ("central", "Central route"), &order)?;
        core.audit.append(tx, &may, |e| e.on(route).detail("route_created"))?;
        Ok::<_, DbError>(())
    })?;
    let mut told = String::from("Sign in with (no second factor in an invented world):\n\n");
    let mut callers = BTreeMap::new();
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::System) {
        let (login, password, caller) = account(core, role, home, points[0])?;
        // Writing to a text cannot fail.
        let _ = writeln!(told, "  {login:<26}{password}");
        callers.insert(role, caller);
    }
    people::fill(core, &Cast { callers, points: points.to_vec() })?;
    Ok(told)
}

#[expect(clippy::too_many_arguments, reason = "a row of the table above")]
fn point(
    core: &Core,
    society: SocietyId,
    code: &str,
    name: &str,
    kind: &str,
    place: &str,
    country: &str,
    vessel: Option<&str>,
) -> Result<PointId, CliError> {
    let opens = (kind == "temporary").then(|| core.clock.now().day().to_string());
    let form = json!({
        "code": code, "name": name, "kind": kind, "place_type": place, "country": country, "vessel": vessel,
        "opens_on": opens, "services": ["food", "water", "first_aid", "rfl_tracing", "communication_connectivity"],
    });
    let point = people::form::<PointForm>(form)?.parse()?;
    let may = system::<ManagePoints>("demo")?;
    Ok(core.db.write_here(|tx| {
        let id = hsp::insert_point(tx, core, society, &point, None)?;
        core.audit.append(tx, &may, |e| e.on(id).detail("point_created"))?;
        Ok::<_, DbError>(id)
    })?)
}

fn account(
    core: &Core,
    role: Role,
    society: SocietyId,
    point: PointId,
) -> Result<(String, String, Caller), CliError> {
    let login = role.code().replace('_', "-");
    let new = NewAccount {
        society,
        point: Some(point),
        login: Login::parse("login", &login)?,
        role,
        language: Language::English,
    };
    // Four groups of five random letters and digits: strong, and still typed in a minute.
    let password: String = Reference::new(&core.chance).as_str().chars().take(23).collect();
    let may = system::<ManageAccounts>("demo")?;
    let caller = core.db.write_here(|tx| {
        let id = accounts::create(tx, core, &may, &new)?.account;
        enrol::ready(tx, core, &may, id, &Password::new(password.as_str()), false)?;
        enrol::acting(tx, core, id)
    })?;
    Ok((login, password, caller))
}
