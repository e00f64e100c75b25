//! One provider: what the form says, what the directory shows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::Service;
use super::store::ProviderRow;
use crate::kernel::{Day, Invalid, ProviderId, Wrong, clean, codes};

codes! {
    /// What kind of organisation a provider is.
    pub ProviderKind {
        HealthFacility = "health_facility",
        Shelter = "shelter",
        ChildProtection = "child_protection",
        LegalAid = "legal_aid",
        Ngo = "ngo",
        UnAgency = "un_agency",
        Community = "community",
        School = "school",
        Private = "private",
        /// Police, border, immigration, courts. May be listed, never told who somebody is.
        Authority = "authority",
        Other = "other",
    }
}

codes! {
    /// Whether the way to a provider has been checked lately.
    pub Pathway {
        Current = "current",
        /// Checked once, and its review is overdue.
        ReviewOverdue = "review_overdue",
        NeverVerified = "never_verified",
    }
}

impl Pathway {
    /// A pathway is current up to and including its review day.
    pub fn on(today: Day, verified_on: Option<Day>, review_days: u16) -> Self {
        match verified_on {
            None => Self::NeverVerified,
            Some(day) if day.plus_days(u64::from(review_days)) >= today => Self::Current,
            Some(_) => Self::ReviewOverdue,
        }
    }
}

/// A provider as a program says it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderForm {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    pub kind: ProviderKind,
    #[schema(min_items = 1, max_items = 26)]
    pub services: Vec<Service>,
    /// How a referral reaches them: a desk, a hotline, a meeting point. Never where a shelter is.
    #[schema(min_length = 1, max_length = 300)]
    pub contact_point: String,
    /// The day somebody last checked that the pathway works, `YYYY-MM-DD`.
    #[serde(default)]
    #[schema(format = Date)]
    pub pathway_verified_on: Option<String>,
    /// How many days a check lasts.
    #[schema(minimum = 1, maximum = 730)]
    pub review_days: u16,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// A parsed provider.
pub struct NewProvider {
    pub name: String,
    pub kind: ProviderKind,
    pub services: BTreeSet<Service>,
    pub contact_point: String,
    pub pathway_verified_on: Option<Day>,
    pub review_days: u16,
    pub active: bool,
}

impl NewProvider {
    /// # Errors
    /// Empty or overlong text, no service, a check that lies ahead, a review period outside one day to two years.
    pub fn parse(form: ProviderForm, today: Day) -> Result<Self, Invalid> {
        let mut problems = Invalid::default();
        let name = problems.take(needed("name", &form.name, 200));
        let contact_point = problems.take(needed("contact_point", &form.contact_point, 300));
        let services: BTreeSet<_> = form.services.iter().copied().collect();
        if services.is_empty() || services.len() != form.services.len() {
            problems.note("services", Wrong::Missing.says("takes one or more services, each listed once"));
        }
        let verified_on = form.pathway_verified_on.as_deref().map(Day::parse);
        if verified_on.is_some_and(|day| day.is_none_or(|day| day > today)) {
            problems.note(
                "pathway_verified_on",
                Wrong::NotADayPast.says("is not a day; YYYY-MM-DD is taken, not in the future"),
            );
        }
        if !(1..=730).contains(&form.review_days) {
            problems.note(
                "review_days",
                Wrong::OutOfRange.says("is out of range; 1 to 730 is taken").between(1, 730),
            );
        }
        let (Some(name), Some(contact_point)) = (name, contact_point) else { return Err(problems) };
        problems.ok()?;
        Ok(Self {
            name,
            kind: form.kind,
            services,
            contact_point,
            pathway_verified_on: verified_on.flatten(),
            review_days: form.review_days,
            active: form.active,
        })
    }
}

fn needed(field: &str, text: &str, max: usize) -> Result<String, Invalid> {
    clean(field, text, max)?
        .ok_or_else(|| Invalid::at(field, Wrong::Missing.says("is empty; text is needed")))
}

/// The id of a new provider.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct ProviderAdded {
    #[schema(value_type = String)]
    pub id: ProviderId,
}

/// A provider as the directory shows it.
#[derive(Clone, Serialize, ToSchema)]
pub struct ProviderView {
    #[schema(value_type = String)]
    pub id: ProviderId,
    pub version: i64,
    pub name: String,
    pub kind: ProviderKind,
    pub services: Vec<Service>,
    pub contact_point: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub pathway_verified_on: Option<Day>,
    pub review_days: u16,
    pub pathway: Pathway,
    pub active: bool,
}

impl ProviderView {
    pub fn of(row: ProviderRow, today: Day) -> Self {
        Self {
            id: row.id,
            version: row.version,
            pathway: Pathway::on(today, row.pathway_verified_on, row.review_days),
            name: row.name,
            kind: row.kind,
            services: row.services,
            contact_point: row.contact_point,
            pathway_verified_on: row.pathway_verified_on,
            review_days: row.review_days,
            active: row.active,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_pathway_is_current_until_its_review_day_has_passed() {
        let on = |today, verified: Option<&str>| Pathway::on(day(today), verified.map(day), 30);
        assert_eq!(on("2026-06-30", Some("2026-05-31")), Pathway::Current);
        assert_eq!(on("2026-07-01", Some("2026-05-31")), Pathway::ReviewOverdue);
        assert_eq!(on("2026-07-01", None), Pathway::NeverVerified);
    }

    #[test]
    fn every_wrong_part_of_a_provider_is_named_at_once() {
        let form = ProviderForm {
            name: " ".into(),
            kind: ProviderKind::Ngo,
            services: vec![],
            contact_point: "desk\u{0}".into(),
            pathway_verified_on: Some("2027-01-01".into()),
            review_days: 0,
            active: true,
        };
        let problems = NewProvider::parse(form, day("2026-06-15")).err().unwrap().0;
        let fields: Vec<_> = problems.iter().map(|p| p.field.as_str()).collect();
        assert_eq!(fields, ["name", "contact_point", "services", "pathway_verified_on", "review_days"]);
    }
}
