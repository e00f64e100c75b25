//! How a change of a request comes in: what is left out stays, and a part of a sought person's story is put anew whole.

use serde::Deserialize;
use utoipa::ToSchema;

use super::form::{CircumstancesForm, JourneyForm, LastContactForm, MAX_SOUGHT, SafeContactForm, day};
use super::values::*;
use crate::kernel::{Day, Invalid, SoughtId, Wrong, codes};
use crate::people::{Place, PlaceForm};

/// A change of what is known about the case itself. What is left out stays.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestPatch {
    /// The version that was read.
    #[schema(minimum = 1)]
    pub version: i64,
    pub safe_contact: Option<SafeContactForm>,
    pub circumstances: Option<CircumstancesForm>,
    #[schema(max_length = 10)]
    pub next_contact_due: Option<String>,
    /// What is known anew of the way of somebody sought, each of them once.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub sought: Vec<SoughtPatch>,
}

/// What the family says now about one sought person's way. A part that is sent is put anew whole.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SoughtPatch {
    /// One of the request's sought persons.
    #[schema(value_type = String)]
    pub id: SoughtId,
    pub last_contact: Option<LastContactForm>,
    pub last_place: Option<PlaceForm>,
    pub journey: Option<JourneyForm>,
    /// Parts to empty.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub clear: Vec<SoughtPart>,
}

codes! {
    /// A part of what is known of a sought person's way.
    pub SoughtPart {
        LastContact = "last_contact",
        LastPlace = "last_place",
        Journey = "journey",
    }
}

/// A change of a request, checked.
pub struct RequestChange {
    pub version: i64,
    pub safe_contact: Option<SafeContact>,
    pub circumstances: Option<Circumstances>,
    pub next_contact_due: Option<Day>,
    pub sought: Vec<SoughtChange>,
}

/// A change of one sought person's way, checked: `None` stays as it is.
pub struct SoughtChange {
    pub id: SoughtId,
    pub last_contact: Option<LastContact>,
    pub last_place: Option<Option<Place>>,
    pub journey: Option<Journey>,
}

impl RequestPatch {
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn parse(self, today: Day) -> Result<RequestChange, Invalid> {
        let mut problems = Invalid::default();
        let safe_contact = self.safe_contact.map(SafeContactForm::parse).transpose();
        let safe_contact = problems.take(safe_contact.map_err(|e| e.under("safe_contact"))).flatten();
        let circumstances = self.circumstances.map(CircumstancesForm::parse).transpose();
        let circumstances = problems.take(circumstances.map_err(|e| e.under("circumstances"))).flatten();
        let due = self.next_contact_due.as_deref().filter(|text| !text.is_empty());
        let next_contact_due =
            problems.take(due.map(|text| day("next_contact_due", text)).transpose()).flatten();
        if self.sought.len() > MAX_SOUGHT {
            problems.note(
                "sought",
                Wrong::TooMany.says(format!("at most {MAX_SOUGHT} are taken")).most(MAX_SOUGHT),
            );
        }
        let mut sought: Vec<SoughtChange> = Vec::new();
        for (at, one) in self.sought.into_iter().enumerate().take(MAX_SOUGHT) {
            let place = format!("sought[{at}]");
            if sought.iter().any(|other| other.id == one.id) {
                problems.note(
                    format!("{place}.id"),
                    Wrong::Twice.says("is named twice; each sought person is taken once"),
                );
            }
            sought.extend(problems.take(one.parse(today).map_err(|e| e.under(&place))));
        }
        problems.ok()?;
        Ok(RequestChange { version: self.version, safe_contact, circumstances, next_contact_due, sought })
    }
}

impl SoughtPatch {
    fn parse(self, today: Day) -> Result<SoughtChange, Invalid> {
        let mut problems = Invalid::default();
        let sent = [
            (SoughtPart::LastContact, self.last_contact.is_some()),
            (SoughtPart::LastPlace, self.last_place.is_some()),
            (SoughtPart::Journey, self.journey.is_some()),
        ];
        if sent.iter().all(|(_, sent)| !sent) && self.clear.is_empty() {
            problems.note(
                "id",
                Wrong::Missing
                    .says("comes with nothing to change; send a part of the way, or name one to clear"),
            );
        }
        for (part, _) in sent.iter().filter(|(part, sent)| *sent && self.clear.contains(part)) {
            problems.note(
                part.code(),
                Wrong::NotTogether.says("is changed and cleared at once; do one of the two"),
            );
        }
        let clears = |part| self.clear.contains(&part);
        let last_contact = self.last_contact.or(clears(SoughtPart::LastContact).then(Default::default));
        let last_contact = last_contact.map(|form| form.parse(today)).transpose();
        let last_contact = problems.take(last_contact.map_err(|e| e.under("last_contact"))).flatten();
        let last_place = match self.last_place {
            Some(place) => problems.take(place.parse("last_place")).map(Some),
            None => clears(SoughtPart::LastPlace).then_some(None),
        };
        let journey = self.journey.or(clears(SoughtPart::Journey).then(Default::default));
        let journey = journey.map(JourneyForm::parse).transpose();
        let journey = problems.take(journey.map_err(|e| e.under("journey"))).flatten();
        problems.ok()?;
        Ok(SoughtChange { id: self.id, last_contact, last_place, journey })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn parse(sought: Value) -> Result<RequestChange, Vec<String>> {
        let patch: RequestPatch = serde_json::from_value(json!({"version": 1, "sought": sought})).unwrap();
        let today = Day::parse("2026-03-01").unwrap();
        patch.parse(today).map_err(|problems| problems.0.into_iter().map(|p| p.field).collect())
    }

    const ID: &str = "sgt_0190a0b0c0d07000800000000000dead";

    fn id() -> String {
        format!("{}{}", SoughtId::PREFIX, ID.trim_start_matches("sgt"))
    }

    #[test]
    fn a_part_is_put_anew_cleared_or_left_alone() {
        let change = parse(json!([{"id": id(), "last_place": {"name": "Zuwara"}, "clear": ["journey"]}]));
        let change = change.ok().unwrap().sought.remove(0);
        assert!(change.last_contact.is_none());
        assert_eq!(change.last_place.flatten().unwrap().name, "Zuwara");
        assert!(change.journey.unwrap().route.is_empty());
    }

    #[test]
    fn what_is_wrong_is_named_with_the_person_it_stands_at() {
        let refused = |sought| parse(sought).err().unwrap();
        let late = json!([{"id": id(), "last_contact": {"on": "2027-01-01"}}]);
        assert_eq!(refused(late), ["sought[0].last_contact.on"]);
        assert_eq!(refused(json!([{"id": id()}])), ["sought[0].id"]);
        let both = json!([{"id": id(), "journey": {}, "clear": ["journey"]}]);
        assert_eq!(refused(both), ["sought[0].journey"]);
        let one = json!({"id": id(), "clear": ["journey"]});
        assert_eq!(refused(json!([one, one])), ["sought[1].id"]);
    }
}
