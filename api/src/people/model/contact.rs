//! A contact at a service point as it comes in: with somebody, with somebody known, or with nobody named (R-14).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::codes::{ContactKind, GroupKind, GroupRole, Relation, WantsContact};
use super::form::{PersonForm, PlaceForm, list, needed, prose};
use super::values::{Companion, NewPerson, Place};
use crate::consent::{ConsentForm, ConsentKind, ConsentStatus, LegalBasis, NewConsent};
use crate::hsp::Service;
use crate::kernel::{ContactId, Day, GroupId, Invalid, PersonId, PointId, Wrong};

/// What happened at a service point. Without `person` and `person_id` it is an anonymous visit.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactForm {
    /// The point; one's own when left out.
    #[schema(value_type = Option<String>)]
    pub point: Option<PointId>,
    pub kind: ContactKind,
    /// `YYYY-MM-DD`, not in the future; today when left out.
    #[schema(max_length = 10)]
    pub contact_on: Option<String>,
    #[serde(default)]
    #[schema(max_items = 40)]
    pub services: Vec<Service>,
    /// Somebody new.
    pub person: Option<PersonForm>,
    /// Somebody recorded here before.
    #[schema(value_type = Option<String>)]
    pub person_id: Option<PersonId>,
    /// Why the person may be kept; needed when `consents` holds no answer to `collect_and_store`.
    pub legal_basis: Option<LegalBasis>,
    #[serde(default)]
    #[schema(max_items = 12)]
    pub consents: Vec<ConsentForm>,
    pub wants_contact: Option<WantsContact>,
    pub next_place: Option<PlaceForm>,
    #[schema(max_items = 10)]
    pub companions: Option<Vec<CompanionForm>>,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    pub group: Option<GroupForm>,
}

#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompanionForm {
    pub relation: Relation,
    #[schema(max_length = 200)]
    pub name: String,
}

/// The family or travelling group the person belongs to (R-32).
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupForm {
    /// A group made before; a new one when left out.
    #[schema(value_type = Option<String>)]
    pub id: Option<GroupId>,
    /// Needed for a new group.
    pub kind: Option<GroupKind>,
    pub role: GroupRole,
}

/// Whom the contact was with.
pub enum Who {
    Nobody,
    New(Box<NewPerson>, LegalBasis),
    /// Somebody recorded before; whether the caller reaches them is asked in the transaction.
    Known(PersonId),
}

/// Which group to join.
#[derive(Clone, Copy)]
pub enum Group {
    New(GroupKind, GroupRole),
    Known(GroupId, GroupRole),
}

/// A contact, checked.
pub struct NewContact {
    pub kind: ContactKind,
    pub contact_on: Day,
    pub services: Vec<Service>,
    pub who: Who,
    pub consents: Vec<NewConsent>,
    pub wants_contact: WantsContact,
    pub next_place: Option<Place>,
    pub companions: Vec<Companion>,
    pub note: Option<String>,
    pub group: Option<Group>,
    /// The person said no to being written down, so only the visit is kept.
    pub identity_refused: bool,
}

/// What became of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recorded {
    #[schema(value_type = String)]
    pub contact: ContactId,
    /// Absent for an anonymous visit, and when the person did not want to be written down.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(value_type = Option<String>)]
    pub person: Option<PersonId>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[schema(value_type = Option<String>)]
    pub group: Option<GroupId>,
    /// The person said no to being written down, so the visit alone was kept.
    #[serde(default)]
    pub name_not_kept: bool,
}

impl ContactForm {
    /// Checks everything and names every problem. `today` is the day of recording.
    ///
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self, today: Day) -> Result<NewContact, Invalid> {
        let mut problems = Invalid::default();
        let contact_on = match self.contact_on.as_deref() {
            None => today,
            Some(text) => Day::parse(text).filter(|day| *day <= today).unwrap_or_else(|| {
                problems.note(
                    "contact_on",
                    Wrong::NotADayPast.says("is not a day up to today; YYYY-MM-DD is taken"),
                );
                today
            }),
        };
        if self.services.len() > Service::ALL.len() {
            problems.note("services", Wrong::Twice.says("are too many; each is taken once"));
        }
        let mut services = self.services.clone();
        services.sort_unstable();
        services.dedup();
        let consents = self.consents(&mut problems, today);
        let answer = consents.iter().find(|c| c.kind == ConsentKind::CollectAndStore);
        let answer = answer.map(|c| c.answer.status);
        // A no to being written down is kept to by not writing: the visit stays, the name goes. Another basis, such as
        // the vital interest of a child at risk, stands on its own.
        let identity_refused = self.person.is_some()
            && self.legal_basis.unwrap_or(LegalBasis::Consent) == LegalBasis::Consent
            && matches!(answer, Some(ConsentStatus::Refused | ConsentStatus::Withdrawn));
        let who = self.who(&mut problems, today, answer, identity_refused);
        let named = matches!(who, Who::New(..) | Who::Known(_));
        if !named && !identity_refused {
            self.nobody(&mut problems);
        }
        let next_place = self.next_place.as_ref().map(|p| p.parse("next_place")).transpose();
        let next_place = problems.take(next_place).flatten();
        let companions = list(&mut problems, "companions", self.companions.as_deref(), |at, companion| {
            Ok(Companion {
                relation: companion.relation,
                name: needed(&format!("{at}.name"), &companion.name)?,
            })
        });
        let note = prose(&mut problems, "note", self.note.as_deref());
        let group = match &self.group {
            None => None,
            Some(GroupForm { id: Some(id), kind: None, role }) => Some(Group::Known(*id, *role)),
            Some(GroupForm { id: None, kind: Some(kind), role }) => Some(Group::New(*kind, *role)),
            Some(_) => {
                problems.note(
                    "group",
                    Wrong::NotTogether.says("names either the id of a group or the kind of a new one"),
                );
                None
            }
        };
        problems.ok()?;
        let contact = NewContact {
            kind: self.kind,
            contact_on,
            services,
            who,
            consents,
            wants_contact: self.wants_contact.unwrap_or(WantsContact::NotAsked),
            next_place,
            companions,
            note,
            group,
            identity_refused,
        };
        Ok(if identity_refused { contact.without_person() } else { contact })
    }

    fn consents(&self, problems: &mut Invalid, today: Day) -> Vec<NewConsent> {
        let mut consents: Vec<NewConsent> = Vec::new();
        if self.consents.len() > ConsentKind::ALL.len() {
            problems.note("consents", Wrong::Twice.says("are too many; each kind is answered once"));
        }
        for (i, form) in self.consents.iter().take(ConsentKind::ALL.len()).enumerate() {
            let place = format!("consents[{i}]");
            let Some(consent) = problems.take(NewConsent::parse(form, today).map_err(|e| e.under(&place)))
            else {
                continue;
            };
            if consents.iter().any(|c| c.kind == consent.kind) {
                problems.note(
                    format!("{place}.kind"),
                    Wrong::Twice.says("stands here twice; each kind is answered once"),
                );
            }
            consents.push(consent);
        }
        consents
    }

    fn who(
        &self,
        problems: &mut Invalid,
        today: Day,
        answer: Option<ConsentStatus>,
        identity_refused: bool,
    ) -> Who {
        match (&self.person, self.person_id) {
            (Some(_), Some(_)) => {
                problems.note(
                    "person_id",
                    Wrong::NotTogether.says("does not go with person; send one of the two"),
                );
                Who::Nobody
            }
            (None, Some(id)) => Who::Known(id),
            (None, None) => Who::Nobody,
            (Some(form), None) => {
                let person = problems.take(form.parse(today).map_err(|e| e.under("person")));
                let basis = match (self.legal_basis, answer) {
                    (Some(basis), _) if basis != LegalBasis::Consent => Some(basis),
                    (_, Some(ConsentStatus::Given)) => Some(LegalBasis::Consent),
                    _ => None,
                };
                if basis.is_none() && !identity_refused {
                    problems.note(
                        "legal_basis",
                        Wrong::NeedsConsentAnswer.says("is missing: ask collect_and_store and send the answer in consents, or name another basis; \
                         without either, record an anonymous visit"),
                    );
                }
                match (person, basis) {
                    (Some(person), Some(basis)) => Who::New(Box::new(person), basis),
                    _ => Who::Nobody,
                }
            }
        }
    }

    /// An anonymous visit keeps services and nothing about anybody: there is no key to seal it under.
    fn nobody(&self, problems: &mut Invalid) {
        if self.person.is_some() {
            return;
        }
        const NEEDS: &str = "needs a person; an anonymous visit keeps the services only";
        for (field, said) in [
            ("consents", !self.consents.is_empty()),
            ("next_place", self.next_place.is_some()),
            ("companions", self.companions.as_ref().is_some_and(|c| !c.is_empty())),
            ("note", self.note.as_deref().is_some_and(|n| !n.trim().is_empty())),
            ("group", self.group.is_some()),
            ("legal_basis", self.legal_basis.is_some()),
        ] {
            if said {
                problems.note(field, Wrong::NeedsPerson.says(NEEDS));
            }
        }
    }
}

impl NewContact {
    fn without_person(self) -> Self {
        Self {
            who: Who::Nobody,
            consents: Vec::new(),
            wants_contact: WantsContact::NotAsked,
            next_place: None,
            companions: Vec::new(),
            note: None,
            group: None,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<NewContact, Vec<String>> {
        let form: ContactForm = serde_json::from_str(json).unwrap();
        let today = Day::parse("2026-03-01").unwrap();
        form.parse(today).map_err(|e| e.0.into_iter().map(|p| p.field).collect())
    }

    #[test]
    fn a_visit_needs_no_name_and_no_consent() {
        let visit = parse(r#"{"kind":"service_visit","services":["water","food","water"]}"#).ok().unwrap();
        assert!(matches!(visit.who, Who::Nobody));
        assert_eq!(visit.services, [Service::Food, Service::Water]);
    }

    #[test]
    fn an_anonymous_visit_keeps_nothing_about_anybody() {
        let problems = parse(
            r#"{"kind":"service_visit","note":"tall","next_place":{"name":"Garissa"},
                "companions":[{"relation":"brother","name":"Ali"}],
                "group":{"kind":"family","role":"child"},"legal_basis":"consent"}"#,
        )
        .err();
        let expected = ["next_place", "companions", "note", "group", "legal_basis"];
        assert_eq!(problems.unwrap(), expected);
    }

    #[test]
    fn a_no_to_being_written_down_keeps_the_visit_and_drops_the_name() {
        let json = r#"{"kind":"service_visit","services":["food"],"person":{"full_name":"Amina"},
            "consents":[{"kind":"collect_and_store","status":"refused","method":"oral_witnessed","language":"en"}]}"#;
        let visit = parse(json).ok().unwrap();
        assert!(visit.identity_refused && matches!(visit.who, Who::Nobody));
        assert!(visit.consents.is_empty());
        assert_eq!(visit.services, [Service::Food]);
        let vital = json.replace("\"person\"", "\"legal_basis\":\"vital_interest\",\"person\"");
        assert!(matches!(parse(&vital).ok().unwrap().who, Who::New(_, LegalBasis::VitalInterest)));
    }

    #[test]
    fn a_person_is_kept_only_on_a_basis() {
        let bare = r#"{"kind":"service_visit","person":{"full_name":"Amina"}}"#;
        assert_eq!(parse(bare).err().unwrap(), ["legal_basis"]);
    }

    #[test]
    fn the_day_of_a_contact_is_never_in_the_future() {
        assert_eq!(parse(r#"{"kind":"hotline","contact_on":"2026-03-02"}"#).err().unwrap(), ["contact_on"]);
        assert!(parse(r#"{"kind":"hotline","contact_on":"2026-03-01"}"#).is_ok());
    }
}
