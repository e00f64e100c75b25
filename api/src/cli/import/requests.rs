//! Tracing requests: one sought person a record; records beside each other with one `request_group` are one request.

use std::sync::atomic::{AtomicU64, Ordering};

use super::columns::{Cells, ENQUIRER, PERSON, told};
use super::reader::Record;
use super::report::Problem;
use super::run::{Intake, Reading};
use crate::auth::Core;
use crate::cli::CliError;
use crate::db::{Conn, DbError};
use crate::kernel::{ApiError, Day, SocietyId};
use crate::people::{PersonForm, Relation};
use crate::policy::{May, OpenRequest, system};
use crate::requests::{
    self, Channel, CircumstancesForm, Home, JourneyForm, LastContactForm, NewRequest, NewSought,
    ReadyRequest, RequestForm, SoughtForm,
};
use crate::vault::Owner;

const REQUEST: &[&str] = &[
    "request_id",
    "request_group",
    "relation",
    "received_on",
    "channel",
    "last_known_place",
    "last_contact_date",
    "destination",
    "story",
];

pub(super) struct Requests<'a> {
    core: &'a Core,
    may: May<OpenRequest>,
    society: SocietyId,
    language: String,
    today: Day,
    /// Requests that wait for a reviewer.
    pub(super) flagged: AtomicU64,
}

/// What one record says of its request beside the sought person.
struct Case {
    channel: Channel,
    received_on: Option<String>,
    enquirer: PersonForm,
    story: Option<String>,
}

impl<'a> Requests<'a> {
    /// # Errors
    /// The service may not open requests.
    pub(super) fn new(core: &'a Core, society: SocietyId, language: &str) -> Result<Self, CliError> {
        let today = core.clock.now().day();
        let may = system::<OpenRequest>("import")?;
        Ok(Self { core, may, society, language: language.to_owned(), today, flagged: AtomicU64::new(0) })
    }

    fn record(&self, record: Record) -> Result<(Case, SoughtForm), Vec<Problem>> {
        let mut cells = Cells::of(record);
        cells.text("request_group");
        let source = cells.text("request_id").map(|id| format!("In the source: {id}"));
        let story = match (cells.text("story"), source) {
            (Some(story), Some(source)) => Some(format!("{story}\n{source}")),
            (story, source) => story.or(source),
        };
        let case = Case {
            channel: cells.code("channel", Channel::parse, Channel::CODES).unwrap_or(Channel::OtherSociety),
            received_on: cells.text("received_on"),
            enquirer: cells.person("enquirer_"),
            story,
        };
        let destination = cells.place("destination");
        let sought = SoughtForm {
            relation: cells
                .code("relation", Relation::parse, Relation::CODES)
                .unwrap_or(Relation::OtherFamily),
            last_contact: Some(LastContactForm {
                on: cells.text("last_contact_date"),
                means: None,
                source: None,
            }),
            last_place: cells.place("last_known_place"),
            journey: Some(JourneyForm { destination, ..JourneyForm::default() }),
            person: cells.person(""),
        };
        let (line, whole) = cells.end();
        let mut problems = whole.err().unwrap_or_default();
        if let Err(more) = NewSought::parse(sought.clone(), self.today) {
            problems.extend(told(line, more));
        }
        if let Err(more) = self.request(&case, Vec::new()) {
            let of_case = more.0.into_iter().filter(|p| p.field != "sought").collect();
            problems.extend(told(line, crate::kernel::Invalid(of_case)));
        }
        if problems.is_empty() { Ok((case, sought)) } else { Err(problems) }
    }

    fn request(&self, case: &Case, sought: Vec<SoughtForm>) -> Result<NewRequest, crate::kernel::Invalid> {
        let circumstances = CircumstancesForm { story: case.story.clone(), ..CircumstancesForm::default() };
        let form = RequestForm {
            channel: case.channel,
            interview_language: self.language.clone(),
            interpreter: false,
            received_on: case.received_on.clone(),
            enquirer: case.enquirer.clone(),
            safe_contact: None,
            circumstances: Some(circumstances),
            sought,
            circulation: Vec::new(),
            next_contact_due: None,
        };
        NewRequest::parse(form, self.today)
    }
}

impl Intake for Requests<'_> {
    const KIND: &'static str = "requests";
    const DEED: &'static str = "requests_imported";
    type Item = ReadyRequest;

    fn columns(&self) -> Vec<&'static str> {
        REQUEST.iter().chain(PERSON).chain(ENQUIRER).copied().collect()
    }

    fn joins(&self, before: &Record, next: &Record) -> bool {
        let group = |record: &Record| record.cells.get("request_group").cloned();
        group(before).is_some() && group(before) == group(next)
    }

    fn read(&self, unit: Vec<Record>) -> Result<Reading<ReadyRequest>, ApiError> {
        let mut reading = Reading { item: None, taken: 0, refused: 0, problems: Vec::new() };
        let (mut case, mut sought, mut lines) = (None, Vec::new(), 0);
        for record in unit {
            lines = record.line;
            match self.record(record) {
                Ok((of, one)) => {
                    case.get_or_insert(of);
                    sought.push(one);
                    reading.taken += 1;
                }
                Err(problems) => {
                    reading.problems.extend(problems);
                    reading.refused += 1;
                }
            }
        }
        let Some(case) = case else { return Ok(reading) };
        match self.request(&case, sought) {
            Ok(request) => {
                if !request.circumstances.concerns.is_empty() {
                    self.flagged.fetch_add(1, Ordering::Relaxed);
                }
                let home = Home { society: self.society, point: None };
                reading.item = Some(requests::seal_accepted(self.core, &self.may, home, &request)?);
            }
            Err(problems) => {
                reading.problems.extend(told(lines, problems));
                reading.refused += std::mem::take(&mut reading.taken);
            }
        }
        Ok(reading)
    }

    fn store(&self, tx: &mut Conn, items: &[ReadyRequest]) -> Result<Vec<Owner>, DbError> {
        requests::write_all(tx, self.core, &self.may, &items.iter().collect::<Vec<_>>())?;
        // Each request has leaves of its own that name everybody it is about.
        Ok(Vec::new())
    }
}
