//! People passed on to the service they need, in every state a referral can be in; a child whom only a team may see;
//! and looks at files that an auditor would ask about.

use chrono::Duration;
use serde_json::{Value, json};

use super::people::{Met, nth};
use super::stage::{
    AUDITOR, CASEWORKER, DATA_OFFICER, HARBOUR, House, INTAKE, OFFICER, ROAD, Stage, Who, form,
};
use crate::cli::CliError;
use crate::kernel::{PageRequest, PersonId, ReferralId};
use crate::oversight;
use crate::people::{self, RestrictionForm};
use crate::policy::{ReadPerson, Role};
use crate::referrals::providers::service as directory;
use crate::referrals::{self, Side, Step};
use crate::web::Idempotency;

const EAST_OFFICER: Who = (House::East, Role::ProtectionOfficer);
const SOUTH_OFFICER: Who = (House::South, Role::ProtectionOfficer);

/// A referral on its way.
struct Referral {
    id: ReferralId,
    version: i64,
}

pub(super) async fn refer(stage: &Stage, met: &Met) -> Result<(), CliError> {
    let [clinic, legal, shelter, children] = providers(stage).await?;
    let person = |at| nth(&met.referable, at);
    let own = ["full_name", "sex", "birth", "languages", "need"];

    // Done and followed up.
    stage.until_hour(10, 9, 30);
    let mut done = draft(stage, OFFICER, person(0)?, &legal, ("normal", "legal_assistance"), &own).await?;
    sent(stage, OFFICER, &mut done).await?;
    steps(stage, OFFICER, &mut done, &["acknowledge", "accept", "start"]).await?;

    // Restricted to a team: the officer and the caseworker who looks for the family.
    let caseworker = stage.callers.get(&CASEWORKER).and_then(|caller| caller.actor.account());
    let read = people::restriction(&stage.core, &stage.may(OFFICER)?, met.child).await?;
    let team: RestrictionForm = form(json!({
        "version": read.version, "restricted": true, "team": caseworker.map(|id| id.to_string()).as_slice(),
    }))?;
    people::restrict(&stage.core, stage.may(OFFICER)?, met.child, &team).await?;

    // At the road: served, and nobody has asked the person yet.
    stage.until_hour(8, 11, 0);
    let road = receiver("point", stage.point(ROAD)?);
    let mut served =
        draft(stage, OFFICER, person(1)?, &road, ("normal", "family_reunification"), &own).await?;
    sent(stage, OFFICER, &mut served).await?;
    stage.until_hour(7, 10, 0);
    steps(stage, SOUTH_OFFICER, &mut served, &["acknowledge", "accept", "start"]).await?;

    stage.until_hour(6, 9, 0);
    let well = json!({"step": "complete", "outcome": {"code": "service_provided"}});
    go(stage, OFFICER, &mut done, well.clone()).await?;
    go(stage, SOUTH_OFFICER, &mut served, well).await?;
    let talk = json!({"step": "close", "follow_up": {
        "by": "phone", "on": stage.day(6).to_string(), "need_met": "yes"}});
    go(stage, OFFICER, &mut done, talk).await?;
    at_night(stage, met).await?;

    // No bed tonight.
    stage.until_hour(4, 16, 0);
    let mut full = draft(stage, OFFICER, person(2)?, &shelter, ("urgent", "shelter_rest"), &own).await?;
    sent(stage, OFFICER, &mut full).await?;
    go(stage, OFFICER, &mut full, json!({"step": "reject", "reason": "no_capacity"})).await?;

    // Does not want it after all.
    stage.until_hour(3, 9, 0);
    let mut declined =
        draft(stage, OFFICER, person(3)?, &legal, ("normal", "legal_assistance"), &own).await?;
    go(stage, OFFICER, &mut declined, json!({"step": "decline", "reason": "does_not_want_service"})).await?;
    looks(stage, met).await?;

    // An emergency that nobody has answered for thirty hours.
    stage.until(Duration::hours(30));
    let mut emergency =
        draft(stage, OFFICER, person(4)?, &clinic, ("emergency", "basic_medical"), &own).await?;
    sent(stage, OFFICER, &mut emergency).await?;

    // Accepted by the East.
    stage.until(Duration::hours(20));
    let east = receiver("society", stage.society(House::East)?);
    let mut accepted = draft(stage, OFFICER, person(5)?, &east, ("urgent", "interpretation"), &own).await?;
    sent(stage, OFFICER, &mut accepted).await?;
    steps(stage, EAST_OFFICER, &mut accepted, &["acknowledge", "accept"]).await?;

    // In the inbox: one to answer, one acknowledged.
    stage.until(Duration::hours(5));
    let home = receiver("society", stage.society(House::North)?);
    let mut asked =
        draft(stage, EAST_OFFICER, met.from_the_gate, &home, ("urgent", "shelter_rest"), &own).await?;
    sent(stage, EAST_OFFICER, &mut asked).await?;
    let harbour = receiver("point", stage.point(HARBOUR)?);
    let mut taken =
        draft(stage, SOUTH_OFFICER, met.from_the_road, &harbour, ("normal", "clothing"), &own).await?;
    sent(stage, SOUTH_OFFICER, &mut taken).await?;
    steps(stage, OFFICER, &mut taken, &["acknowledge"]).await?;

    // Being written: one for the child, one whose consents are recorded.
    stage.until(Duration::hours(2));
    draft(stage, OFFICER, met.child, &children, ("urgent", "child_protection"), &["full_name", "need"])
        .await?;
    let mut ready = draft(stage, OFFICER, person(6)?, &shelter, ("normal", "shelter_rest"), &own).await?;
    go(stage, OFFICER, &mut ready, json!({"step": "record_consent"})).await?;
    Ok(())
}

/// The directory: four to refer to, one whose review is overdue, and one that is told nothing about anybody.
async fn providers(stage: &Stage) -> Result<[Value; 4], CliError> {
    stage.until_hour(10, 8, 0);
    let (recent, long_ago) = (stage.day(30), stage.day(300));
    let mut ids = Vec::new();
    for (name, kind, services, contact, verified) in [
        ("Quayside Clinic", "health_facility", "basic_medical", "Front desk, day and night", recent),
        ("Legal Aid at the Port", "legal_aid", "legal_assistance", "Mondays at Harbour House", recent),
        ("Saint Brendan's Beds", "shelter", "shelter_rest", "Hotline, until midnight", long_ago),
        ("Children First", "child_protection", "child_protection", "On-call social worker", recent),
        ("Border Office", "authority", "other", "Counter 3", recent),
    ] {
        let provider = json!({
            "name": name, "kind": kind, "services": [services], "contact_point": contact,
            "pathway_verified_on": verified.to_string(), "review_days": 180,
        });
        let once = Idempotency::none();
        let added = directory::add(&stage.core, stage.may(OFFICER)?, once, form(provider)?).await?;
        ids.push(receiver("provider", added.id));
    }
    let [clinic, legal, shelter, children, ..] = &ids[..] else {
        return Err(CliError::new("the invented directory is short"));
    };
    Ok([clinic.clone(), legal.clone(), shelter.clone(), children.clone()])
}

fn receiver(kind: &str, id: impl std::fmt::Display) -> Value {
    json!({"kind": kind, "id": id.to_string()})
}

async fn draft(
    stage: &Stage,
    who: Who,
    person: PersonId,
    to: &Value,
    (urgency, service): (&str, &str),
    fields: &[&str],
) -> Result<Referral, CliError> {
    stage.pass(10);
    let words = json!({
        "person": person.to_string(), "receiver": to, "urgency": urgency, "service": service,
        "mode": "warm_handover", "fields": fields, "need": "Asked for this at the desk; see the service.",
    });
    let once = Idempotency::none();
    let drafted = referrals::draft(&stage.core, stage.may(who)?, once, form(words)?).await?;
    Ok(Referral { id: drafted.id, version: 1 })
}

async fn sent(stage: &Stage, who: Who, referral: &mut Referral) -> Result<(), CliError> {
    steps(stage, who, referral, &["record_consent", "send"]).await
}

async fn steps(stage: &Stage, who: Who, referral: &mut Referral, steps: &[&str]) -> Result<(), CliError> {
    for step in steps {
        go(stage, who, referral, json!({"step": step})).await?;
    }
    Ok(())
}

/// One step, by whichever side takes it; a provider's are written down by the sender.
async fn go(stage: &Stage, who: Who, referral: &mut Referral, mut step: Value) -> Result<(), CliError> {
    stage.pass(5);
    let side = step["step"].as_str().and_then(Step::parse).map(Step::side);
    step["version"] = json!(referral.version);
    let (core, told) = (&stage.core, form(step)?);
    let stepped = match side {
        Some(Side::Receiver) => referrals::answer(core, stage.may(who)?, referral.id, told).await?,
        _ => referrals::step(core, stage.may(who)?, referral.id, told).await?,
    };
    referral.version = stepped.version;
    Ok(())
}

/// The volunteer's account reads through the register at three in the morning: what an auditor should stumble over.
async fn at_night(stage: &Stage, met: &Met) -> Result<(), CliError> {
    stage.until_hour(5, 3, 5);
    let may = stage.may::<ReadPerson>(INTAKE)?;
    people::people_list(&stage.core, &may, PageRequest::first()).await?;
    // Every fifth of those who passed alone was met at the desk of this account.
    for person in met.alone.iter().step_by(5).take(12) {
        stage.pass(1);
        people::show_person(&stage.core, &may, *person).await?;
    }
    Ok(())
}

/// Ordinary looks at one file, a question of the person about them, and one of the auditor.
async fn looks(stage: &Stage, met: &Met) -> Result<(), CliError> {
    let core = &stage.core;
    let person = met.watched;
    for who in [INTAKE, OFFICER, DATA_OFFICER] {
        stage.pass(45);
        people::show_person(core, &stage.may::<ReadPerson>(who)?, person).await?;
    }
    stage.until_hour(2, 11, 0);
    let whose = json!({"person": person.to_string()});
    oversight::who_opened(core, stage.may(DATA_OFFICER)?, form(whose.clone())?).await?;
    oversight::about_person(core, stage.may(AUDITOR)?, form(whose)?).await?;
    Ok(())
}
