//! The copy that leaves: rendered once, in one canonical form, and sealed. Rendering is pure, so the same values give
//! the same bytes; nothing that happens to the person afterwards reaches it (R-19).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroize;

use super::fields::DisclosedField;
use super::model::{Mode, Service, Urgency};
use crate::kernel::{PartialDate, Timestamp};
use crate::people::{Birth, Functioning, PersonRow, Protection, Reachable};
use crate::vault::{Holds, Receipt, ReferralCopy, Seat, VaultError};

/// What the receiver is told, and nothing else. Field order is the order of the bytes.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Copy {
    /// Version of this form.
    pub v: u8,
    pub reference: String,
    pub sent_at: String,
    pub from: String,
    pub to: String,
    pub urgency: Urgency,
    pub service: Service,
    pub mode: Mode,
    pub escort_needed: bool,
    /// Field → its lines, in the order of the field list. A field that is consented but not known has no lines.
    #[schema(value_type = BTreeMap<String, Vec<String>>)]
    pub fields: BTreeMap<DisclosedField, Vec<String>>,
}

impl Copy {
    pub const VERSION: u8 = 1;

    /// The one form that is sealed.
    pub fn render(&self) -> String {
        // Codes, text and lists of text always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads back what [`Copy::render`] wrote, and only that.
    pub fn parse(text: &str) -> Option<Self> {
        let copy: Self = serde_json::from_str(text).ok()?;
        (copy.v == Self::VERSION && copy.render() == text).then_some(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        for line in self.fields.values_mut().flatten() {
            line.zeroize();
        }
    }
}

/// A copy's envelope: what it says besides the fields.
pub struct Envelope {
    pub reference: String,
    pub sent_at: Timestamp,
    pub from: String,
    pub to: String,
    pub urgency: Urgency,
    pub service: Service,
    pub mode: Mode,
    pub escort_needed: bool,
}

impl Envelope {
    pub fn around(self, fields: BTreeMap<DisclosedField, Vec<String>>) -> Copy {
        Copy {
            v: Copy::VERSION,
            reference: self.reference,
            sent_at: self.sent_at.to_string(),
            from: self.from,
            to: self.to,
            urgency: self.urgency,
            service: self.service,
            mode: self.mode,
            escort_needed: self.escort_needed,
            fields,
        }
    }
}

/// Opens one field of a person and writes it as lines. The need is not the person's and has none here.
///
/// # Errors
/// The receipt does not cover the field's class, or the value does not open.
pub fn lines(
    field: DisclosedField,
    row: &PersonRow,
    seat: &Seat<'_>,
    receipt: &Receipt,
) -> Result<Vec<String>, VaultError> {
    use DisclosedField as F;
    let text = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    Ok(match field {
        F::GivenNames => text(seat.open(receipt, &row.given_names_sealed)?.expose()),
        F::FamilyNames => text(seat.open(receipt, &row.family_names_sealed)?.expose()),
        F::FullName => text(seat.open(receipt, &row.full_name_sealed)?.expose()),
        F::OriginalScriptName => text(seat.open(receipt, &row.original_script_name_sealed)?.expose()),
        F::FatherName => text(seat.open(receipt, &row.father_name_sealed)?.expose()),
        F::MotherName => text(seat.open(receipt, &row.mother_name_sealed)?.expose()),
        F::GrandfatherName => text(seat.open(receipt, &row.grandfather_name_sealed)?.expose()),
        F::SpouseName => text(seat.open(receipt, &row.spouse_name_sealed)?.expose()),
        F::Description => text(seat.open(receipt, &row.description_sealed)?.expose()),
        F::OtherNames => {
            let names = seat.open(receipt, &row.other_names_sealed)?;
            names.expose().0.iter().map(|other| other.name.clone()).collect()
        }
        F::Sex => {
            let sex = seat.open(receipt, &row.sex_sealed)?;
            sex.expose().0.0.iter().map(|sex| sex.code().to_owned()).collect()
        }
        F::Birth => birth(&seat.open(receipt, &row.birth_sealed)?.expose().0),
        F::Nationalities => seat.open(receipt, &row.nationalities_sealed)?.expose().clone(),
        F::Languages => seat.open(receipt, &row.languages_sealed)?.expose().clone(),
        F::Origin => {
            let origin = seat.open(receipt, &row.origin_sealed)?;
            let written = |name: &str, country: Option<&String>| match country {
                Some(country) => format!("{name}, {country}"),
                None => name.to_owned(),
            };
            origin.expose().0.iter().map(|place| written(&place.name, place.country.as_ref())).collect()
        }
        F::Phones => seat.open(receipt, &row.phones_sealed)?.expose().clone(),
        F::Reach => reach(&seat.open(receipt, &row.reach_sealed)?.expose().0),
        F::Functioning => functioning(&seat.open(receipt, &row.functioning_sealed)?.expose().0),
        F::Protection => protection(&seat.open(receipt, &row.protection_sealed)?.expose().0),
        F::Need => Vec::new(),
    })
}

/// A date as people know it: `~` after what is estimated, as in the extended date format of ISO 8601-2.
fn birth(birth: &Birth) -> Vec<String> {
    let about = |estimated: bool| if estimated { "~" } else { "" };
    let born = birth.born.map(|born| match born {
        PartialDate::Day { year, month, day, estimated } => {
            format!("{year:04}-{month:02}-{day:02}{}", about(estimated))
        }
        PartialDate::Month { year, month } => format!("{year:04}-{month:02}"),
        PartialDate::Year { year, about: estimated } => format!("{year:04}{}", about(estimated)),
        PartialDate::AgeOn { min, max, on_year, on_month, on_day } => {
            format!("age {min}-{max} on {on_year:04}-{on_month:02}-{on_day:02}")
        }
    });
    let doubt = birth.possibly_under_18.then(|| "possibly_under_18".to_owned());
    born.into_iter().chain(doubt).collect()
}

fn reach(reach: &Reachable) -> Vec<String> {
    let part = |name: &str, value: &Option<String>| value.as_ref().map(|text| format!("{name}: {text}"));
    let messaging = reach.messaging.iter().map(|way| Some(format!("{}: {}", way.service, way.handle)));
    [part("address", &reach.address), part("email", &reach.email)]
        .into_iter()
        .chain(messaging)
        .chain([part("safe_use", &reach.safe_use)])
        .flatten()
        .collect()
}

fn functioning(answers: &Functioning) -> Vec<String> {
    let asked = [
        ("seeing", answers.seeing),
        ("hearing", answers.hearing),
        ("walking", answers.walking),
        ("remembering", answers.remembering),
        ("self_care", answers.self_care),
        ("communicating", answers.communicating),
    ];
    asked.into_iter().filter_map(|(what, answer)| answer.map(|a| format!("{what}: {a}"))).collect()
}

fn protection(protection: &Protection) -> Vec<String> {
    let concerns = protection.concerns.iter().map(|concern| format!("concern: {concern}"));
    let care = protection.care.map(|care| format!("care: {care}"));
    let risk = protection.risk.map(|risk| format!("risk: {risk}"));
    let implicated = protection.caregiver_implicated.then(|| "caregiver_implicated".to_owned());
    let note = protection.note.as_ref().map(|note| format!("note: {note}"));
    concerns.chain([care, risk, implicated, note].into_iter().flatten()).collect()
}

impl Holds for ReferralCopy {
    type Value = String;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy() -> Copy {
        let fields = BTreeMap::from([
            (DisclosedField::Phones, vec!["+254700000001".to_owned()]),
            (DisclosedField::GivenNames, vec!["Amina".to_owned()]),
            (DisclosedField::Sex, Vec::new()),
        ]);
        Envelope {
            reference: "REF".into(),
            sent_at: Timestamp::from_micros(1_772_355_600_000_000),
            from: "soc_a".into(),
            to: "soc_b".into(),
            urgency: Urgency::Urgent,
            service: Service::LegalAssistance,
            mode: Mode::Accompanied,
            escort_needed: true,
        }
        .around(fields)
    }

    #[test]
    fn the_form_is_frozen_byte_for_byte() {
        let frozen = concat!(
            r#"{"v":1,"reference":"REF","sent_at":"2026-03-01T09:00:00.000Z","from":"soc_a","to":"soc_b","#,
            r#""urgency":"urgent","service":"legal_assistance","mode":"accompanied","escort_needed":true,"#,
            r#""fields":{"given_names":["Amina"],"sex":[],"phones":["+254700000001"]}}"#,
        );
        assert_eq!(copy().render(), frozen);
        assert_eq!(Copy::parse(frozen).unwrap().render(), frozen);
        assert!(Copy::parse(&frozen.replace(r#""v":1"#, r#""v":2"#)).is_none());
        assert!(Copy::parse(&frozen.replace("{\"v\"", "{ \"v\"")).is_none());
    }

    #[test]
    fn births_keep_their_doubt() {
        let day = PartialDate::Day { year: 2009, month: 2, day: 3, estimated: true };
        assert_eq!(
            birth(&Birth { born: Some(day), possibly_under_18: true }),
            ["2009-02-03~", "possibly_under_18"]
        );
        let age = PartialDate::AgeOn { min: 15, max: 17, on_year: 2026, on_month: 1, on_day: 2 };
        assert_eq!(birth(&Birth { born: Some(age), possibly_under_18: false }), ["age 15-17 on 2026-01-02"]);
        assert!(birth(&Birth::default()).is_empty());
    }
}
