//! What stands in the files: the rows of contacts and requests, and how a person becomes one.

use chrono::{Datelike, Days, NaiveDate};

use super::family::{Person, Sex};
use super::names::{Descent, Name, by_rank};
use super::rng::Rng;
use super::spelling::{Care, Pen};

/// What a service point wrote down about one passing person. An empty text means not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRow {
    /// `C` and a running number.
    pub contact_id: String,
    pub service_point: String,
    /// `YYYY-MM-DD`.
    pub contact_date: String,
    /// As written down, any script, any order.
    pub name: String,
    /// The writer's idea of the parts, sometimes the wrong way round.
    pub given_names: String,
    pub family_names: String,
    pub father_name: String,
    pub mother_name: String,
    /// `female`, `male` or empty.
    pub sex: String,
    /// `YYYY-MM-DD`, often 1 January.
    pub birth_date: String,
    /// Often an estimate.
    pub birth_year: String,
    /// ISO 3166-1 alpha-3.
    pub nationality: String,
    pub place_of_origin: String,
    /// Who it truly is (`Person::number`). Not a column of the file.
    pub person: u64,
}

/// A sought person as the family remembers them. An empty text means not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRow {
    /// `R` and a running number.
    pub request_id: String,
    pub name: String,
    pub given_names: String,
    pub family_names: String,
    pub father_name: String,
    pub mother_name: String,
    pub sex: String,
    pub birth_date: String,
    pub birth_year: String,
    pub nationality: String,
    pub place_of_origin: String,
    pub last_known_place: String,
    pub last_contact_date: String,
    /// Who is truly sought (`Person::number`). Not a column of the file.
    pub person: u64,
}

impl ContactRow {
    /// The header of `contacts.csv`.
    pub const COLUMNS: [&str; 13] = [
        "contact_id",
        "service_point",
        "contact_date",
        "name",
        "given_names",
        "family_names",
        "father_name",
        "mother_name",
        "sex",
        "birth_date",
        "birth_year",
        "nationality",
        "place_of_origin",
    ];

    /// The values in the order of [`Self::COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [&str; 13] {
        [
            &self.contact_id,
            &self.service_point,
            &self.contact_date,
            &self.name,
            &self.given_names,
            &self.family_names,
            &self.father_name,
            &self.mother_name,
            &self.sex,
            &self.birth_date,
            &self.birth_year,
            &self.nationality,
            &self.place_of_origin,
        ]
    }

    pub(super) fn write(contact_id: String, person: &Person, rng: &mut Rng) -> Self {
        let point = by_rank(&person.community.lists().route, rng).latin;
        let date = later(person.departed, 5 + rng.below(900));
        let form = Form::fill(person, &VOLUNTEER, rng);
        Self {
            contact_id,
            service_point: point,
            contact_date: date.to_string(),
            name: form.name,
            given_names: form.given,
            family_names: form.family,
            father_name: form.father,
            mother_name: form.mother,
            sex: form.sex,
            birth_date: form.birth_date,
            birth_year: form.birth_year,
            nationality: form.nationality,
            place_of_origin: form.origin,
            person: person.number,
        }
    }
}

impl RequestRow {
    /// The header of `requests.csv`.
    pub const COLUMNS: [&str; 13] = [
        "request_id",
        "name",
        "given_names",
        "family_names",
        "father_name",
        "mother_name",
        "sex",
        "birth_date",
        "birth_year",
        "nationality",
        "place_of_origin",
        "last_known_place",
        "last_contact_date",
    ];

    /// The values in the order of [`Self::COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [&str; 13] {
        [
            &self.request_id,
            &self.name,
            &self.given_names,
            &self.family_names,
            &self.father_name,
            &self.mother_name,
            &self.sex,
            &self.birth_date,
            &self.birth_year,
            &self.nationality,
            &self.place_of_origin,
            &self.last_known_place,
            &self.last_contact_date,
        ]
    }

    pub(super) fn write(request_id: String, person: &Person, rng: &mut Rng) -> Self {
        let lists = person.community.lists();
        let last_seen = by_rank(if rng.chance(300) { &lists.places } else { &lists.route }, rng).latin;
        let last_contact = later(person.departed, rng.below(700));
        let form = Form::fill(person, &FAMILY, rng);
        Self {
            request_id,
            name: form.name,
            given_names: form.given,
            family_names: form.family,
            father_name: form.father,
            mother_name: form.mother,
            sex: form.sex,
            birth_date: form.birth_date,
            birth_year: form.birth_year,
            nationality: form.nationality,
            place_of_origin: form.origin,
            last_known_place: last_seen,
            last_contact_date: last_contact.to_string(),
            person: person.number,
        }
    }
}

/// Who fills in the form, in thousandths: what they leave out and how often they are wrong.
struct Writer {
    care: Care,
    no_father: u32,
    no_mother: u32,
    no_year: u32,
    full_date: u32,
    first_of_january: u32,
    no_origin: u32,
    other_origin: u32,
    no_nationality: u32,
    other_nationality: u32,
    no_sex: u32,
    wrong_sex: u32,
    calling_name: u32,
    /// Years the estimate is off: none, one, two, up to six.
    years_off: [u32; 4],
}

const VOLUNTEER: Writer = Writer {
    care: Care { ear: 170, typo: 45 },
    no_father: 350,
    no_mother: 500,
    no_year: 150,
    full_date: 530,
    first_of_january: 250,
    no_origin: 220,
    other_origin: 50,
    no_nationality: 40,
    other_nationality: 25,
    no_sex: 20,
    wrong_sex: 5,
    calling_name: 25,
    years_off: [640, 190, 110, 60],
};

const FAMILY: Writer = Writer {
    care: Care { ear: 90, typo: 20 },
    no_father: 130,
    no_mother: 210,
    no_year: 75,
    full_date: 290,
    first_of_january: 5,
    no_origin: 75,
    other_origin: 20,
    no_nationality: 40,
    other_nationality: 5,
    no_sex: 20,
    wrong_sex: 1,
    calling_name: 60,
    years_off: [740, 170, 70, 20],
};

struct Form {
    name: String,
    given: String,
    family: String,
    father: String,
    mother: String,
    sex: String,
    birth_date: String,
    birth_year: String,
    nationality: String,
    origin: String,
}

impl Form {
    fn fill(person: &Person, writer: &Writer, rng: &mut Rng) -> Self {
        let pen = Pen::new(person.community, writer.care, rng);
        let lists = person.community.lists();
        let (name, given, family) = names(person, writer, &pen, rng);
        let parent = |names: &[Name], missing: u32, rng: &mut Rng| {
            if rng.chance(missing) {
                return String::new();
            }
            let length = if rng.chance(300) { names.len() } else { 1 };
            pen.names(&names.iter().take(length).collect::<Vec<_>>(), rng)
        };
        let father = parent(&person.father, writer.no_father, rng);
        let mother = parent(&person.mother, writer.no_mother, rng);
        let sex =
            match rng.weighted(&[writer.no_sex, writer.wrong_sex, 1000 - writer.no_sex - writer.wrong_sex]) {
                0 => "",
                1 => person.sex.other().word(),
                _ => person.sex.word(),
            };
        let nationality = match rng.weighted(&[writer.no_nationality, writer.other_nationality, 935]) {
            0 => String::new(),
            1 => by_rank(&lists.nations, rng).latin,
            _ => person.nationality.clone(),
        };
        let elsewhere = by_rank(&lists.places, rng);
        let place = if rng.chance(writer.other_origin) { &elsewhere } else { &person.origin };
        let origin = if rng.chance(writer.no_origin) { String::new() } else { pen.place(place, rng) };
        let (birth_date, birth_year) = birth(person.born, writer, rng);
        Self {
            name,
            given,
            family,
            father,
            mother,
            sex: sex.to_owned(),
            birth_date,
            birth_year,
            nationality,
            origin,
        }
    }
}

/// The name as one line and as the two parts.
fn names(person: &Person, writer: &Writer, pen: &Pen, rng: &mut Rng) -> (String, String, String) {
    let descent = person.community.lists().descent;
    let calling = person.calling.as_ref().filter(|_| rng.chance(writer.calling_name));
    let keeps_second = match descent {
        Some(Descent::SurnameAndPatronymic) => 180,
        _ => 620,
    };
    let mut given: Vec<&Name> = calling.or(person.given.first()).into_iter().collect();
    if rng.chance(keeps_second) {
        given.extend(person.given.get(1));
    }
    let mut family: Vec<&Name> = person.family.iter().collect();
    let (without_first, without_last) = match descent {
        Some(Descent::TwoSurnames) => (15, 300),
        Some(Descent::Chain) => (20, 420),
        Some(Descent::ChainAndSurname) => (420, 160),
        Some(Descent::BySex) if person.sex == Sex::Female => (180, 0),
        Some(Descent::OftenNone) => (90, 0),
        _ => (6, 0),
    };
    match rng.weighted(&[without_first, without_last, 1000 - without_first - without_last]) {
        0 if !family.is_empty() => drop(family.remove(0)),
        1 => drop(family.pop()),
        _ => {}
    }
    let given = pen.names(&given, rng);
    let family = pen.names(&family, rng);
    let (given, family) =
        if rng.chance(45) && !family.is_empty() { (family, given) } else { (given, family) };
    let line =
        if rng.chance(150) { [family.as_str(), given.as_str()] } else { [given.as_str(), family.as_str()] };
    (line.join(" ").trim().to_owned(), given, family)
}

/// Date and year of birth as this writer has them.
fn birth(born: NaiveDate, writer: &Writer, rng: &mut Rng) -> (String, String) {
    if rng.chance(writer.no_year) {
        return (String::new(), String::new());
    }
    let dated = rng.chance(writer.full_date);
    if dated && !rng.chance(writer.first_of_january) {
        let swapped = NaiveDate::from_ymd_opt(born.year(), born.day(), born.month());
        let written = match (rng.weighted(&[40, 40, 920]), swapped) {
            (0, Some(date)) => date,
            (1, _) => later(born, 1 + rng.below(9)),
            _ => born,
        };
        return (written.to_string(), written.year().to_string());
    }
    let off = match rng.weighted(&writer.years_off) {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => rng.between(3, 6),
    };
    let year = born.year() + if rng.chance(500) { off } else { -off };
    (if dated { format!("{year:04}-01-01") } else { String::new() }, year.to_string())
}

fn later(day: NaiveDate, days: usize) -> NaiveDate {
    day.checked_add_days(Days::new(days as u64)).unwrap_or(day)
}
