//! How entries of the register come in: every problem told at once.

use serde::Deserialize;
use utoipa::ToSchema;

use super::model::{PlaceType, PointKind, PointStatus, Service};
use crate::kernel::{Country, Day, Invalid, PointId, SiteId, Wrong, clean};

/// A National Society.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SocietyForm {
    /// Short and unique, such as `krcs`.
    pub code: String,
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: String,
}

/// [`SocietyForm`], checked.
pub struct NewSociety {
    pub code: String,
    pub name: String,
    pub country: Country,
}

impl SocietyForm {
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self) -> Result<NewSociety, Invalid> {
        let mut problems = Invalid::default();
        let code = problems.take(short_code("code", &self.code));
        let name = problems.take(line("name", &self.name));
        let country = problems.take(Country::parse("country", &self.country));
        match (code, name, country) {
            (Some(code), Some(name), Some(country)) => Ok(NewSociety { code, name, country }),
            _ => Err(problems),
        }
    }
}

/// A service point as it is opened.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PointForm {
    /// Short and unique: small letters, digits and hyphens.
    #[schema(max_length = 40)]
    pub code: String,
    #[schema(max_length = 200)]
    pub name: String,
    pub kind: PointKind,
    pub place_type: PlaceType,
    /// ISO 3166-1 alpha-3.
    #[schema(max_length = 3)]
    pub country: String,
    /// The ship of a point at sea, and of no other.
    #[schema(max_length = 200)]
    pub vessel: Option<String>,
    /// Shows a contact point only (R-69).
    #[serde(default)]
    pub sensitive: bool,
    /// `YYYY-MM-DD`; needed for a temporary point.
    #[schema(max_length = 10)]
    pub opens_on: Option<String>,
    /// `YYYY-MM-DD`.
    #[schema(max_length = 10)]
    pub closes_on: Option<String>,
    /// Open, when left out.
    pub status: Option<PointStatus>,
    /// Where people find it; several for mobile units.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub sites: Vec<SiteForm>,
    #[serde(default)]
    #[schema(max_items = 27)]
    pub services: Vec<Service>,
}

/// One site or unit.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteForm {
    #[schema(max_length = 200)]
    pub name: String,
    pub kind: PointKind,
    /// Town, harbour or crossing, as people call it.
    #[schema(max_length = 200)]
    pub place: String,
    /// The area or stops a unit covers.
    #[schema(max_length = 1000)]
    pub coverage: Option<String>,
    #[schema(max_length = 1000)]
    pub timetable: Option<String>,
    /// The site this one takes the place of; it ends, and stays in the history.
    #[schema(value_type = Option<String>)]
    pub replaces: Option<SiteId>,
    /// Why it moved.
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// [`SiteForm`], checked.
pub struct NewSite {
    pub name: String,
    pub kind: PointKind,
    pub place: String,
    pub coverage: Option<String>,
    pub timetable: Option<String>,
    pub replaces: Option<SiteId>,
    pub reason: Option<String>,
}

/// [`PointForm`], checked.
pub struct NewPoint {
    pub code: String,
    pub name: String,
    pub kind: PointKind,
    pub place_type: PlaceType,
    pub country: Country,
    pub vessel: Option<String>,
    pub sensitive: bool,
    pub opens_on: Option<Day>,
    pub closes_on: Option<Day>,
    pub status: PointStatus,
    pub sites: Vec<NewSite>,
    pub services: Vec<Service>,
}

impl PointForm {
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self) -> Result<NewPoint, Invalid> {
        let mut problems = Invalid::default();
        let code = problems.take(short_code("code", &self.code));
        let name = problems.take(line("name", &self.name));
        let country = problems.take(Country::parse("country", &self.country));
        let vessel =
            problems.take(clean("vessel", self.vessel.as_deref().unwrap_or_default(), 200)).flatten();
        match (self.kind, &vessel) {
            (PointKind::AtSea, None) => {
                problems
                    .note("vessel", Wrong::Missing.says("is missing; a point at sea is found by its ship"));
            }
            (PointKind::AtSea, Some(_)) | (_, None) => {}
            (_, Some(_)) => problems.note("vessel", Wrong::NotHere.says("fits a point at sea only")),
        }
        let opens_on = day(&mut problems, "opens_on", self.opens_on.as_deref());
        let closes_on = day(&mut problems, "closes_on", self.closes_on.as_deref());
        if self.kind == PointKind::Temporary && self.opens_on.is_none() {
            problems.note(
                "opens_on",
                Wrong::Missing.says("is missing; a temporary point says from when, as YYYY-MM-DD"),
            );
        }
        if matches!((opens_on, closes_on), (Some(opens), Some(closes)) if closes < opens) {
            problems.note("closes_on", Wrong::Order.says("lies before opens_on"));
        }
        if self.sites.len() > 20 {
            problems.note("sites", Wrong::TooMany.says("are too many; at most 20 are taken").most(20));
        }
        let sites = self.sites.iter().take(20).enumerate();
        let sites = sites
            .filter_map(|(i, site)| problems.take(site.parse().map_err(|e| e.under(&format!("sites[{i}]")))))
            .collect();
        let services = problems.take(services(&self.services)).unwrap_or_default();
        match (code, name, country) {
            (Some(code), Some(name), Some(country)) if problems.0.is_empty() => Ok(NewPoint {
                code,
                name,
                kind: self.kind,
                place_type: self.place_type,
                country,
                vessel,
                sensitive: self.sensitive,
                opens_on,
                closes_on,
                status: self.status.unwrap_or(PointStatus::Open),
                sites,
                services,
            }),
            _ => Err(problems),
        }
    }
}

impl SiteForm {
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self) -> Result<NewSite, Invalid> {
        let mut problems = Invalid::default();
        let name = problems.take(line("name", &self.name));
        let place = problems.take(line("place", &self.place));
        let mut text = |field: &str, text: &Option<String>| {
            problems.take(clean(field, text.as_deref().unwrap_or_default(), 1000)).flatten()
        };
        let coverage = text("coverage", &self.coverage);
        let timetable = text("timetable", &self.timetable);
        let reason = text("reason", &self.reason);
        let (kind, replaces) = (self.kind, self.replaces);
        match (name, place) {
            (Some(name), Some(place)) if problems.0.is_empty() => {
                Ok(NewSite { name, kind, place, coverage, timetable, replaces, reason })
            }
            _ => Err(problems),
        }
    }
}

/// Each service once, in order.
pub(super) fn services(services: &[Service]) -> Result<Vec<Service>, Invalid> {
    if services.len() > Service::ALL.len() {
        return Err(Invalid::at("services", Wrong::Twice.says("are too many; each is taken once")));
    }
    let mut services = services.to_vec();
    services.sort_unstable();
    services.dedup();
    Ok(services)
}

/// A change of status: one more line of the history.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatusForm {
    pub status: PointStatus,
    /// `YYYY-MM-DD`; today when left out.
    #[schema(max_length = 10)]
    pub since: Option<String>,
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

impl StatusForm {
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self, today: Day) -> Result<(PointStatus, Day, Option<String>), Invalid> {
        let mut problems = Invalid::default();
        let since = day(&mut problems, "since", self.since.as_deref()).unwrap_or(today);
        let reason =
            problems.take(clean("reason", self.reason.as_deref().unwrap_or_default(), 1000)).flatten();
        problems.ok()?;
        Ok((self.status, since, reason))
    }
}

/// A route: points in the order people pass them, of any society.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteForm {
    #[schema(max_length = 40)]
    pub code: String,
    #[schema(max_length = 200)]
    pub name: String,
    #[schema(min_items = 2, max_items = 100, value_type = Vec<String>)]
    pub points: Vec<PointId>,
}

impl RouteForm {
    /// # Errors
    /// All that is wrong, each with its field.
    pub fn parse(&self) -> Result<(String, String), Invalid> {
        let mut problems = Invalid::default();
        let code = problems.take(short_code("code", &self.code));
        let name = problems.take(line("name", &self.name));
        if !(2..=100).contains(&self.points.len()) {
            problems.note(
                "points",
                Wrong::Count.says("are too few or too many; 2 to 100 are taken").between(2, 100),
            );
        }
        let mut seen = std::collections::BTreeSet::new();
        for (i, point) in self.points.iter().enumerate() {
            if !seen.insert(point) {
                problems.note(format!("points[{i}]"), Wrong::Twice.says("stands on the route twice"));
            }
        }
        match (code, name) {
            (Some(code), Some(name)) if problems.0.is_empty() => Ok((code, name)),
            _ => Err(problems),
        }
    }
}

fn short_code(field: &str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let fits = (2..=40).contains(&text.len()) && text.bytes().all(plain);
    let wrong = "is not a code; 2 to 40 small letters, digits and hyphens are taken";
    if fits { Ok(text.to_owned()) } else { Err(Invalid::at(field, wrong)) }
}

fn line(field: &str, text: &str) -> Result<String, Invalid> {
    let text = clean(field, text, 200)?
        .ok_or_else(|| Invalid::at(field, Wrong::Missing.says("is empty; text is needed")))?;
    if text.chars().any(char::is_control) {
        return Err(Invalid::at(field, Wrong::OneLine.says("holds a line break or tab; one line is taken")));
    }
    Ok(text)
}

fn day(problems: &mut Invalid, field: &str, text: Option<&str>) -> Option<Day> {
    let parsed = text.map(|text| {
        Day::parse(text)
            .ok_or_else(|| Invalid::at(field, Wrong::NotADay.says("is not a day; YYYY-MM-DD is taken")))
    });
    problems.take(parsed.transpose()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(json: &str) -> Vec<String> {
        let form: PointForm = serde_json::from_str(json).unwrap();
        form.parse().err().unwrap_or_default().0.into_iter().map(|p| p.field).collect()
    }

    #[test]
    fn a_point_at_sea_has_a_ship_and_no_other_point_has_one() {
        let with = |kind: &str, vessel: &str| {
            problems(&format!(
                r#"{{"code":"p1","name":"P","kind":"{kind}","place_type":"ship","country":"ITA"{vessel},
                    "opens_on":"2026-01-01"}}"#
            ))
        };
        for kind in PointKind::ALL {
            let at_sea = *kind == PointKind::AtSea;
            assert_eq!(with(kind.code(), r#","vessel":"Ocean""#).is_empty(), at_sea, "{kind}");
            assert_eq!(with(kind.code(), "").is_empty(), !at_sea, "{kind}");
        }
    }

    #[test]
    fn every_problem_of_a_point_is_named_at_once() {
        let found = problems(
            r#"{"code":"P 1","name":"","kind":"temporary","place_type":"town","country":"XX",
                "closes_on":"soon","sites":[{"name":"","kind":"mobile","place":""}]}"#,
        );
        assert_eq!(
            found,
            ["code", "name", "country", "closes_on", "opens_on", "sites[0].name", "sites[0].place"]
        );
    }
}
