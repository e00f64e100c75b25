//! From a row with named columns to a profile: the columns of the shared CSV form of contacts and requests.
//!
//! The crate reads no files; whoever does hands in a look-up by column name. A value that cannot be read is left out
//! here: a program that takes records in must refuse such a row itself, a program that only ranks must not lose it.

use crate::{Birth, Date, Name, NamePart, Place, PlaceRole, Profile, Sex, Side};

/// Columns of names and their parts.
const NAMES: [(&str, NamePart); 10] = [
    ("given_names", NamePart::Given),
    ("family_names", NamePart::Family),
    ("name", NamePart::Full),
    ("father_name", NamePart::Father),
    ("mother_name", NamePart::Mother),
    ("grandfather_name", NamePart::Grandfather),
    ("spouse_name", NamePart::Spouse),
    ("nickname", NamePart::Nickname),
    ("other_names", NamePart::OtherSpelling),
    ("original_script_name", NamePart::OriginalScript),
];

/// Columns of places, their roles, and the side they belong to.
const PLACES: [(&str, PlaceRole); 4] = [
    ("place_of_origin", PlaceRole::Origin),
    ("place_of_birth", PlaceRole::Birth),
    ("last_known_place", PlaceRole::LastKnown),
    ("service_point", PlaceRole::SeenAt),
];

/// The profile of a row; `column` gives a cell by column name, `None` or empty when there is none.
pub fn profile<'a>(side: Side, column: impl Fn(&str) -> Option<&'a str>) -> Profile {
    let cell = |name: &str| column(name).map(str::trim).filter(|text| !text.is_empty());
    let day = |name: &str| cell(name).and_then(|text| text.parse::<Date>().ok());
    let names = NAMES.iter().filter_map(|(name, part)| Some(Name::new(*part, cell(name)?)));
    let places = PLACES
        .iter()
        .filter_map(|(name, role)| Some(Place { role: *role, name: cell(name)?.to_owned(), country: None }));
    let nationalities = cell("nationality").into_iter().flat_map(|text| text.split([' ', ';', ',', '/']));
    Profile {
        names: names.collect(),
        sex: cell("sex").and_then(sex),
        birth: birth(cell("birth_date"), cell("birth_year")),
        nationalities: nationalities.filter_map(|code| code.parse().ok()).collect(),
        places: places.collect(),
        phones: cell("phone").into_iter().map(str::to_owned).collect(),
        last_contact: day("last_contact_date").filter(|_| side == Side::Requests),
        seen_on: day("contact_date").filter(|_| side == Side::Contacts),
        ..Profile::default()
    }
}

fn sex(text: &str) -> Option<Sex> {
    match text.to_ascii_lowercase().as_str() {
        "female" | "f" => Some(Sex::Female),
        "male" | "m" => Some(Sex::Male),
        "other" | "x" => Some(Sex::Other),
        _ => None,
    }
}

fn birth(date: Option<&str>, year: Option<&str>) -> Option<Birth> {
    let exact = date.and_then(|text| text.parse::<Date>().ok()).map(|date| Birth::Day {
        year: date.year(),
        month: date.month(),
        day: date.day(),
        estimated: false,
    });
    let year = year.and_then(|text| text.parse::<i16>().ok()).filter(|year| (1000..=9999).contains(year));
    exact.or_else(|| year.map(|year| Birth::Year { year, about: false }))
}
