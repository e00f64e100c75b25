//! The shared CSV form of contacts and requests: from a row with named columns to a profile, and row by row through a
//! file that somebody else has opened.
//!
//! A value that cannot be read is left out here, and counted: a program that takes records in must refuse such a row
//! itself, a program that only ranks must not lose it.

use crate::{Birth, Date, Name, NamePart, Place, PlaceRole, Profile, Sex, Side};

pub use crate::table::{Entry, LeftOut, Problem, Reader, Record, entries};

/// Columns of names and their parts.
pub(crate) const NAMES: [(&str, NamePart); 10] = [
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

/// The column of telephone numbers.
pub(crate) const PHONE: &str = "phone";

/// The profile of a row; `column` gives a cell by column name, `None` or empty when there is none.
pub fn profile<'a>(side: Side, column: impl Fn(&str) -> Option<&'a str>) -> Profile {
    profile_noting(side, column, |_| {})
}

/// The same, telling `unread` each column whose value could not be read.
pub(crate) fn profile_noting<'a>(
    side: Side,
    column: impl Fn(&str) -> Option<&'a str>,
    mut unread: impl FnMut(&'static str),
) -> Profile {
    let cell = |name: &str| column(name).map(str::trim).filter(|text| !text.is_empty());
    let names = NAMES.iter().filter_map(|(name, part)| Some(Name::new(*part, cell(name)?)));
    let places = PLACES
        .iter()
        .filter_map(|(name, role)| Some(Place { role: *role, name: cell(name)?.to_owned(), country: None }));
    let mut read = Read { cell: &cell, unread: &mut unread };
    let mut nationalities = Vec::new();
    for code in cell("nationality").into_iter().flat_map(|text| text.split([' ', ';', ',', '/'])) {
        match code.parse() {
            Ok(country) => nationalities.push(country),
            Err(_) if code.is_empty() => {}
            Err(_) => (read.unread)("nationality"),
        }
    }
    let exact = read.value("birth_date", day);
    let year = read.value("birth_year", year);
    Profile {
        names: names.collect(),
        sex: read.value("sex", sex),
        birth: exact.map(born).or_else(|| year.map(|year| Birth::Year { year, about: false })),
        nationalities,
        places: places.collect(),
        phones: cell(PHONE).into_iter().map(str::to_owned).collect(),
        last_contact: (side == Side::Requests).then(|| read.value("last_contact_date", day)).flatten(),
        seen_on: (side == Side::Contacts).then(|| read.value("contact_date", day)).flatten(),
        ..Profile::default()
    }
}

/// Cells on their way to values.
struct Read<'r, C, U> {
    cell: &'r C,
    unread: &'r mut U,
}

impl<'a, C: Fn(&str) -> Option<&'a str>, U: FnMut(&'static str)> Read<'_, C, U> {
    fn value<T>(&mut self, column: &'static str, parse: fn(&str) -> Option<T>) -> Option<T> {
        let text = (self.cell)(column)?;
        let value = parse(text);
        if value.is_none() {
            (self.unread)(column);
        }
        value
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

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

fn year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|year| (1000..=9999).contains(year))
}

fn born(date: Date) -> Birth {
    Birth::Day { year: date.year(), month: date.month(), day: date.day(), estimated: false }
}
