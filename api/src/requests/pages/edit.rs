//! Changing on a page what the family says of the case: how the enquirer is reached, what happened, when they hear from us
//! next, and the way of everybody sought. The form shows all of it as it stands; only the parts that differ are written,
//! so a form sent back as it came changes nothing, compares nobody anew and raises no concern a second time.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::asked::{Asked, Kind, Standing, by_rows, filled_rows, rows_shown};
use super::facts::name_of;
use super::fields;
use super::steps::Done;
use crate::auth::Core;
use crate::kernel::{ApiError, Day, RequestId, Wrong, invalid};
use crate::policy::{EditRequest, May, ReadRequest};
use crate::requests::model::*;
use crate::requests::service;
use crate::requests::view::{RequestView, SoughtView};
use crate::web::{self, Filled, Form, Id, Shell};

/// Rows to spare for places and companions, and how many there may be.
const ROWS: (usize, usize) = (2, 12);
const PLACE: &[&str] = &["name", "country"];
const COMPANION: &[&str] = &["name", "relation"];

#[derive(Template)]
#[template(path = "requests/edit.html")]
struct Edit {
    t: Shell,
    request: RequestView,
    form: Filled,
}

impl Edit {
    fn safe_contact(&self) -> Vec<Asked> {
        fields::safe_contact(&self.t)
    }

    fn due(&self) -> Asked {
        Asked::new(&self.t, "next_contact_due", "request-next-contact", Kind::Code(10))
            .hint(&self.t, "ask-day-hint")
    }

    fn circumstances(&self) -> Vec<Asked> {
        fields::circumstances(&self.t)
    }

    /// What people note, and what the service noted here already.
    fn concerns(&self) -> Vec<ConflictConcern> {
        let stands = |one: &ConflictConcern| {
            *one != ConflictConcern::NotFamilyOfMinor
                || self.form.is("circumstances.concerns", ConflictConcern::NotFamilyOfMinor.code())
        };
        ConflictConcern::ALL.iter().copied().filter(stands).collect()
    }

    /// Whether a change of what happened would stop the request again.
    fn has_concerns(&self) -> bool {
        self.request.circumstances.get().is_some_and(|told| !told.concerns.is_empty())
    }

    fn way(&self, at: &usize) -> Vec<Asked> {
        self.of_sought(*at, fields::way(&self.t, &format!("sought.{at}.")))
    }

    fn more(&self, at: &usize) -> Vec<Asked> {
        let rows =
            |list: &str, names| rows_shown(&self.form, &format!("sought.{at}.journey.{list}"), ROWS, names);
        let (places, companions) = (rows("route", PLACE), rows("companions", COMPANION));
        self.of_sought(*at, fields::more_of_the_way(&self.t, &format!("sought.{at}."), places, companions))
    }

    /// Those of a sought person's fields that the reader may see, numbered after the person.
    fn of_sought(&self, at: usize, fields: Vec<Asked>) -> Vec<Asked> {
        let Some(sought) = self.request.sought.get(at) else { return Vec::new() };
        let begin = format!("sought.{at}.");
        let open = |asked: &Asked| {
            let part = asked.name.strip_prefix(&begin).and_then(|rest| rest.split('.').next());
            part.and_then(SoughtPart::parse).is_some_and(|part| is_open(sought, part))
        };
        fields.into_iter().filter(open).map(|asked| asked.numbered(at + 1)).collect()
    }

    /// Whether anything stands, or is wrong, in what is folded away.
    fn is_unfolded(&self, at: &usize) -> bool {
        let said = |asked: &Asked| {
            !self.form.one(&asked.name).is_empty() || self.form.problem(&asked.name).is_some()
        };
        self.more(at).iter().any(said)
    }

    /// What somebody is called, if the reader may know.
    fn name(&self, sought: &SoughtView) -> Option<String> {
        name_of(&sought.person)
    }

    fn field_name(&self, at: &usize, name: &str) -> String {
        format!("sought.{at}.{name}")
    }

    /// People count from one.
    fn number(&self, at: &usize) -> usize {
        at + 1
    }

    fn label(&self, field: &str) -> Option<String> {
        let sought = (0..self.request.sought.len()).flat_map(|at| [self.way(&at), self.more(&at)]);
        let rest = [self.safe_contact(), self.circumstances(), vec![self.due()]];
        let mut all = rest.into_iter().chain(sought).flatten();
        all.find(|asked| asked.name == field).map(|asked| asked.label)
    }
}

fn is_open(sought: &SoughtView, part: SoughtPart) -> bool {
    match part {
        SoughtPart::LastContact => sought.last_contact.get().is_some(),
        SoughtPart::LastPlace => sought.last_place.get().is_some(),
        SoughtPart::Journey => sought.journey.get().is_some(),
    }
}

/// The form as it would be filled in to say what is known now.
fn standing(request: &RequestView) -> Filled {
    let mut form = Standing::default();
    form.put("version", Some(&request.version.to_string()));
    form.put("next_contact_due", request.next_contact_due.as_deref());
    if let Some(safe) = request.safe_contact.get() {
        form.put("safe_contact.times", safe.times.as_deref());
        form.tick("safe_contact.may_leave_message", safe.may_leave_message);
        form.put("safe_contact.note", safe.note.as_deref());
        if let Some(other) = &safe.alternate {
            form.put("safe_contact.alternate.name", Some(&other.name));
            form.put("safe_contact.alternate.relation", Some(other.relation.code()));
            form.put("safe_contact.alternate.phone", other.phone.as_deref());
        }
    }
    if let Some(told) = request.circumstances.get() {
        form.put("circumstances.cause", told.cause.map(SeparationCause::code));
        form.put("circumstances.story", told.story.as_deref());
        for concern in ConflictConcern::ALL.iter().filter(|one| told.concerns.contains(one)) {
            form.put("circumstances.concerns", Some(concern.code()));
        }
    }
    for (at, sought) in request.sought.iter().enumerate() {
        stands_of(&mut form, &format!("sought.{at}"), sought);
    }
    form.filled()
}

fn stands_of(form: &mut Standing, at: &str, sought: &SoughtView) {
    form.put(format!("{at}.id"), Some(&sought.id.to_string()));
    if let Some(last) = sought.last_contact.get() {
        form.put(format!("{at}.last_contact.on"), last.on.as_deref());
        form.put(format!("{at}.last_contact.means"), last.means.map(LastContactMeans::code));
        form.put(format!("{at}.last_contact.source"), last.source.map(InformationSource::code));
    }
    form.place(&format!("{at}.last_place"), sought.last_place.get().and_then(Option::as_ref));
    let Some(way) = sought.journey.get() else { return };
    form.place(&format!("{at}.journey.destination"), way.destination.as_ref());
    for (row, place) in way.route.iter().enumerate() {
        form.place(&format!("{at}.journey.route.{row}"), Some(place));
    }
    for (row, one) in way.companions.iter().enumerate() {
        form.put(format!("{at}.journey.companions.{row}.name"), Some(&one.name));
        form.put(format!("{at}.journey.companions.{row}.relation"), Some(one.relation.code()));
    }
    form.put(format!("{at}.journey.vessel_or_vehicle"), way.vessel_or_vehicle.as_deref());
    form.put(format!("{at}.journey.group"), way.group.as_deref());
    form.put(format!("{at}.journey.documents"), way.documents.as_deref());
    form.put(format!("{at}.journey.health"), way.health.as_deref());
}

/// Of a form that says everything, what differs from what stands; `None` when nothing does.
fn changes(
    mut patch: RequestPatch,
    request: &RequestView,
    typed: &Filled,
    today: Day,
) -> Result<Option<RequestPatch>, ApiError> {
    // What is blank on the page is meant to be empty.
    for one in &mut patch.sought {
        one.last_contact.get_or_insert_default();
        one.journey.get_or_insert_default();
        if one.last_place.is_none() && !one.clear.contains(&SoughtPart::LastPlace) {
            one.clear.push(SoughtPart::LastPlace);
        }
    }
    // While every row stands where the page has it: so are problems named.
    patch.clone().parse(today)?;
    if patch.version != request.version {
        // Nothing can be told from another version; the service refuses it.
        return Ok(Some(patch));
    }
    let standing = standing(request);
    let differs = |part: &str| !typed.is_same(part, &standing, part);
    if differs("next_contact_due") && typed.one("next_contact_due").trim().is_empty() {
        let needed = Wrong::Missing.says("is empty; a family is never left without a next day");
        return Err(invalid("next_contact_due", needed));
    }
    patch.next_contact_due = patch.next_contact_due.filter(|_| differs("next_contact_due"));
    patch.safe_contact = (differs("safe_contact") && request.safe_contact.get().is_some())
        .then(|| patch.safe_contact.unwrap_or_default());
    patch.circumstances = (differs("circumstances") && request.circumstances.get().is_some())
        .then(|| patch.circumstances.unwrap_or_default());
    let mut sought = Vec::new();
    for (row, mut one) in sought_rows(typed).into_iter().zip(patch.sought) {
        let known = request.sought.iter().enumerate().find(|(_, known)| known.id == one.id);
        if let Some((at, known)) = known {
            let changed = |part: SoughtPart| {
                let (typed_at, at) = (format!("sought.{row}.{part}"), format!("sought.{at}.{part}"));
                is_open(known, part) && !typed.is_same(&typed_at, &standing, &at)
            };
            one.last_contact = one.last_contact.filter(|_| changed(SoughtPart::LastContact));
            one.last_place = one.last_place.filter(|_| changed(SoughtPart::LastPlace));
            one.journey = one.journey.filter(|_| changed(SoughtPart::Journey));
            one.clear.retain(|part| changed(*part));
        }
        let parts = [one.last_contact.is_some(), one.last_place.is_some(), one.journey.is_some()];
        if parts.contains(&true) || !one.clear.is_empty() {
            sought.push(one);
        }
    }
    patch.sought = sought;
    let case =
        patch.next_contact_due.is_some() || patch.safe_contact.is_some() || patch.circumstances.is_some();
    Ok((case || !patch.sought.is_empty()).then_some(patch))
}

/// The rows of the form that name somebody sought.
fn sought_rows(typed: &Filled) -> Vec<usize> {
    filled_rows(typed, "sought", MAX_SOUGHT, &["id"])
}

/// `GET /requests/{id}/edit`
pub async fn edit(
    t: Shell,
    _: May<EditRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let request = service::show(&core, reading, id.0).await?;
    let form = standing(&request);
    web::page(&Edit { t, request, form })
}

/// `POST /requests/{id}/edit`
pub async fn change(
    t: Shell,
    may: May<EditRequest>,
    reading: May<ReadRequest>,
    id: Id<RequestId>,
    form: Form<RequestPatch>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let request = service::show(&core, reading, id.0).await?;
    let today = core.clock.now().day();
    let done = match input.and_then(|patch| changes(patch, &request, &filled, today)) {
        Ok(Some(patch)) => service::patch(&core, may, id.0, patch).await.map(|()| Done::Changed),
        Ok(None) => Ok(Done::Unchanged),
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => Ok(web::see_other(&format!("/requests/{}?done={done}", id.0))),
        Err(error) => {
            let error = by_rows(error, |list, at| {
                let rows = match list.rsplit('.').next() {
                    Some("sought") => sought_rows(&filled),
                    Some("route") => filled_rows(&filled, list, ROWS.1, PLACE),
                    Some("companions") => filled_rows(&filled, list, ROWS.1, COMPANION),
                    _ => Vec::new(),
                };
                rows.get(at).copied().unwrap_or(at)
            });
            let form = filled.with(error)?;
            web::page_again(&Edit { t, request, form })
        }
    }
}
