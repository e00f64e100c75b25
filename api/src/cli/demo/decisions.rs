//! What two people decided about the candidates: proposed, confirmed, verified, told, kept silent about, rejected, taken
//! back, asked of another society, and withdrawn by the person themselves.

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};

use super::cases::{FOUND_AT_HOME, Opened, SIBLINGS, SOUGHT_CHILD};
use super::people::{GLAD, Met, SILENT, nth, reference};
use super::stage::{CASEWORKER, House, OFFICER, REVIEWER, Stage, Who, form};
use crate::cli::CliError;
use crate::kernel::{ApiError, CandidateId, MAX_PAGE, PersonId, RequestId};
use crate::matches::{self, CandidateView, Desk, Engine};
use crate::people;
use crate::policy::{ReadCandidates, ReadRequest, Role};
use crate::requests;
use crate::web::Idempotency;

const EAST_CASEWORKER: Who = (House::East, Role::Caseworker);
const EAST_REVIEWER: Who = (House::East, Role::Reviewer);

/// One candidate, and the version it has come to.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    id: CandidateId,
    version: i64,
}

/// Those who decide, and the index they look into.
struct Table<'a> {
    stage: &'a Stage,
    engine: Arc<Engine>,
}

/// Decides, and gives those that wait to be proposed.
pub(super) async fn decide(stage: &Stage, met: &Met, opened: &Opened) -> Result<Vec<Pair>, CliError> {
    stage.until_hour(16, 9, 0);
    let desk = Desk::open(&stage.core).await;
    let table = Table { stage, engine: Arc::clone(&desk.engine) };
    // The index follows by itself; here everything waits until it has.
    while table.engine.tick(&stage.core).await? > 0 {}

    let mut glad = table.find(CASEWORKER, opened.glad, nth(&met.alone, GLAD)?).await?;
    let mut silent = table.find(CASEWORKER, opened.silent, nth(&met.alone, SILENT)?).await?;
    let mut at_home = Vec::new();
    for (request, number) in opened.at_home.iter().zip(FOUND_AT_HOME) {
        at_home.push(table.find(CASEWORKER, *request, nth(&met.alone, number)?).await?);
    }
    let (mut waits, mut early) = (nth(&at_home, 0)?, nth(&at_home, 3)?);
    for pair in [&mut glad, &mut silent, &mut waits, &mut early] {
        propose(stage, pair).await?;
    }
    table.reject_somebody_else(met, opened).await?;

    stage.until_hour(15, 10, 0);
    table.confirm(&mut glad).await?;
    table.confirm(&mut silent).await?;
    table.confirm(&mut waits).await?;
    let why = json!({"version": early.version, "reason": "decided_too_early"});
    matches::undo(&stage.core, stage.may(CASEWORKER)?, early.id, form(why)?).await?;

    stage.until_hour(12, 14, 0);
    for (pair, request) in [(&mut glad, opened.glad), (&mut silent, opened.silent)] {
        table.verify(pair).await?;
        table.move_on(request, "consent_pending").await?;
    }
    let news = json!({"version": glad.version, "kind": "share_safe_and_well_only"});
    matches::release(&stage.core, stage.may(CASEWORKER)?, glad.id, form(news)?).await?;
    table.move_on(opened.glad, "contact_restored").await?;

    table.across_the_border(opened).await?;
    // Found, and then sorry to have agreed: out of the index, and the candidate with it.
    let gone = nth(&met.alone, nth(&FOUND_AT_HOME, 4)?)?;
    let words = json!({"kind": "tracing_search", "method": "oral_witnessed", "language": "en"});
    let officer = stage.may(OFFICER)?;
    people::withdraw(&stage.core, officer, Idempotency::none(), gone, &form(words)?).await?;
    while table.engine.tick(&stage.core).await? > 0 {}

    Ok(at_home.into_iter().skip(1).take(2).collect())
}

async fn propose(stage: &Stage, pair: &mut Pair) -> Result<(), CliError> {
    stage.pass(8);
    let note = json!({"version": pair.version, "note": "Names, age and the day of the crossing agree."});
    matches::propose(&stage.core, stage.may(CASEWORKER)?, pair.id, form(note)?).await?;
    pair.version += 1;
    Ok(())
}

/// An hour ago the caseworker proposed these; the reviewer has not looked yet.
pub(super) async fn propose_last(stage: &Stage, pairs: Vec<Pair>) -> Result<(), CliError> {
    stage.until(Duration::hours(1));
    for mut pair in pairs {
        propose(stage, &mut pair).await?;
    }
    Ok(())
}

impl Table<'_> {
    async fn page(&self, who: Who, request: RequestId) -> Result<Vec<CandidateView>, CliError> {
        self.stage.pass(5);
        let may = self.stage.may::<ReadCandidates>(who)?;
        Ok(matches::of_request(&self.stage.core, &self.engine, may, request, None, MAX_PAGE).await?.items)
    }

    /// The candidate of a request that is this person. They differ by a spelling or two: an index that does not find
    /// them is not worth showing.
    async fn find(&self, who: Who, request: RequestId, person: PersonId) -> Result<Pair, CliError> {
        let reference = reference(self.stage, person).await?;
        let found = self.page(who, request).await?.into_iter().find(|one| one.reference == reference);
        let found = found.ok_or_else(|| CliError::new("the invented world: somebody met was not found"))?;
        matches::pair(&self.stage.core, &self.engine, self.stage.may(who)?, found.id).await?;
        Ok(Pair { id: found.id, version: found.version })
    }

    async fn confirm(&self, pair: &mut Pair) -> Result<(), CliError> {
        self.stage.pass(12);
        let (core, engine) = (&self.stage.core, &self.engine);
        matches::pair(core, engine, self.stage.may(REVIEWER)?, pair.id).await?;
        let plain = form(json!({"version": pair.version}))?;
        matches::confirm(core, self.stage.may(REVIEWER)?, pair.id, plain).await?;
        pair.version += 1;
        Ok(())
    }

    async fn verify(&self, pair: &mut Pair) -> Result<(), CliError> {
        self.stage.pass(30);
        let checked = json!({"version": pair.version, "checks": {
            "enquirer_interviewed": true, "found_person_interviewed": true, "separate_facts_agree": true}});
        matches::verify(&self.stage.core, self.stage.may(REVIEWER)?, pair.id, form(checked)?).await?;
        pair.version += 1;
        Ok(())
    }

    async fn move_on(&self, request: RequestId, to: &str) -> Result<(), CliError> {
        let (core, stage) = (&self.stage.core, self.stage);
        let version = requests::show(core, stage.may::<ReadRequest>(CASEWORKER)?, request).await?.version;
        let step = form(json!({"version": version, "to": to}))?;
        Ok(requests::advance(core, stage.may(CASEWORKER)?, request, step).await?)
    }

    /// Somebody else, as soon as one is shown beside the sought: who that is, is the matcher's to say.
    async fn reject_somebody_else(&self, met: &Met, opened: &Opened) -> Result<(), CliError> {
        for (request, number) in opened.siblings.iter().zip(SIBLINGS) {
            let family = met.families.get(number).map(Vec::as_slice).unwrap_or_default();
            let sought = reference(self.stage, nth(family, SOUGHT_CHILD)?).await?;
            let shown = self.page(CASEWORKER, *request).await?;
            let other = |one: &CandidateView| one.access == matches::Access::Own && one.reference != sought;
            let Some(one) = shown.into_iter().find(other) else { continue };
            let why = json!({"version": one.version, "reason": "different_person",
                             "note": "Another father, and born in another village, the enquirer says."});
            return Ok(
                matches::reject(&self.stage.core, self.stage.may(CASEWORKER)?, one.id, form(why)?).await?
            );
        }
        Err(CliError::new("the invented world: nobody was shown beside the one who is sought"))
    }

    /// Societies ask one another to see more: one answered each way, the others waiting.
    async fn across_the_border(&self, opened: &Opened) -> Result<(), CliError> {
        self.stage.until(Duration::days(11));
        let asked = self.ask(EAST_CASEWORKER, &opened.of_the_east, 3).await?;
        self.answer(REVIEWER, asked.first()).await?;
        let asked = self.ask(CASEWORKER, &opened.others, 2).await?;
        self.answer(EAST_REVIEWER, asked.first()).await
    }

    /// Asks about the likeliest candidate whose record is not open yet, of `most` requests.
    async fn ask(&self, who: Who, requests: &[RequestId], most: usize) -> Result<Vec<Pair>, CliError> {
        let stage = self.stage;
        let mut asked = Vec::new();
        for request in requests {
            let mut shown = self.page(who, *request).await?.into_iter();
            let Some(one) = shown.find(|one| one.access == matches::Access::Reduced) else { continue };
            if asked.len() == most {
                break;
            }
            matches::ask(&stage.core, stage.may(who)?, one.id, one.version).await?;
            asked.push(Pair { id: one.id, version: one.version + 1 });
        }
        Ok(asked)
    }

    async fn answer(&self, who: Who, asked: Option<&Pair>) -> Result<(), CliError> {
        let Some(pair) = asked else { return Ok(()) };
        self.stage.pass(60);
        matches::asked(&self.stage.core, self.stage.may(who)?).await?;
        let yes: Value = json!({"version": pair.version, "grant": true});
        // Asked of another society than this one's: theirs to answer.
        match matches::answer(&self.stage.core, self.stage.may(who)?, pair.id, form(yes)?).await {
            Err(ApiError::NotFound) | Ok(()) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}
