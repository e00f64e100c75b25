//! What matching gets to see of a person, built from what is known of them and sealed as one value.

use matcher::{Country, Date, Name, NamePart, PlaceRole, Profile, Relative};
use zeroize::{Zeroize, Zeroizing};

use super::codes::{NameKind, Sex};
use super::values::{NewPerson, Place};
use crate::kernel::{Day, PartialDate};
use crate::vault::SealedValue;

/// What matching compares beyond the person's own record: where and when, and who was with them.
#[derive(Clone, Default)]
pub struct Clues {
    pub places: Vec<matcher::Place>,
    pub relatives: Vec<Relative>,
    /// Tracing request: the day the family last heard of the person.
    pub last_contact: Option<Date>,
    /// Contact: the newest day the person was met.
    pub seen_on: Option<Date>,
}

/// More would only make the profile heavier: nobody is found by a thirteenth place.
const MOST: usize = 12;

impl Clues {
    /// What a profile holds beside the person's own record; so an edit of the record keeps it.
    pub fn of(profile: &Profile) -> Self {
        let places = profile.places.iter().filter(|place| place.role != PlaceRole::Origin);
        Self {
            places: places.cloned().collect(),
            relatives: profile.relatives.clone(),
            last_contact: profile.last_contact,
            seen_on: profile.seen_on,
        }
    }

    /// Adds a place, once.
    pub fn place(&mut self, role: PlaceRole, name: &str, country: Option<&str>) {
        let country = country.and_then(|code| code.parse::<Country>().ok());
        let place = matcher::Place { role, name: name.to_owned(), country };
        if !self.places.contains(&place) {
            self.places.push(place);
        }
        if self.places.len() > MOST {
            self.places.remove(0);
        }
    }

    /// Adds a relative or companion, once.
    pub fn relative(&mut self, relation: &str, name: &str) {
        let relative = Relative { relation: relation.to_owned(), name: name.to_owned() };
        if !self.relatives.contains(&relative) && self.relatives.len() < MOST {
            self.relatives.push(relative);
        }
    }

    /// The newest day wins.
    pub fn seen(&mut self, day: Day) {
        self.seen_on = self.seen_on.max(date(day));
    }
}

/// A day as the matcher writes it.
pub(in crate::people) fn date(day: Day) -> Option<Date> {
    day.to_string().parse().ok()
}

/// Builds the profile.
pub fn profile_of(person: &NewPerson, clues: &Clues) -> Profile {
    let parts = [
        (NamePart::Full, &person.full_name),
        (NamePart::Given, &person.given_names),
        (NamePart::Family, &person.family_names),
        (NamePart::OriginalScript, &person.original_script_name),
        (NamePart::Father, &person.father_name),
        (NamePart::Mother, &person.mother_name),
        (NamePart::Grandfather, &person.grandfather_name),
        (NamePart::Spouse, &person.spouse_name),
    ];
    let mut names: Vec<Name> = parts
        .into_iter()
        .filter_map(|(part, text)| text.as_ref().map(|text| Name::new(part, text.as_str())))
        .collect();
    names.extend(person.other_names.iter().map(|other| {
        let part = match other.kind {
            NameKind::Nickname => NamePart::Nickname,
            NameKind::Alias | NameKind::Previous | NameKind::OtherSpelling => NamePart::OtherSpelling,
        };
        Name::new(part, other.name.as_str())
    }));
    let mut places: Vec<matcher::Place> = person.origin.iter().map(origin).collect();
    places.extend(clues.places.iter().cloned());
    Profile {
        names,
        sex: person.sex.and_then(sex),
        birth: person.birth.born.and_then(birth),
        nationalities: person.nationalities.iter().filter_map(|code| code.parse().ok()).collect(),
        places,
        phones: person.phones.iter().map(|p| p.trim_start_matches('+').to_owned()).collect(),
        relatives: clues.relatives.clone(),
        last_contact: clues.last_contact,
        seen_on: clues.seen_on,
        ..Profile::default()
    }
}

fn origin(place: &Place) -> matcher::Place {
    matcher::Place {
        role: PlaceRole::Origin,
        name: place.name.clone(),
        country: place.country.as_deref().and_then(|code| code.parse().ok()),
    }
}

fn sex(sex: Sex) -> Option<matcher::Sex> {
    match sex {
        Sex::Female => Some(matcher::Sex::Female),
        Sex::Male => Some(matcher::Sex::Male),
        Sex::Other => Some(matcher::Sex::Other),
        Sex::Unknown | Sex::PrefersNotToSay => None,
    }
}

fn birth(born: PartialDate) -> Option<matcher::Birth> {
    Some(match born {
        PartialDate::Day { year, month, day, estimated } => {
            matcher::Birth::Day { year, month, day, estimated }
        }
        PartialDate::Month { year, month } => matcher::Birth::Month { year, month },
        PartialDate::Year { year, about } => matcher::Birth::Year { year, about },
        PartialDate::AgeOn { min, max, on_year, on_month, on_day } => matcher::Birth::AgeOn {
            min_years: min,
            max_years: max,
            on: Date::new(on_year, on_month, on_day)?,
        },
    })
}

/// A profile as its column holds it.
pub struct SealedProfile(pub Profile);

impl Zeroize for SealedProfile {
    fn zeroize(&mut self) {
        for name in &mut self.0.names {
            name.text.zeroize();
        }
        for place in &mut self.0.places {
            place.name.zeroize();
        }
        for relative in &mut self.0.relatives {
            relative.name.zeroize();
        }
        self.0.phones.zeroize();
        self.0 = Profile::default();
    }
}

impl SealedValue for SealedProfile {
    fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Text, numbers and lists always serialise.
        Zeroizing::new(serde_json::to_vec(&self.0).unwrap_or_default())
    }
    fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok().map(Self)
    }
}
