//! The intake desk's page: a visit in under a minute, with or without a name, and consent asked in plain words. The
//! pages of one person stand in files of their own.

pub mod consents;
pub mod known;
pub mod team;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::model::{BirthForm, ContactForm, ContactKind, PersonForm, Sex};
use super::{service, store};
use crate::auth::Core;
use crate::consent::{self, Assent, ConsentForm, ConsentKind, ConsentStatus, GivenBy, Method};
use crate::hsp::Service;
use crate::kernel::{ApiError, PersonId, Reference, codes};
use crate::policy::{Action, May, ReadRegister, RecordContact};
use crate::web::{self, Filled, Form, Idempotency, Labels, Query, Shell};

codes! {
    /// An answer at the desk.
    pub YesNo { Yes = "yes", No = "no" }
}

codes! {
    /// What was kept of the visit before.
    pub Done { Person = "person", Visit = "visit", NoName = "no_name" }
}

/// What the page asks. Everything may be left out: then it is a visit of nobody named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitForm {
    #[serde(default)]
    services: Vec<Service>,
    name: Option<String>,
    age: Option<u8>,
    sex: Option<Sex>,
    phone: Option<String>,
    keep: Option<YesNo>,
    search: Option<YesNo>,
    given_by: Option<GivenBy>,
    assent: Option<Assent>,
    /// Of a visit that is written down later.
    day: Option<String>,
}

/// How the page calls its fields.
const LABELS: Labels = &[
    ("services", "visit-services"),
    ("name", "visit-name"),
    ("age", "visit-age"),
    ("sex", "visit-sex"),
    ("phone", "visit-phone"),
    ("keep", "visit-ask-keep"),
    ("search", "visit-ask-search"),
    ("given_by", "visit-given-by"),
    ("assent", "visit-assent"),
    ("day", "visit-day"),
];

/// The visit before this one.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    done: Option<Done>,
    /// The reference for the person's card: random, so an address may hold it.
    card: Option<String>,
}

#[derive(Template)]
#[template(path = "people/visit.html")]
struct Visit {
    t: Shell,
    form: Filled,
    done: Option<Done>,
    card: Option<Reference>,
    /// The words that are read to the person.
    keep: String,
    search: String,
}

impl Visit {
    async fn new(t: Shell, may: &May<RecordContact>, core: &Core, after: After) -> Result<Self, ApiError> {
        let reading: May<ReadRegister> = may.also()?;
        let t = t.at("/visits/new");
        let language = t.lang();
        let keep = consent::words(core, &reading, ConsentKind::CollectAndStore, language).await?;
        let search = consent::words(core, &reading, ConsentKind::TracingSearch, language).await?;
        let card = after.card.and_then(|text| Reference::parse(&text).ok());
        Ok(Self { t, form: Filled::blank(), done: after.done, card, keep, search })
    }

    fn questions(&self) -> [(&'static str, &str); 2] {
        [("keep", &self.keep), ("search", &self.search)]
    }

    /// What a desk gives most; the rest is recorded through programs.
    fn services(&self) -> &'static [Service] {
        &[
            Service::Food,
            Service::Water,
            Service::FirstAid,
            Service::BasicMedical,
            Service::Mhpss,
            Service::NfiHygiene,
            Service::Clothing,
            Service::ShelterRest,
            Service::PhoneCall,
            Service::CommunicationConnectivity,
            Service::InformationOrientation,
            Service::RflTracing,
        ]
    }

    fn sexes(&self) -> &'static [Sex] {
        Sex::ALL
    }

    fn givers(&self) -> impl Iterator<Item = GivenBy> {
        let decides = self.t.may(Action::DecideBestInterest);
        GivenBy::ALL.iter().copied().filter(move |giver| decides || *giver != GivenBy::BestInterestDecision)
    }

    fn assents(&self) -> impl Iterator<Item = Assent> {
        Assent::ALL.iter().copied().filter(|assent| *assent != Assent::NotNeeded)
    }
}

impl VisitForm {
    /// The same as a program would send. Who answers at the desk answers out loud, in the language of the page.
    fn contact(self, language: &str) -> ContactForm {
        let named = self.name.is_some() || self.age.is_some() || self.sex.is_some() || self.phone.is_some();
        let answers = [(ConsentKind::CollectAndStore, self.keep), (ConsentKind::TracingSearch, self.search)];
        let consents = answers.into_iter().filter_map(|(kind, answer)| {
            let status = match answer? {
                YesNo::Yes => ConsentStatus::Given,
                YesNo::No => ConsentStatus::Refused,
            };
            Some(ConsentForm {
                kind,
                status,
                given_by: self.given_by,
                assent: self.assent,
                method: Some(Method::OralWitnessed),
                language: language.to_owned(),
                interpreter: false,
                valid_until: None,
                legal_basis: None,
                restrictions: None,
            })
        });
        // Without anything about a person the answers are about nobody.
        let consents = if named { consents.collect() } else { Vec::new() };
        let birth = self.age.map(|age| BirthForm { age: Some(age), ..BirthForm::default() });
        let phones = self.phone.map(|phone| vec![phone]);
        let person =
            PersonForm { full_name: self.name, sex: self.sex, birth, phones, ..PersonForm::default() };
        ContactForm {
            point: None,
            kind: ContactKind::ServiceVisit,
            contact_on: self.day,
            services: self.services,
            person: named.then_some(person),
            person_id: None,
            legal_basis: None,
            consents,
            wants_contact: None,
            next_place: None,
            companions: None,
            note: None,
            group: None,
        }
    }
}

/// `GET /visits/new`
pub async fn new(
    t: Shell,
    may: May<RecordContact>,
    after: Query<After>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    web::page(&Visit::new(t, &may, &core, after.0).await?)
}

/// `POST /visits`
pub async fn record(
    t: Shell,
    may: May<RecordContact>,
    once: Idempotency,
    form: Form<VisitForm>,
    core: Data<Core>,
) -> Result<HttpResponse, ApiError> {
    let (input, filled) = form.split();
    let page = Visit::new(t, &may, &core, After::default()).await?;
    let recorded = match input {
        Ok(visit) => service::record(&core, may.clone(), once, &visit.contact(page.t.lang())).await,
        Err(error) => Err(error),
    };
    match recorded {
        Ok(recorded) => {
            let done = match (recorded.person, recorded.name_not_kept) {
                (Some(_), _) => Done::Person,
                (None, true) => Done::NoName,
                (None, false) => Done::Visit,
            };
            let card = match recorded.person {
                Some(person) => format!("&card={}", card(&core, may, person).await?),
                None => String::new(),
            };
            Ok(web::see_other(&format!("/visits/new?done={done}{card}")))
        }
        Err(error) => {
            let form = filled.with(as_asked(error))?.labelled(LABELS);
            web::page_again(&Visit { form, ..page })
        }
    }
}

/// What stands on the person's card: with it they, and those who help them, are found again.
async fn card(core: &Core, may: May<RecordContact>, person: PersonId) -> Result<String, ApiError> {
    core.db.read(move |conn| store::find(conn, &may, person)).await.map(|row| row.reference)
}

/// Names problems as the page names its fields.
fn as_asked(error: ApiError) -> ApiError {
    let ApiError::Invalid(mut problems) = error else { return error };
    for problem in &mut problems.0 {
        let asked = match problem.field.as_str() {
            "contact_on" => "day",
            "person.full_name" => "name",
            "person.birth.age" => "age",
            "person.phones[0]" => "phone",
            "legal_basis" => "keep",
            field if field.ends_with(".given_by") => "given_by",
            field if field.ends_with(".assent") => "assent",
            _ => continue,
        };
        problem.field = asked.to_owned();
    }
    let mut told = std::collections::BTreeSet::new();
    problems.0.retain(|problem| told.insert((problem.field.clone(), problem.code)));
    ApiError::Invalid(problems)
}
