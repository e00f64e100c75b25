//! Why a pair scores as it does, one line per piece of evidence, in words a reviewer can check.

use std::cell::OnceCell;

use serde::Serialize;

use crate::atlas::Spot;
use crate::evidence::{self, Bearer, Evidence, Link, Stations};
use crate::fold::sound::Sound;
use crate::likeness::Likeness;
use crate::model::Numbers;
use crate::pair;
use crate::person::{Person, Roles, Word};
use crate::population::{Population, Rarity};
use crate::region::Region;
use crate::rivals::Among;
use crate::rung::{NAMED, Rung};
use crate::{Birth, Model, NamePart, PlaceRole, Profile, Score, Sex};

/// A score with its reasons. The weights of the lines add up to the weight of the score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Explanation {
    /// The score explained.
    pub score: Score,
    /// One line per field, fields that are not recorded included.
    pub lines: Vec<Line>,
    /// What the lines say together, where that is more than their sum.
    pub verdict: Option<Verdict>,
}

impl Explanation {
    /// The same pair among the other candidates of its list: one line more, and the score that line leaves.
    #[must_use]
    pub fn among_rivals(mut self, among: &Among) -> Self {
        self.lines.push(among.line());
        self.score = Score { weight: self.score.weight + among.rivals, ..among.score };
        self
    }
}

/// What the evidence says together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Surname, parents and origin agree while given name, age or sex do not: a useful lead to the family.
    SameFamilyAnotherPerson,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 1] = [Self::SameFamilyAnotherPerson];

    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SameFamilyAnotherPerson => "same_family_another_person",
        }
    }

    /// Plain English.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::SameFamilyAnotherPerson => "same family, another person",
        }
    }
}

/// The stable codes of every level that a line can name, each with its field: whoever puts them into words of another
/// language can see that none is missing.
pub fn levels() -> impl Iterator<Item = (FieldName, &'static str)> {
    Rung::all().map(|rung| (rung.field(), rung.code()))
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The field compared.
    pub field: FieldName,
    /// Stable code of the rung reached, such as `given_name.same`.
    pub level: &'static str,
    /// The rung in plain English.
    pub label: &'static str,
    /// Bits for (positive) or against (negative) this being one person; 0 where nothing was recorded.
    pub weight: f32,
    /// What the tracing request says.
    pub request_value: Option<String>,
    /// What the contact record says.
    pub contact_value: Option<String>,
}

/// A field of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// Given names, nicknames included.
    GivenName,
    /// Family names.
    FamilyName,
    /// The father's name.
    Father,
    /// The mother's name.
    Mother,
    /// Sex.
    Sex,
    /// Birth or age.
    Birth,
    /// Nationality.
    Nationality,
    /// Place of origin or birth.
    Origin,
    /// Last known place against where the person was met.
    Route,
    /// Last contact against the day the person was met.
    Time,
    /// Telephone numbers.
    Phone,
    /// Relatives and companions.
    Relatives,
    /// Whether the agreement proves the person or only the family.
    Household,
    /// Whether other candidates of the same list fit as well; only told where the list is at hand.
    Rivals,
}

impl FieldName {
    /// Every field, in the order an explanation lists them.
    pub const ALL: [Self; 14] = [
        Self::GivenName,
        Self::FamilyName,
        Self::Father,
        Self::Mother,
        Self::Sex,
        Self::Birth,
        Self::Nationality,
        Self::Origin,
        Self::Route,
        Self::Time,
        Self::Phone,
        Self::Relatives,
        Self::Household,
        Self::Rivals,
    ];

    /// The stable code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Father => "father",
            Self::Mother => "mother",
            Self::Sex => "sex",
            Self::Birth => "birth",
            Self::Nationality => "nationality",
            Self::Origin => "origin",
            Self::Route => "route",
            Self::Time => "time",
            Self::Phone => "phone",
            Self::Relatives => "relatives",
            Self::Household => "household",
            Self::Rivals => "rivals",
        }
    }
}

/// A person's own words as the alignment reads them.
impl Bearer for [Word] {
    fn count(&self) -> usize {
        self.len()
    }

    fn roles(&self, at: usize) -> Roles {
        self.get(at).map(|word| word.roles).unwrap_or_default()
    }

    fn sound(&self, at: usize) -> Option<Sound> {
        self.get(at).map(|word| word.sound)
    }
}

/// The region in whose population a pair's names are judged: the request's, else the contact's.
pub(crate) fn region_of(request: Region, contact: Region) -> Region {
    if request == Region::UNKNOWN { contact } else { request }
}

/// How rare the agreements of a pair's words are, in bits.
pub(crate) trait Surprisal {
    /// Of names that agree.
    fn of_name(&self, link: &Link, region: Region) -> f32;
    /// Of places of origin that agree.
    fn of_origin(&self, link: &Link, region: Region) -> f32;
}

/// By how many people bear a word of one person or any word as close, each looked up once, when a comparison first asks.
struct Rarities<'a> {
    numbers: &'a Numbers,
    population: &'a Population,
    person: &'a Person,
    names: Vec<OnceCell<Rarity>>,
    origins: Vec<OnceCell<Rarity>>,
}

impl<'a> Rarities<'a> {
    /// Nothing is looked up yet.
    fn of(numbers: &'a Numbers, population: &'a Population, person: &'a Person) -> Self {
        Self {
            numbers,
            population,
            person,
            names: vec![OnceCell::new(); person.words.len()],
            origins: vec![OnceCell::new(); person.origins.len()],
        }
    }
}

impl Surprisal for Rarities<'_> {
    fn of_name(&self, link: &Link, region: Region) -> f32 {
        let rarity = |word: &Word| self.population.rarity_of_name(self.numbers, word);
        bits(link, region, &self.person.words, &self.names, rarity)
    }

    fn of_origin(&self, link: &Link, region: Region) -> f32 {
        let rarity = |word: &Word| self.population.rarity_of_place(self.numbers, word);
        bits(link, region, &self.person.origins, &self.origins, rarity)
    }
}

fn bits(
    link: &Link,
    region: Region,
    words: &[Word],
    known: &[OnceCell<Rarity>],
    look_up: impl Fn(&Word) -> Rarity,
) -> f32 {
    let at = usize::from(link.request);
    let rarity = words.get(at).zip(known.get(at)).map(|(word, known)| known.get_or_init(|| look_up(word)));
    rarity.map_or(0.0, |rarity| rarity.bits(region, link.likeness))
}

/// The evidence of two people, measured directly.
pub(crate) fn evidence_of(
    model: &Model,
    population: &Population,
    request: &Person,
    contact: &Person,
) -> Evidence {
    evidence_by(model, population, &Rarities::of(&model.numbers, population, request), request, contact)
}

/// The same by a given measure of rarity.
pub(crate) fn evidence_by(
    model: &Model,
    population: &Population,
    rarity: &impl Surprisal,
    request: &Person,
    contact: &Person,
) -> Evidence {
    let mut evidence = Evidence::default();
    let region = region_of(request.facts.region, contact.facts.region);
    let mut agreeing = links(&request.words, &contact.words);
    let surprisal = |link: &Link| rarity.of_name(link, region);
    evidence::names(model, &*request.words, &*contact.words, &mut agreeing, surprisal, &mut evidence);
    evidence::facts(&request.facts, &contact.facts, &mut evidence);
    evidence::nationality(&request.facts, &contact.facts, population, &mut evidence);
    let places = links(&request.origins, &contact.origins);
    let best = places.iter().map(|link| (link.likeness, rarity.of_origin(link, region)));
    evidence::origin(model, !request.origins.is_empty() && !contact.origins.is_empty(), best, &mut evidence);
    let stations = request.station.as_ref().zip(contact.station.as_ref()).map(|(last_known, met)| Stations {
        same: Likeness::of_words(last_known, met).is_some_and(|likeness| likeness <= Likeness::Similar),
        listed: Spot::of(last_known).zip(Spot::of(met)),
    });
    evidence::station(stations.as_ref(), &request.facts, &contact.facts, &mut evidence);
    let shared = request.phones.iter().any(|phone| contact.phones.contains(phone));
    evidence::phone(!request.phones.is_empty() && !contact.phones.is_empty(), shared, &mut evidence);
    let common = links(&request.relatives, &contact.relatives);
    evidence::relatives(common.iter().any(|link| link.likeness <= Likeness::Alike), &mut evidence);
    evidence
}

fn links(request: &[Word], contact: &[Word]) -> Vec<Link> {
    let (keys, other_keys) = (keys(request), keys(contact));
    let mut links = Vec::new();
    for (i, (own, keys)) in request.iter().zip(&keys).enumerate().take(64) {
        for (j, (other, others)) in contact.iter().zip(&other_keys).enumerate().take(64) {
            if let Some(likeness) = Likeness::of_words_with(own, keys, other, others) {
                links.push(Link::new(i as u8, j as u8, likeness));
            }
        }
    }
    links
}

/// The keys of every word, worked out once for all words it is compared with.
fn keys(words: &[Word]) -> Vec<Vec<u64>> {
    words.iter().map(|word| word.sound.keys()).collect()
}

/// Compares two profiles and says why.
pub(crate) fn compare(
    model: &Model,
    population: &Population,
    request: &Profile,
    contact: &Profile,
) -> Explanation {
    let (own, other) = (Person::of(request), Person::of(contact));
    let evidence = evidence_of(model, population, &own, &other);
    let mut score = pair::score(model, &evidence, population.size());
    let (_, household) = evidence.bits(model);
    let household = pair::household_bits(model, household, pair::population(model, population.size()));
    let mut lines: Vec<Line> = FieldName::ALL
        .into_iter()
        .filter(|field| !matches!(field, FieldName::Household | FieldName::Rivals))
        .filter_map(|field| line(model, &evidence, field))
        .map(|line| Line {
            request_value: value(request, line.field),
            contact_value: value(contact, line.field),
            ..line
        })
        .collect();
    let rung = if household < -1.0 { NAMED.household_family } else { NAMED.household_person };
    lines.push(Line {
        field: FieldName::Household,
        level: rung.code(),
        label: rung.label(),
        weight: household,
        request_value: None,
        contact_value: None,
    });
    // The order of addition differs from the search's; the sum shown is the sum of the lines shown.
    score.weight = lines.iter().map(|line| line.weight).sum();
    Explanation { score, lines, verdict: pair::verdict(model, &evidence) }
}

/// The line of a field: all its rungs' bits, under the rung that says most.
fn line(model: &Model, evidence: &Evidence, field: FieldName) -> Option<Line> {
    let reached: Vec<(Rung, f32)> = evidence
        .reached
        .iter()
        .filter(|reached| reached.rung.field() == field)
        .map(|reached| (reached.rung, model.bits(reached.rung, reached.surprisal)))
        .collect();
    let weight = reached.iter().map(|(_, bits)| bits).sum();
    let (rung, _) = reached.into_iter().reduce(|a, b| if b.1.abs() > a.1.abs() { b } else { a })?;
    Some(Line {
        field,
        level: rung.code(),
        label: rung.label(),
        weight,
        request_value: None,
        contact_value: None,
    })
}

/// What a profile says about a field, as written.
fn value(profile: &Profile, field: FieldName) -> Option<String> {
    let names = |parts: &[NamePart]| {
        let texts: Vec<&str> = profile
            .names
            .iter()
            .filter(|name| parts.contains(&name.part))
            .map(|name| name.text.as_str())
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    let places = |roles: &[PlaceRole]| {
        let texts: Vec<&str> = profile
            .places
            .iter()
            .filter(|place| roles.contains(&place.role))
            .map(|place| place.name.as_str())
            .collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    };
    match field {
        FieldName::GivenName => {
            names(&[NamePart::Given, NamePart::Nickname]).or_else(|| names(&[NamePart::Full]))
        }
        FieldName::FamilyName => {
            names(&[NamePart::Family, NamePart::Grandfather]).or_else(|| names(&[NamePart::Full]))
        }
        FieldName::Father => names(&[NamePart::Father]),
        FieldName::Mother => names(&[NamePart::Mother]),
        FieldName::Sex => profile.sex.map(|sex| match sex {
            Sex::Female => "female".to_owned(),
            Sex::Male => "male".to_owned(),
            Sex::Other => "other".to_owned(),
        }),
        FieldName::Birth => profile.birth.map(birth_text),
        FieldName::Nationality => {
            let codes: Vec<String> = profile.nationalities.iter().map(ToString::to_string).collect();
            (!codes.is_empty()).then(|| codes.join(", "))
        }
        FieldName::Origin => places(&[PlaceRole::Origin, PlaceRole::Birth]),
        FieldName::Route => places(&[PlaceRole::LastKnown, PlaceRole::SeenAt]),
        FieldName::Time => profile.last_contact.or(profile.seen_on).map(|date| date.to_string()),
        FieldName::Phone => (!profile.phones.is_empty()).then(|| profile.phones.join(", ")),
        FieldName::Relatives => {
            let names: Vec<&str> = profile.relatives.iter().map(|relative| relative.name.as_str()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        FieldName::Household | FieldName::Rivals => None,
    }
}

/// A birth without words, so that it reads alike in every language: `1991-04-12`, `~1991`, or the years that an age
/// leaves possible, `1991–1992`. Both sides become comparable, and the day of a meeting is not told by an age.
fn birth_text(birth: Birth) -> String {
    match birth {
        Birth::Day { year, month, day, estimated: false } => format!("{year:04}-{month:02}-{day:02}"),
        Birth::Day { year, month, day, estimated: true } => format!("~{year:04}-{month:02}-{day:02}"),
        Birth::Month { year, month } => format!("{year:04}-{month:02}"),
        Birth::Year { year, about: false } => format!("{year:04}"),
        Birth::Year { year, about: true } => format!("~{year:04}"),
        Birth::AgeOn { min_years, max_years, on } => {
            let latest = i32::from(on.year()) - i32::from(min_years);
            let earliest = i32::from(on.year()) - i32::from(max_years) - 1;
            format!("{earliest:04}–{latest:04}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_as_years_of_birth() {
        let on = "2026-03-01".parse().unwrap();
        assert_eq!(birth_text(Birth::AgeOn { min_years: 34, max_years: 34, on }), "1991–1992");
        assert_eq!(birth_text(Birth::AgeOn { min_years: 30, max_years: 34, on }), "1991–1996");
        assert_eq!(birth_text(Birth::Year { year: 1999, about: true }), "~1999");
    }
}
