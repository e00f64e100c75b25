//! How a tracing request comes in: forms from strangers, each turned into domain values or refused with everything
//! that is wrong with it.

use serde::Deserialize;
use utoipa::ToSchema;

use super::circulation::{Circulation, EntryForm};
use super::closing::{Outcome, Told};
use super::codes::*;
use super::ending::Confidence;
use super::state::RequestState;
use super::values::*;
use crate::kernel::{AccountId, Day, Invalid, PartialDate, SoughtId, Wrong, clean};
use crate::people::{Clues, Companion, NewPerson, PersonForm, Place, PlaceForm, Relation, profile_of};

/// Sought persons of one request at most.
pub const MAX_SOUGHT: usize = 20;
const MAX_PLACES: usize = 12;
const MAX_COMPANIONS: usize = 12;

/// A new tracing request.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    pub channel: Channel,
    /// ISO 639, such as `es`, `prs` or `pt-br`.
    #[schema(min_length = 2, max_length = 12)]
    pub interview_language: String,
    #[serde(default)]
    pub interpreter: bool,
    /// The day it was received, `YYYY-MM-DD`; today when left out.
    #[schema(max_length = 10)]
    pub received_on: Option<String>,
    /// The relative who asks.
    pub enquirer: PersonForm,
    pub safe_contact: Option<SafeContactForm>,
    pub circumstances: Option<CircumstancesForm>,
    #[schema(min_items = 1, max_items = 20)]
    pub sought: Vec<SoughtForm>,
    #[serde(default)]
    #[schema(max_items = 100)]
    pub circulation: Vec<EntryForm>,
    /// When the enquirer is to hear from us next, `YYYY-MM-DD`.
    #[schema(max_length = 10)]
    pub next_contact_due: Option<String>,
}

/// One sought person.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoughtForm {
    pub person: PersonForm,
    /// What the sought person is to the enquirer.
    pub relation: Relation,
    pub last_contact: Option<LastContactForm>,
    pub last_place: Option<PlaceForm>,
    pub journey: Option<JourneyForm>,
}

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SafeContactForm {
    #[schema(max_length = 200)]
    pub times: Option<String>,
    #[serde(default)]
    pub may_leave_message: bool,
    pub alternate: Option<AlternateForm>,
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlternateForm {
    #[schema(max_length = 200)]
    pub name: String,
    pub relation: Relation,
    #[schema(max_length = 40)]
    pub phone: Option<String>,
}

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CircumstancesForm {
    pub cause: Option<SeparationCause>,
    #[schema(max_length = 4000)]
    pub story: Option<String>,
    /// Anything named here stops the request until a reviewer has looked at it.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub concerns: Vec<ConflictConcern>,
}

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LastContactForm {
    /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    #[schema(max_length = 10)]
    pub on: Option<String>,
    pub means: Option<LastContactMeans>,
    pub source: Option<InformationSource>,
}

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JourneyForm {
    pub destination: Option<PlaceForm>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub route: Vec<PlaceForm>,
    #[schema(max_length = 200)]
    pub vessel_or_vehicle: Option<String>,
    #[schema(max_length = 500)]
    pub group: Option<String>,
    #[schema(max_length = 500)]
    pub documents: Option<String>,
    #[schema(max_length = 500)]
    pub health: Option<String>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub companions: Vec<CompanionInput>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanionInput {
    pub relation: Relation,
    #[schema(max_length = 200)]
    pub name: String,
}

/// A request, checked.
pub struct NewRequest {
    pub channel: Channel,
    pub interview_language: String,
    pub interpreter: bool,
    pub received_on: Day,
    pub enquirer: NewPerson,
    pub safe_contact: SafeContact,
    pub circumstances: Circumstances,
    pub sought: Vec<NewSought>,
    pub circulation: Circulation,
    pub next_contact_due: Option<Day>,
}

/// A sought person, checked.
pub struct NewSought {
    pub person: NewPerson,
    pub relation: Relation,
    pub last_contact: LastContact,
    pub last_place: Option<Place>,
    pub journey: Journey,
}

impl NewRequest {
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn parse(form: RequestForm, today: Day) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let interview_language = problems.take(language("interview_language", &form.interview_language));
        let received_on = match form.received_on.as_deref() {
            None => Some(today),
            Some(text) => problems.take(past_day("received_on", text, today)),
        };
        let next_contact_due = match form.next_contact_due.as_deref() {
            None => None,
            Some(text) => problems.take(day("next_contact_due", text)),
        };
        let enquirer = problems.take(form.enquirer.parse(today).map_err(|e| e.under("enquirer")));
        let safe_contact = form.safe_contact.unwrap_or_default().parse();
        let safe_contact = problems.take(safe_contact.map_err(|e| e.under("safe_contact")));
        let circumstances = form.circumstances.unwrap_or_default().parse();
        let circumstances = problems.take(circumstances.map_err(|e| e.under("circumstances")));
        if form.sought.is_empty() || form.sought.len() > MAX_SOUGHT {
            problems.note(
                "sought",
                Wrong::Count
                    .says(format!("1 to {MAX_SOUGHT} sought persons are taken"))
                    .between(1, MAX_SOUGHT),
            );
        }
        let mut sought = Vec::new();
        for (at, one) in form.sought.into_iter().enumerate().take(MAX_SOUGHT) {
            let parsed = NewSought::parse(one, today).map_err(|e| e.under(&format!("sought[{at}]")));
            sought.extend(problems.take(parsed));
        }
        let circulation = problems.take(Circulation::parse(form.circulation));
        match (interview_language, received_on, enquirer, safe_contact, circumstances, circulation) {
            (
                Some(interview_language),
                Some(received_on),
                Some(enquirer),
                Some(safe_contact),
                Some(mut circumstances),
                Some(circulation),
            ) if problems.0.is_empty() => {
                if sought.iter().any(|one| !is_family(one.relation) && one.person.birth.is_minor_on(today)) {
                    circumstances.concerns.push(ConflictConcern::NotFamilyOfMinor);
                }
                if sought.iter().any(|one| one.person.protection.caregiver_implicated) {
                    circumstances.concerns.push(ConflictConcern::CaregiverImplicated);
                }
                Ok(Self {
                    channel: form.channel,
                    interview_language,
                    interpreter: form.interpreter,
                    received_on,
                    enquirer,
                    safe_contact,
                    circumstances,
                    sought,
                    circulation,
                    next_contact_due,
                })
            }
            _ => Err(problems),
        }
    }
}

impl NewSought {
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn parse(form: SoughtForm, today: Day) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let person = problems.take(form.person.parse(today).map_err(|e| e.under("person")));
        let last_contact = form.last_contact.unwrap_or_default().parse(today);
        let last_contact = problems.take(last_contact.map_err(|e| e.under("last_contact")));
        let last_place = match form.last_place {
            None => None,
            Some(place) => problems.take(place.parse("last_place")),
        };
        let journey = form.journey.unwrap_or_default().parse();
        let journey = problems.take(journey.map_err(|e| e.under("journey")));
        match (person, last_contact, journey) {
            (Some(person), Some(last_contact), Some(journey)) if problems.0.is_empty() => {
                if !profile_of(&person, &Clues::default()).is_searchable() {
                    let needed = "cannot be looked for; at least one name or telephone number is needed";
                    return Err(Invalid::at("person", Wrong::NothingToSearch.says(needed)));
                }
                Ok(Self { person, relation: form.relation, last_contact, last_place, journey })
            }
            _ => Err(problems),
        }
    }
}

impl SafeContactForm {
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn parse(self) -> Result<SafeContact, Invalid> {
        let mut problems = Invalid::default();
        let times = text(&mut problems, "times", self.times.as_deref(), 200);
        let note = text(&mut problems, "note", self.note.as_deref(), 1000);
        let alternate = self.alternate.and_then(|one| {
            let name = text(&mut problems, "alternate.name", Some(&one.name), 200);
            if name.is_none() {
                problems.note("alternate.name", Wrong::Missing.says("is empty; a name is needed"));
            }
            let phone = text(&mut problems, "alternate.phone", one.phone.as_deref(), 40);
            name.map(|name| Alternate { name, relation: one.relation, phone })
        });
        problems.ok()?;
        Ok(SafeContact { times, may_leave_message: self.may_leave_message, alternate, note })
    }
}

impl CircumstancesForm {
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn parse(self) -> Result<Circumstances, Invalid> {
        let mut problems = Invalid::default();
        let story = text(&mut problems, "story", self.story.as_deref(), 4000);
        if self.concerns.len() > 10 {
            problems.note("concerns", Wrong::TooMany.says("at most 10 are taken").most(10));
        }
        problems.ok()?;
        Ok(Circumstances { cause: self.cause, story, concerns: self.concerns })
    }
}

impl LastContactForm {
    pub(super) fn parse(self, today: Day) -> Result<LastContact, Invalid> {
        let on = match self.on.as_deref().map(str::trim).filter(|on| !on.is_empty()) {
            None => None,
            Some(on) => {
                PartialDate::parse("on", on, false, today).map_err(|_| {
                    let taken = "is not a day of the past; YYYY-MM-DD, YYYY-MM or YYYY is taken";
                    Invalid::at("on", Wrong::NotADayPast.says(taken))
                })?;
                Some(on.to_owned())
            }
        };
        Ok(LastContact { on, means: self.means, source: self.source })
    }
}

impl JourneyForm {
    pub(super) fn parse(self) -> Result<Journey, Invalid> {
        let mut problems = Invalid::default();
        if self.route.len() > MAX_PLACES {
            problems.note(
                "route",
                Wrong::TooMany.says(format!("at most {MAX_PLACES} places are taken")).most(MAX_PLACES),
            );
        }
        if self.companions.len() > MAX_COMPANIONS {
            problems.note(
                "companions",
                Wrong::TooMany.says(format!("at most {MAX_COMPANIONS} are taken")).most(MAX_COMPANIONS),
            );
        }
        let destination = self.destination.and_then(|place| problems.take(place.parse("destination")));
        let mut route = Vec::new();
        for (at, place) in self.route.iter().enumerate().take(MAX_PLACES) {
            route.extend(problems.take(place.parse(&format!("route[{at}]"))));
        }
        let mut companions = Vec::new();
        for (at, one) in self.companions.iter().enumerate().take(MAX_COMPANIONS) {
            let field = format!("companions[{at}].name");
            match text(&mut problems, &field, Some(&one.name), 200) {
                Some(name) => companions.push(Companion { relation: one.relation, name }),
                None => problems.note(field, Wrong::Missing.says("is empty; a name is needed")),
            }
        }
        let vessel_or_vehicle =
            text(&mut problems, "vessel_or_vehicle", self.vessel_or_vehicle.as_deref(), 200);
        let group = text(&mut problems, "group", self.group.as_deref(), 500);
        let documents = text(&mut problems, "documents", self.documents.as_deref(), 500);
        let health = text(&mut problems, "health", self.health.as_deref(), 500);
        problems.ok()?;
        Ok(Journey { destination, route, vessel_or_vehicle, group, documents, health, companions })
    }
}

/// A move to another state.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveForm {
    #[schema(minimum = 1)]
    pub version: i64,
    pub to: RequestState,
    /// A short reason without names; needed where a search stops or a decision is set aside.
    pub reason: Option<MoveReason>,
}

/// The end of a request.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseForm {
    #[schema(minimum = 1)]
    pub version: i64,
    /// The true outcome; stays in the file.
    pub outcome: Outcome,
    #[schema(max_length = 1000)]
    pub note: Option<String>,
    /// What the enquirer hears.
    pub told: Told,
    /// Who says so, and how they know: asked for a death or a detention, which a reviewer then confirms, and for nothing
    /// else.
    #[schema(max_length = 1000)]
    pub source: Option<String>,
    /// How sure the source is: asked where the source is.
    pub confidence: Option<Confidence>,
    /// Whom it is about, of those the request seeks: asked where the source is, unless it seeks one only.
    #[schema(value_type = Option<String>)]
    pub about: Option<SoughtId>,
}

/// Something done to trace somebody.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionForm {
    pub kind: ActionKind,
    pub result: ActionResult,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// When the enquirer is to hear from us next, `YYYY-MM-DD`.
    #[schema(max_length = 10)]
    pub next_contact_due: Option<String>,
}

/// Who works on a request.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    /// An account of the same society.
    #[schema(value_type = String)]
    pub account: AccountId,
    /// Takes the request away instead.
    #[serde(default)]
    pub remove: bool,
}

/// The whole list anew.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CirculationForm {
    #[schema(minimum = 1)]
    pub version: i64,
    #[schema(max_items = 100)]
    pub circulation: Vec<EntryForm>,
}

/// A record in the version somebody read.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionForm {
    #[schema(minimum = 1)]
    pub version: i64,
}

/// Everybody but friends, companions and strangers.
pub fn is_family(relation: Relation) -> bool {
    !matches!(
        relation,
        Relation::TravelCompanion | Relation::Friend | Relation::Caseworker | Relation::OtherNonFamily
    )
}

/// Optional text; what is wrong with it goes to the problems.
pub(in crate::requests) fn text(
    problems: &mut Invalid,
    field: &str,
    value: Option<&str>,
    max: usize,
) -> Option<String> {
    problems.take(clean(field, value.unwrap_or_default(), max)).flatten()
}

pub(in crate::requests) fn day(field: &str, text: &str) -> Result<Day, Invalid> {
    Day::parse(text.trim())
        .ok_or_else(|| Invalid::at(field, Wrong::NotADay.says("is not a day; YYYY-MM-DD is taken")))
}

fn past_day(field: &str, text: &str, today: Day) -> Result<Day, Invalid> {
    let day = day(field, text)?;
    if day > today {
        return Err(Invalid::at(
            field,
            Wrong::NotADayPast.says("lies in the future; a day up to today is taken"),
        ));
    }
    Ok(day)
}

/// Two or three small letters, and perhaps a region.
fn language(field: &str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let letters = |part: &str, least, most| {
        (least..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase())
    };
    let good = match text.split_once('-') {
        None => letters(text, 2, 3),
        Some((language, region)) => letters(language, 2, 3) && letters(region, 2, 4),
    };
    if good {
        Ok(text.to_owned())
    } else {
        Err(Invalid::at(
            field,
            Wrong::NotALanguage
                .says("is not a language code; two or three small letters (ISO 639) are taken"),
        ))
    }
}
