//! What matching needs of a person, and nothing else.
//!
//! The service seals one profile per person as a single value. Profiles outlive versions of this crate: every field
//! has a default and unknown fields are ignored, so that an older profile loads in a newer program and the reverse.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Date;

/// The shape of [`Profile`] this crate writes; raised when an older reader would misunderstand a newer value.
pub const PROFILE_FORMAT: u16 = 1;

/// A person as matching sees them: the sought person of a tracing request, or the person of a contact record.
///
/// Empty lists and `None` mean "not recorded", which is never evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// The shape this value was written in, see [`PROFILE_FORMAT`].
    pub format: u16,
    /// Every name known, each with its part; the same part may occur several times.
    pub names: Vec<Name>,
    /// Sex as recorded.
    pub sex: Option<Sex>,
    /// What is known of the birth.
    pub birth: Option<Birth>,
    /// Nationalities, usually one.
    pub nationalities: Vec<Country>,
    /// Places, each with its role in the person's life or route.
    pub places: Vec<Place>,
    /// Telephone numbers, digits of E.164 without the plus sign.
    pub phones: Vec<String>,
    /// Relatives and companions.
    pub relatives: Vec<Relative>,
    /// Tracing request: the day the family last heard of the person.
    pub last_contact: Option<Date>,
    /// Contact record: the day the person was met.
    pub seen_on: Option<Date>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            format: PROFILE_FORMAT,
            names: Vec::new(),
            sex: None,
            birth: None,
            nationalities: Vec::new(),
            places: Vec::new(),
            phones: Vec::new(),
            relatives: Vec::new(),
            last_contact: None,
            seen_on: None,
        }
    }
}

impl Profile {
    /// Whether anything here can find a person: a name of theirs or a telephone number. Sex, age and places alone
    /// describe thousands.
    #[must_use]
    pub fn is_searchable(&self) -> bool {
        let named = |name: &Name| name.part.is_of_the_person() && name.text.chars().any(char::is_alphabetic);
        self.names.iter().any(named) || self.phones.iter().any(|phone| phone.len() >= 6)
    }
}

/// One name as it was written down, in any script and order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// Which part of the name, or whose name, this is.
    pub part: NamePart,
    /// The name as written.
    pub text: String,
}

impl Name {
    /// A name with its part.
    #[must_use]
    pub fn new(part: NamePart, text: impl Into<String>) -> Self {
        Self { part, text: text.into() }
    }
}

/// Which part of a name, or whose name, a text is. Writers confuse the first three; matching expects them to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamePart {
    /// The whole name as one text.
    Full,
    /// Given names.
    Given,
    /// Family names, one or two surnames.
    Family,
    /// The father's name, or a patronymic.
    Father,
    /// The mother's name.
    Mother,
    /// The grandfather's name.
    Grandfather,
    /// The husband's or wife's name.
    Spouse,
    /// What the person is called.
    Nickname,
    /// Another spelling or transcription of the whole name.
    OtherSpelling,
    /// The whole name in its original script.
    OriginalScript,
}

impl NamePart {
    /// Whether the part names the person, not a relative.
    #[must_use]
    pub fn is_of_the_person(self) -> bool {
        !matches!(self, Self::Father | Self::Mother | Self::Grandfather | Self::Spouse)
    }
}

/// Sex as recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Any other answer.
    Other,
}

/// What is known of a birth, as precisely as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "precision", rename_all = "snake_case")]
pub enum Birth {
    /// A full date.
    Day {
        /// Year, 1000 to 9999.
        year: i16,
        /// Month, 1 to 12.
        month: u8,
        /// Day of the month.
        day: u8,
        /// The writer marked it as a guess.
        #[serde(default)]
        estimated: bool,
    },
    /// Year and month.
    Month {
        /// Year, 1000 to 9999.
        year: i16,
        /// Month, 1 to 12.
        month: u8,
    },
    /// A year.
    Year {
        /// Year, 1000 to 9999.
        year: i16,
        /// The year is a guess.
        #[serde(default)]
        about: bool,
    },
    /// An age, or a range of ages, as it was on a day.
    AgeOn {
        /// Youngest age in completed years.
        min_years: u8,
        /// Oldest age in completed years.
        max_years: u8,
        /// The day the age was given.
        on: Date,
    },
}

/// A country: three capital letters of ISO 3166-1 alpha-3.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 3]);

/// The text is not three Latin letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a country code of three letters (ISO 3166-1 alpha-3)")]
pub struct NotACountry;

impl Country {
    /// The three capital letters.
    #[must_use]
    pub fn code(self) -> [u8; 3] {
        self.0
    }
}

impl Country {
    /// The code as a number from 1, in base 26.
    pub(crate) fn packed(self) -> u16 {
        self.0.iter().fold(0, |number, letter| number * 26 + u16::from(letter - b'A')) + 1
    }

    /// The country behind such a number.
    pub(crate) fn from_packed(number: u16) -> Option<Self> {
        let number = number.checked_sub(1).filter(|number| *number < 26 * 26 * 26)?;
        let letter = |place: u16| b'A' + u8::try_from(number / place % 26).unwrap_or(0);
        Some(Self([letter(26 * 26), letter(26), letter(1)]))
    }
}

impl FromStr for Country {
    type Err = NotACountry;

    fn from_str(text: &str) -> Result<Self, NotACountry> {
        match text.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_alphabetic()) => {
                Ok(Self([a, b, c].map(u8::to_ascii_uppercase)))
            }
            _ => Err(NotACountry),
        }
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Country {
    type Error = NotACountry;

    fn try_from(text: String) -> Result<Self, NotACountry> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.to_string()
    }
}

/// A place by name, with its role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What the place is to the person.
    pub role: PlaceRole,
    /// The name as written.
    pub name: String,
    /// The country, when known.
    #[serde(default)]
    pub country: Option<Country>,
}

/// What a place is to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceRole {
    /// Where the family is from.
    Origin,
    /// Where the person was born.
    Birth,
    /// Tracing request: where the person was when last heard of.
    LastKnown,
    /// Contact record: where the person was met.
    SeenAt,
    /// Where the person was going.
    Destination,
    /// Where the person lived.
    Residence,
}

/// A relative or companion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relative {
    /// The relation as a code of the service, such as `brother` or `travel_companion`.
    pub relation: String,
    /// The name as written.
    pub name: String,
}
