//! The families who ask: thirty-some requests, most of them searched, some waiting for a decision before that.

use chrono::Duration;
use serde_json::{Value, json};

use super::names::CULTURES;
use super::people::{GLAD, NEVER_MET, Names, SILENT, family, this_year};
use super::stage::{CASEWORKER, House, Stage, Who, form};
use crate::cli::CliError;
use crate::kernel::RequestId;
use crate::policy::Role;
use crate::requests::{self, MoveForm, NewRequest, RequestForm};
use crate::web::Idempotency;

const EAST_CASEWORKER: Who = (House::East, Role::Caseworker);

/// Requests of the North for somebody who travels alone.
const ALONE: usize = 22;
/// Their people were met at points of the North.
pub(super) const FOUND_AT_HOME: [usize; 5] = [10, 110, 165, 176, 231];
/// Families one child of which is sought, by their number.
pub(super) const SIBLINGS: [usize; 3] = [0, 1, 4];
/// Where the sought child stands among the family.
pub(super) const SOUGHT_CHILD: usize = 2;

/// The requests that decisions are made about.
pub(super) struct Opened {
    /// The person sought was met, and wants the family to hear that.
    pub(super) glad: RequestId,
    /// The person sought was met, and refused all contact.
    pub(super) silent: RequestId,
    /// Others of the North whose person was met there.
    pub(super) at_home: Vec<RequestId>,
    /// Of the North, in the order of [`SIBLINGS`]; each seeks one child of a family that was met whole.
    pub(super) siblings: Vec<RequestId>,
    /// Of the North, for people met elsewhere or never.
    pub(super) others: Vec<RequestId>,
    /// Of the East, for people met in the North.
    pub(super) of_the_east: Vec<RequestId>,
}

pub(super) async fn open_all(stage: &Stage) -> Result<Opened, CliError> {
    let mut others = Vec::new();
    for number in 1..ALONE - FOUND_AT_HOME.len() {
        stage.until(Duration::days(28 - number as i64 / 3));
        // Two of three were met at a point of another society.
        let who = if number % 3 == 2 { NEVER_MET + number * 11 } else { number * 15 + 2 + number % 2 };
        others.push(search_for(stage, CASEWORKER, who).await?);
    }
    // Those about which there is something to decide come last: lists begin with the newest.
    let mut at_home = Vec::new();
    for number in FOUND_AT_HOME {
        stage.until(Duration::days(21));
        at_home.push(search_for(stage, CASEWORKER, number).await?);
    }
    let mut siblings = Vec::new();
    for number in SIBLINGS {
        stage.until(Duration::days(20));
        siblings.push(search_for_a_child_of(stage, number).await?);
    }
    not_searched(stage).await?;
    stage.until(Duration::days(18));
    let silent = search_for(stage, CASEWORKER, SILENT).await?;
    let glad = search_for(stage, CASEWORKER, GLAD).await?;
    let mut of_the_east = Vec::new();
    for number in [45, 60, 105] {
        stage.until(Duration::days(18));
        of_the_east.push(search_for(stage, EAST_CASEWORKER, number).await?);
    }
    Ok(Opened { glad, silent, at_home, siblings, others, of_the_east })
}

/// Three that are not searched: under assessment, under suspicion of a conflict of interest, set aside.
async fn not_searched(stage: &Stage) -> Result<(), CliError> {
    stage.until(Duration::days(19));
    let waiting = open(stage, CASEWORKER, alone(stage, 401)).await?;
    course(stage, CASEWORKER, waiting, &["pre_case"]).await?;
    let mut flagged = alone(stage, 412);
    flagged["circumstances"]["concerns"] = json!(["debt_or_payment"]);
    let flagged = open(stage, CASEWORKER, flagged).await?;
    course(stage, CASEWORKER, flagged, &["pre_case"]).await?;
    let aside = search_for(stage, CASEWORKER, 423).await?;
    let step: MoveForm = form(json!({"version": 4, "to": "suspended", "reason": "enquirer_unreachable"}))?;
    Ok(requests::advance(&stage.core, stage.may(CASEWORKER)?, aside, step).await?)
}

/// What a family tells: the sought in another spelling than the points wrote down.
fn alone(stage: &Stage, number: usize) -> Value {
    let names = Names::of(number);
    let relation = if names.woman { "sister" } else { "brother" };
    request(stage, number, names.written(1 + number % 2), relation, names.culture().origin)
}

fn request(stage: &Stage, number: usize, sought: Value, relation: &str, origin: &str) -> Value {
    let last_heard: String = stage.day(430).to_string().chars().take(7).collect();
    let circulation =
        ["ITA", "TUR", "TUN"].map(|c| json!({"kind": "country", "recipient": c, "rule": "allow"}));
    json!({
        "channel": "in_person", "interview_language": "en",
        "enquirer": Names::of(number + CULTURES.len() * 3).written(1),
        "safe_contact": {"times": "evenings", "may_leave_message": false},
        "circumstances": {"cause": "migration", "story": "The family has not heard since the crossing."},
        "sought": [{"person": sought, "relation": relation, "last_contact": {"on": last_heard},
                    "last_place": {"name": origin}}],
        "circulation": circulation,
    })
}

async fn search_for(stage: &Stage, who: Who, number: usize) -> Result<RequestId, CliError> {
    let id = open(stage, who, alone(stage, number)).await?;
    course(stage, who, id, &["pre_case", "accepted", "searching"]).await?;
    Ok(id)
}

/// The elder daughter of a family is sought; parents and three others of her name were met with her.
async fn search_for_a_child_of(stage: &Stage, number: usize) -> Result<RequestId, CliError> {
    let [_, _, (daughter, _), ..] = family(number, this_year(stage));
    let told = request(stage, 700 + number, daughter.written(1), "niece", daughter.culture().origin);
    let id = open(stage, CASEWORKER, told).await?;
    course(stage, CASEWORKER, id, &["pre_case", "accepted", "searching"]).await?;
    Ok(id)
}

async fn open(stage: &Stage, who: Who, told: Value) -> Result<RequestId, CliError> {
    stage.pass(20);
    let new = NewRequest::parse(form::<RequestForm>(told)?, stage.core.clock.now().day())?;
    Ok(requests::open(&stage.core, stage.may(who)?, Idempotency::none(), new).await?)
}

async fn course(stage: &Stage, who: Who, id: RequestId, states: &[&str]) -> Result<(), CliError> {
    for (version, to) in (1..).zip(states) {
        stage.pass(3);
        let step: MoveForm = form(json!({"version": version, "to": to}))?;
        requests::advance(&stage.core, stage.may(who)?, id, step).await?;
    }
    Ok(())
}
