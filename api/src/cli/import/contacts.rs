//! People met at service points, one record each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::columns::{Cells, PERSON, told};
use super::reader::Record;
use super::report::Problem;
use super::run::{Intake, Reading};
use super::store;
use crate::auth::Core;
use crate::cli::CliError;
use crate::consent::{
    Assent, ConsentForm, ConsentKind, ConsentStatus, GivenBy, LegalBasis, Method, Subject, Words,
};
use crate::db::{Conn, DbError};
use crate::hsp::{self, MeetingPlace, NewPoint, PlaceType, PointForm, PointKind};
use crate::kernel::{ApiError, Day, PointId, SocietyId};
use crate::people::{self, At, ContactForm, ContactKind, NewContact, ReadyContact, WantsContact, Who};
use crate::policy::{DecideBestInterest, system};
use crate::vault::Owner;

const CONTACT: &[&str] = &[
    "contact_id",
    "service_point",
    "contact_date",
    "contact_kind",
    "wants_contact",
    "destination",
    "consent",
    "note",
];

/// What the operator says of the whole file.
pub(super) struct Terms {
    pub(super) create_points: bool,
    /// The consents that the source holds for everybody in it, unless a record says otherwise.
    pub(super) consents: Vec<ConsentKind>,
    pub(super) method: Method,
    pub(super) language: String,
    /// Who answered for the minors in the file, and with what word of their own. Without it, a minor's consent is
    /// not taken over.
    pub(super) for_minors: Option<(GivenBy, Assent)>,
    pub(super) legal_basis: LegalBasis,
}

/// A service point as records name it.
#[derive(Clone)]
struct Point {
    id: PointId,
    place: MeetingPlace,
}

pub(super) struct Contacts<'a> {
    core: &'a Core,
    society: SocietyId,
    terms: Terms,
    /// The words that people agreed to, in the language of the file.
    words: Words,
    today: Day,
    /// By code and by name, in small letters.
    points: Mutex<HashMap<String, Point>>,
    code: String,
    country: String,
    /// Stored, and not to be found for lack of consent.
    pub(super) unsearchable: AtomicU64,
    pub(super) minors_without: AtomicU64,
    pub(super) made_points: AtomicU64,
}

/// A contact ready to be written.
pub(super) struct Item {
    contact: ReadyContact,
    /// The point, when this is the first record that names it.
    open: Option<(PointId, NewPoint)>,
}

impl<'a> Contacts<'a> {
    /// # Errors
    /// The society is unknown, or there are no words for a consent in the language named.
    pub(super) fn new(core: &'a Core, society: SocietyId, terms: Terms) -> Result<Self, CliError> {
        let (points, (code, country)) = core.db.read_here(|conn| {
            let mut points = HashMap::new();
            for (id, code, name) in store::points_of(conn, society)? {
                let point = Point { id, place: hsp::meeting_place(conn, id)? };
                points.insert(code.to_lowercase(), point.clone());
                points.insert(name.to_lowercase(), point);
            }
            Ok::<_, DbError>((points, store::society(conn, society)?))
        })?;
        let language = &terms.language;
        let words = core.db.read_here(|conn| Words::of_language(conn, society, language))?;
        if let Some(kind) = terms.consents.iter().find(|kind| !words.know(**kind, language)) {
            return Err(CliError::new(format!("there are no words for the consent {kind} in {language:?}")));
        }
        if terms.for_minors.is_some_and(|(giver, _)| giver == GivenBy::BestInterestDecision) {
            system::<DecideBestInterest>("import")?;
        }
        let today = core.clock.now().day();
        Ok(Self {
            core,
            society,
            terms,
            words,
            today,
            points: Mutex::new(points),
            code,
            country,
            unsearchable: AtomicU64::new(0),
            minors_without: AtomicU64::new(0),
            made_points: AtomicU64::new(0),
        })
    }

    fn contact(&self, record: Record) -> Result<(NewContact, Point, Option<NewPoint>), Vec<Problem>> {
        let mut cells = Cells::of(record);
        let source = cells.text("contact_id");
        let note = cells.text("note");
        let point = cells.text("service_point");
        if point.is_none() {
            cells.problems.note("service_point", "is empty; the code or name of a service point is needed");
        }
        let kinds = self.consents(&mut cells);
        let form = ContactForm {
            point: None,
            kind: cells
                .code("contact_kind", ContactKind::parse, ContactKind::CODES)
                .unwrap_or(ContactKind::ServiceVisit),
            contact_on: cells.text("contact_date"),
            services: Vec::new(),
            person: Some(cells.person("")),
            person_id: None,
            legal_basis: Some(self.terms.legal_basis),
            consents: kinds.into_iter().map(|kind| self.given(kind)).collect(),
            wants_contact: cells.code("wants_contact", WantsContact::parse, WantsContact::CODES),
            next_place: cells.place("destination"),
            companions: None,
            note: noted(note, source),
            group: None,
        };
        let (line, whole) = cells.end();
        let parsed = form.parse(self.today).map_err(|problems| told(line, problems));
        let mut problems = whole.err().unwrap_or_default();
        let mut contact = match parsed {
            Ok(contact) if problems.is_empty() => contact,
            Ok(_) => return Err(problems),
            Err(more) => {
                problems.extend(more);
                return Err(problems);
            }
        };
        self.suit(&mut contact);
        // Last: a record that is refused for another reason opens no point.
        let (point, open) = self.point(point.as_deref().unwrap_or_default()).ok_or_else(|| {
            let column = "service_point".into();
            let reason =
                "is no service point of this society; create it first, or use --create-points".into();
            vec![Problem { line, column, reason }]
        })?;
        Ok((contact, point, open))
    }

    /// The consents a record names itself, else those the operator stated for the file.
    fn consents(&self, cells: &mut Cells) -> Vec<ConsentKind> {
        let Some(named) = cells.list("consent") else { return self.terms.consents.clone() };
        let mut kinds = Vec::new();
        for name in named.iter().map(|name| name.to_lowercase()).filter(|name| name != "none") {
            match ConsentKind::parse(&name) {
                Some(kind) if self.words.know(kind, &self.terms.language) => kinds.push(kind),
                Some(_) => cells.problems.note("consent", "has no words in the language of this import"),
                None => {
                    let codes = ConsentKind::CODES.join(", ");
                    cells.problems.note("consent", format!("is not taken; accepted: none, {codes}"));
                }
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    fn given(&self, kind: ConsentKind) -> ConsentForm {
        ConsentForm {
            kind,
            status: ConsentStatus::Given,
            given_by: None,
            assent: None,
            method: Some(self.terms.method),
            language: self.terms.language.clone(),
            interpreter: false,
            valid_until: None,
            legal_basis: None,
            restrictions: None,
        }
    }

    /// A minor's consents are kept only as given by a suitable adult; otherwise the person is stored and not found.
    fn suit(&self, contact: &mut NewContact) {
        let minor = matches!(&contact.who, Who::New(person, _) if person.birth.is_minor_on(self.today));
        let subject = Subject { minor, caregiver_implicated: false };
        if minor && let Some((giver, assent)) = self.terms.for_minors {
            for consent in &mut contact.consents {
                consent.answer.given_by = giver;
                consent.answer.assent = Some(assent);
            }
        }
        let before = contact.consents.len();
        contact.consents.retain(|consent| consent.for_subject(subject).is_ok());
        if contact.consents.len() < before {
            self.minors_without.fetch_add(1, Ordering::Relaxed);
        }
        if !contact.consents.iter().any(|consent| consent.kind == ConsentKind::TracingSearch) {
            self.unsearchable.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn point(&self, name: &str) -> Option<(Point, Option<NewPoint>)> {
        let mut points = self.points.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(point) = points.get(&name.to_lowercase()) {
            return Some((point.clone(), None));
        }
        if !self.terms.create_points {
            return None;
        }
        let id = PointId::new(self.core.clock.as_ref(), &self.core.chance);
        let random: String = id.uuid().simple().to_string().chars().skip(20).collect();
        let form = PointForm {
            // Names repeat across societies and spellings; a code never does.
            code: format!("{}-{random}", self.code),
            name: name.to_owned(),
            kind: PointKind::Fixed,
            place_type: PlaceType::Other,
            country: self.country.clone(),
            vessel: None,
            sensitive: false,
            opens_on: None,
            closes_on: None,
            status: None,
            sites: Vec::new(),
            services: Vec::new(),
        };
        let new = form.parse().ok()?;
        let place = MeetingPlace {
            society: self.society,
            name: new.name.clone(),
            country: self.country.clone(),
            sensitive: false,
        };
        let point = Point { id, place };
        points.insert(new.name.to_lowercase(), point.clone());
        self.made_points.fetch_add(1, Ordering::Relaxed);
        Some((point, Some(new)))
    }
}

/// The source's own number goes to the note: somebody may ask the source one day.
fn noted(note: Option<String>, source: Option<String>) -> Option<String> {
    let source = source.map(|id| format!("In the source: {id}"));
    match (note, source) {
        (Some(note), Some(source)) => Some(format!("{note}\n{source}")),
        (note, source) => note.or(source),
    }
}

impl Intake for Contacts<'_> {
    const KIND: &'static str = "contacts";
    const DEED: &'static str = "contacts_imported";
    type Item = Item;

    fn columns(&self) -> Vec<&'static str> {
        CONTACT.iter().chain(PERSON).copied().collect()
    }

    fn joins(&self, _: &Record, _: &Record) -> bool {
        false
    }

    fn read(&self, unit: Vec<Record>) -> Result<Reading<Item>, ApiError> {
        let mut reading = Reading { item: None, taken: 0, refused: 0, problems: Vec::new() };
        for record in unit {
            match self.contact(record) {
                Ok((contact, point, open)) => {
                    let at = At { point: point.id, place: point.place, by: None };
                    let contact = people::seal_contact(self.core, &contact, &at, None, &self.words)?;
                    reading.item = Some(Item { contact, open: open.map(|new| (point.id, new)) });
                    reading.taken += 1;
                }
                Err(problems) => {
                    reading.problems.extend(problems);
                    reading.refused += 1;
                }
            }
        }
        Ok(reading)
    }

    fn store(&self, tx: &mut Conn, items: &[Item]) -> Result<Vec<Owner>, DbError> {
        // All points first: another record of the batch may have found one before the record that opens it.
        for (id, point) in items.iter().filter_map(|item| item.open.as_ref()) {
            hsp::insert_point_as(tx, self.core, *id, self.society, point, None)?;
        }
        let ready: Vec<&ReadyContact> = items.iter().map(|item| &item.contact).collect();
        people::write_contacts(tx, &ready)?;
        Ok(ready.iter().filter_map(|contact| contact.recorded.person.map(Owner::from)).collect())
    }
}
