//! Everybody written down at the points: three hundred who passed alone, families, travelling groups, people at risk,
//! and visits of nobody in particular.

use serde_json::{Value, json};

use super::names::{CULTURES, Culture};
use super::stage::{GATE, HARBOUR, INTAKE, OFFICER, RESCUE, ROAD, Stage, form};
use crate::cli::CliError;
use crate::db::DbError;
use crate::hsp;
use crate::kernel::{GroupId, PersonId, PointId};
use crate::people::{self, At, ContactForm, Recorded};
use crate::policy::{ReadPerson, RecordContact, system};
use crate::web::Idempotency;

/// How many passed alone.
const ALONE: usize = 300;
/// Numbers from here on were never met.
pub(super) const NEVER_MET: usize = ALONE;
/// Met alone at Harbour House, found again, and glad that the family hears so.
pub(super) const GLAD: usize = 0;
/// Met alone on the ship, found again, and wants nobody to hear anything.
pub(super) const SILENT: usize = 66;

const FAMILIES: usize = 6;
const TRAVELLERS: usize = 3;

/// Who is who among those met.
pub(super) struct Met {
    /// Those who passed alone, by number.
    pub(super) alone: Vec<PersonId>,
    /// The families, each as [`family`] lists it.
    pub(super) families: Vec<Vec<PersonId>>,
    /// Adults at Harbour House who agreed to be referred.
    pub(super) referable: Vec<PersonId>,
    /// An adult at the Gate Bus who agreed to be referred.
    pub(super) from_the_gate: PersonId,
    /// An adult at the Road Kiosk who agreed to be referred.
    pub(super) from_the_road: PersonId,
    /// A child with nobody.
    pub(super) child: PersonId,
    /// Somebody whose file several people open.
    pub(super) watched: PersonId,
}

/// Which of a people's names somebody bears.
pub(super) struct Names {
    pub(super) culture: usize,
    pub(super) woman: bool,
    pub(super) given: usize,
    pub(super) family: usize,
    pub(super) father: usize,
    pub(super) mother: Option<usize>,
    pub(super) born: usize,
}

impl Names {
    /// The same number is the same person.
    pub(super) fn of(number: usize) -> Self {
        let at = number / CULTURES.len();
        Self {
            culture: number,
            woman: number.is_multiple_of(2),
            given: at / 2,
            family: at / 6,
            father: at / 18 + 1,
            mother: None,
            born: 1958 + (number * 7) % 46,
        }
    }

    pub(super) fn culture(&self) -> &'static Culture {
        CULTURES.get(self.culture % CULTURES.len()).unwrap_or(&CULTURES[0])
    }

    /// As one desk writes it down: `spelling` says which.
    pub(super) fn written(&self, spelling: usize) -> Value {
        let culture = self.culture();
        let pick = |names: &'static [&'static [&'static str]], at: usize| {
            let spellings = names.get(at % names.len()).copied().unwrap_or_default();
            spellings.get(spelling % spellings.len().max(1)).copied().unwrap_or_default()
        };
        let given = pick(if self.woman { culture.women } else { culture.men }, self.given);
        let family = pick(culture.families, self.family);
        let born = if spelling == 0 { self.born } else { self.born + self.born % 2 };
        json!({
            "full_name": format!("{given} {family}"), "given_names": given, "family_names": family,
            "father_name": pick(culture.men, self.father),
            "mother_name": self.mother.map(|at| pick(culture.women, at)),
            "sex": if self.woman { "female" } else { "male" },
            "birth": {"date": born.to_string(), "estimated": true},
            "nationalities": [culture.nationality], "languages": [culture.language],
            "origin": {"name": culture.origin, "country": culture.nationality},
        })
    }
}

/// A family of six: names, what each is to the head, and how old. The four children share their parents and differ in
/// little else: whoever looks for one must not be shown another as the same.
pub(super) fn family(number: usize, this_year: usize) -> [(Names, &'static str); 6] {
    let one = |woman, given: usize, age| Names {
        culture: number,
        woman,
        given: number + given,
        family: number,
        father: number,
        mother: Some(number),
        born: this_year - age,
    };
    [
        (Names { father: number + 2, mother: None, ..one(false, 0, 51) }, "head"),
        (Names { father: number + 1, mother: None, ..one(true, 0, 48) }, "partner"),
        (one(true, 1, 25), "child"),
        (one(false, 1, 23), "child"),
        (one(true, 2, 21), "child"),
        (one(false, 2, 13), "child"),
    ]
}

pub(super) fn this_year(stage: &Stage) -> usize {
    stage.day(0).to_string().get(..4).and_then(|year| year.parse().ok()).unwrap_or(2026)
}

pub(super) fn yes(kind: &str) -> Value {
    answer(kind, "given", "person", "not_needed")
}

fn answer(kind: &str, status: &str, by: &str, assent: &str) -> Value {
    json!({"kind": kind, "status": status, "given_by": by, "assent": assent, "method": "oral_witnessed", "language": "en"})
}

/// Writes everybody down, those who passed long ago first.
pub(super) async fn meet(stage: &Stage) -> Result<Met, CliError> {
    let alone = passed_alone(stage)?;
    let mut families = Vec::new();
    for number in 0..FAMILIES {
        stage.until_hour(38 - number as i64, 9, 20);
        families.push(passed_together(stage, number).await?);
    }
    for number in 0..TRAVELLERS {
        stage.until_hour(32, 10 + number as i64, 5);
        travelled_together(stage, number).await?;
    }
    stage.until_hour(31, 11, 0);
    let mut referable = Vec::new();
    for number in 0..7 {
        stage.pass(25);
        referable.push(agrees_to_referrals(stage, HARBOUR, 400 + number * 9).await?);
    }
    let from_the_gate = agrees_to_referrals(stage, GATE, 480).await?;
    let from_the_road = agrees_to_referrals(stage, ROAD, 491).await?;
    let child = nobody_with(stage).await?;
    nobody_in_particular(stage).await?;
    let watched = nth(&alone, GLAD)?;
    Ok(Met { alone, families, referable, from_the_gate, from_the_road, child, watched })
}

/// One of a list that is long enough.
pub(super) fn nth<T: Copy>(list: &[T], at: usize) -> Result<T, CliError> {
    list.get(at).copied().ok_or_else(|| CliError::new("somebody is missing in the invented world"))
}

/// The printed reference of somebody met in the North.
pub(super) async fn reference(stage: &Stage, person: PersonId) -> Result<String, CliError> {
    let may = stage.may::<ReadPerson>(OFFICER)?;
    Ok(people::reach(&stage.core, &may, person).await?.0.reference)
}

/// Three hundred in one transaction: a paper register typed in on the first day.
fn passed_alone(stage: &Stage) -> Result<Vec<PersonId>, CliError> {
    let core = &stage.core;
    stage.until_hour(39, 8, 30);
    let today = core.clock.now().day();
    let may = system::<RecordContact>("demo")?;
    let mut contacts = Vec::with_capacity(ALONE);
    for number in 0..ALONE {
        let mut consents = vec![yes("collect_and_store")];
        // Every twelfth does not want to be looked for: stored, and never found.
        if number % 12 != 11 {
            consents.push(yes("tracing_search"));
        }
        // A third agrees to nothing beyond the society that met them.
        if number % 3 != 1 {
            consents.push(yes("share_within_network"));
        }
        match number {
            GLAD => consents.extend(["share_safe_and_well_only", "share_with_partner"].map(yes)),
            SILENT => consents.extend(
                ["share_safe_and_well_only", "share_location_with_enquirer"]
                    .map(|kind| answer(kind, "refused", "person", "not_needed")),
            ),
            _ => {}
        }
        let contact: ContactForm = form(json!({
            "kind": if number % 5 == RESCUE { "rescue_at_sea" } else { "service_visit" },
            "contact_on": stage.day(40 + (number as i64 * 7) % 330).to_string(),
            "services": ["food", "water"], "person": Names::of(number).written(0), "consents": consents,
            "wants_contact": if number == SILENT { "no" } else { "yes" },
        }))?;
        contacts.push(contact.parse(today)?);
    }
    let met = core.db.write_here(|tx| {
        let mut met = Vec::new();
        for (contact, point) in contacts.iter().zip(stage.points.iter().cycle()) {
            let at = At { point: *point, place: hsp::meeting_place(tx, *point)?, by: None };
            met.extend(people::put_contact(tx, core, contact, &at, None)?.0.person);
        }
        core.audit.append(tx, &may, |e| e.about_all(met.iter().copied()).detail("invented_people"))?;
        Ok::<_, DbError>(met)
    })?;
    Ok(met)
}

/// One contact: by the volunteer of Harbour House, or by the service for points whose staff play no part.
async fn record(stage: &Stage, point: usize, mut contact: Value) -> Result<Recorded, CliError> {
    let may = if point == HARBOUR { stage.may(INTAKE)? } else { system::<RecordContact>("demo")? };
    let at: PointId = stage.point(point)?;
    if let Some(fields) = contact.as_object_mut() {
        fields.insert("point".into(), json!(at.to_string()));
    }
    Ok(people::record(&stage.core, may, Idempotency::none(), &form(contact)?).await?)
}

fn person_of(recorded: &Recorded) -> Result<PersonId, CliError> {
    recorded.person.ok_or_else(|| CliError::new("somebody was met and not written down"))
}

/// Joins a group, or makes it when nobody is in it yet.
fn group(id: Option<GroupId>, kind: &str, role: &str) -> Value {
    match id {
        Some(id) => json!({"id": id.to_string(), "role": role}),
        None => json!({"kind": kind, "role": role}),
    }
}

async fn passed_together(stage: &Stage, number: usize) -> Result<Vec<PersonId>, CliError> {
    let point = [HARBOUR, HARBOUR, GATE, ROAD, HARBOUR, RESCUE].get(number).copied().unwrap_or(HARBOUR);
    let mut members = Vec::new();
    let mut id = None;
    for (names, role) in family(number, this_year(stage)) {
        stage.pass(6);
        let child = names.born + 18 > this_year(stage);
        let (by, assent) = if child { ("parent", "given") } else { ("person", "not_needed") };
        let kinds = ["collect_and_store", "tracing_search", "share_within_network"];
        let met = record(
            stage,
            point,
            json!({
                "kind": "service_visit", "services": ["food", "water", "shelter_rest"],
                "person": names.written(0), "wants_contact": "yes",
                "consents": kinds.map(|kind| answer(kind, "given", by, assent)),
                "group": group(id, "family", role),
            }),
        )
        .await?;
        id = id.or(met.group);
        members.push(person_of(&met)?);
    }
    Ok(members)
}

/// Three who met on the way: each names the other two.
async fn travelled_together(stage: &Stage, number: usize) -> Result<(), CliError> {
    let three = [0, 8, 16].map(|step| Names::of(500 + number + step * 3).written(0));
    let mut id = None;
    for (at, person) in three.iter().enumerate() {
        stage.pass(4);
        let others = three.iter().enumerate().filter(|(other, _)| *other != at);
        let companions: Vec<Value> = others
            .map(|(_, other)| json!({"relation": "travel_companion", "name": other["full_name"]}))
            .collect();
        let met = record(
            stage,
            HARBOUR,
            json!({
                "kind": "service_visit", "services": ["food", "communication_connectivity"], "person": person,
                "consents": [yes("collect_and_store"), yes("tracing_search")], "wants_contact": "later",
                "companions": companions, "group": group(id, "travelling", "companion"),
                "next_place": {"name": "Lyon", "country": "FRA"},
            }),
        )
        .await?;
        id = id.or(met.group);
    }
    Ok(())
}

async fn agrees_to_referrals(stage: &Stage, point: usize, number: usize) -> Result<PersonId, CliError> {
    let kinds = [
        "collect_and_store",
        "tracing_search",
        "share_within_network",
        "share_with_partner",
        "medical_sharing",
    ];
    let met = record(
        stage,
        point,
        json!({
            "kind": "service_visit", "services": ["first_aid", "water"], "person": Names::of(number).written(0),
            "consents": kinds.map(yes), "wants_contact": "not_asked",
        }),
    )
    .await?;
    person_of(&met)
}

/// A girl who came alone: kept for her own vital interest, and looked for because her best interest was decided on.
async fn nobody_with(stage: &Stage) -> Result<PersonId, CliError> {
    stage.until_hour(30, 17, 40);
    let met = record(
        stage,
        HARBOUR,
        json!({
            "kind": "child_identified", "services": ["safe_space_women_children"],
            "person": {"full_name": "Samrawit", "original_script_name": "ሳምራዊት", "sex": "female",
                       "birth": {"age": 11, "possibly_under_18": true}, "nationalities": ["ERI"],
                       "protection": {"concerns": [], "care": "unaccompanied", "risk": "high"}},
            "legal_basis": "vital_interest",
        }),
    )
    .await?;
    let child = person_of(&met)?;
    for kind in ["tracing_search", "share_with_partner"] {
        let decided = form(answer(kind, "given", "best_interest_decision", "given"))?;
        people::answer(&stage.core, stage.may(OFFICER)?, Idempotency::none(), child, &decided).await?;
    }
    Ok(child)
}

/// Visits without a name, and one whose name was refused: only the services are kept.
async fn nobody_in_particular(stage: &Stage) -> Result<(), CliError> {
    stage.until_hour(29, 8, 10);
    for services in
        [["first_aid", "water"], ["food", "water"], ["clothing", "food"], ["food", "wash_facility"]]
    {
        stage.pass(17);
        record(stage, HARBOUR, json!({"kind": "service_visit", "services": services})).await?;
    }
    let refused = json!({
        "kind": "service_visit", "services": ["food"], "person": {"full_name": "Yonas"},
        "consents": [answer("collect_and_store", "refused", "person", "not_needed")],
    });
    record(stage, HARBOUR, refused).await?;
    Ok(())
}
