//! A profile made ready for comparison: its names as distinct words with their roles, its facts as numbers.
//!
//! A word counts once per person, however often it was written: a patronymic that stands in the name and again as the
//! father's name is one fact, not two.

use crate::birth::Born;
use crate::fold::sound::Sound;
use crate::fold::{self, Folded};
use crate::likeness::Likeness;
use crate::region::Region;
use crate::{Country, NamePart, PlaceRole, Profile, Sex};

/// Names of one part, relatives and places that are read.
const NAME_LIMIT: usize = 16;
/// Words of one person that are kept.
pub(crate) const WORD_LIMIT: usize = 24;
/// Places of origin that are kept.
const PLACE_LIMIT: usize = 2;
/// Nationalities that are kept.
const NATIONALITY_LIMIT: usize = 2;

/// The parts of a name a word may belong to, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Roles(u8);

impl Roles {
    // In the order of `NameField`: a part's bit is counted at that part's place.
    pub(crate) const GIVEN: Self = Self(1);
    pub(crate) const FAMILY: Self = Self(2);
    pub(crate) const FATHER: Self = Self(4);
    pub(crate) const MOTHER: Self = Self(8);
    /// Another writing or a further relative: agreement counts, absence on the other side does not.
    pub(crate) const SPARE: Self = Self(16);
    /// Given or family: the writer did not say which.
    pub(crate) const OWN: Self = Self(3);

    pub(crate) fn bits(self) -> u8 {
        self.0
    }

    pub(crate) fn from_bits(bits: u8) -> Self {
        Self(bits & 31)
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Given and family exchanged.
    pub(crate) fn exchanged(self) -> Self {
        Self(self.0 & !3 | (self.0 & 1) << 1 | (self.0 & 2) >> 1)
    }
}

/// One word of a name.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) folded: Folded,
    pub(crate) sound: Sound,
    pub(crate) roles: Roles,
}

impl Word {
    pub(crate) fn new(folded: Folded, roles: Roles) -> Self {
        let sound = Sound::of(&folded);
        Self { folded, sound, roles }
    }
}

/// What is known besides names, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub(crate) struct Facts {
    pub(crate) sex: Option<Sex>,
    pub(crate) born: Option<Born>,
    /// Last contact of a sought person, or the day a contact was met, as a day number.
    pub(crate) day: Option<i32>,
    pub(crate) nationalities: [Option<Country>; NATIONALITY_LIMIT],
    pub(crate) region: Region,
}

/// A profile made ready for comparison.
#[derive(Clone, Debug, Default)]
pub(crate) struct Person {
    pub(crate) words: Vec<Word>,
    pub(crate) facts: Facts,
    /// Where the person is from.
    pub(crate) origins: Vec<Word>,
    /// Where the person was last heard of, or newly met.
    pub(crate) station: Option<Word>,
    pub(crate) phones: Vec<u64>,
    /// Words of the names of relatives and companions.
    pub(crate) relatives: Vec<Word>,
}

impl Person {
    /// Folds a profile.
    pub(crate) fn of(profile: &Profile) -> Self {
        let mut person = Self { facts: facts(profile), ..Self::default() };
        let split = profile.names.iter().any(|name| matches!(name.part, NamePart::Given | NamePart::Family));
        for (part, roles) in order(split) {
            for name in profile.names.iter().filter(|name| name.part == part).take(NAME_LIMIT) {
                fold::name(&name.text)
                    .into_iter()
                    .for_each(|folded| person.add_word(Word::new(folded, roles)));
            }
        }
        for relative in profile.relatives.iter().take(NAME_LIMIT) {
            let roles = match relative.relation.as_str() {
                "father" => Some(Roles::FATHER),
                "mother" => Some(Roles::MOTHER),
                _ => None,
            };
            for word in fold::name(&relative.name) {
                match roles {
                    Some(roles) => person.add_word(Word::new(word, roles)),
                    None if person.relatives.len() < WORD_LIMIT => {
                        person.relatives.push(Word::new(word, Roles::SPARE));
                    }
                    None => {}
                }
            }
        }
        for place in profile.places.iter().take(NAME_LIMIT) {
            let Some(word) = place_word(&place.name) else { continue };
            match place.role {
                PlaceRole::Origin | PlaceRole::Birth => person.add_origin(word),
                PlaceRole::LastKnown => person.station = person.station.or(Some(word)),
                // Meetings are kept in their order, and the day is that of the newest.
                PlaceRole::SeenAt => person.station = Some(word),
                PlaceRole::Destination | PlaceRole::Residence => {}
            }
        }
        person.phones = profile.phones.iter().filter_map(|phone| phone_number(phone)).take(8).collect();
        person
    }

    fn add_origin(&mut self, word: Word) {
        if self.origins.len() < PLACE_LIMIT && self.origins.iter().all(|known| known.folded != word.folded) {
            self.origins.push(word);
        }
    }

    /// Adds a word, or its roles to a word of the same sound that is there already.
    fn add_word(&mut self, word: Word) {
        if word.sound.phonemes().is_empty() {
            return;
        }
        let near = |known: &Word, found: Likeness| match word.roles.has(Roles::SPARE) {
            true => found <= Likeness::Loose,
            false => found <= Likeness::Alike && !known.roles.has(word.roles),
        };
        // Sounds are measured first: most words of a name are far apart, and keys cost more to make.
        let alike = |known: &Word| {
            known.folded == word.folded
                || Likeness::of_sounds(&known.sound, &word.sound).is_some_and(|found| near(known, found))
                    && Likeness::of_words(known, &word).is_some_and(|found| near(known, found))
        };
        match self.words.iter().position(alike) {
            // Another writing of a word that is there says nothing new.
            Some(_) if word.roles.has(Roles::SPARE) => {}
            Some(at) => {
                if let Some(known) = self.words.get_mut(at) {
                    known.roles = known.roles.with(word.roles);
                }
            }
            None if self.words.len() < WORD_LIMIT => self.words.push(word),
            None => {}
        }
    }
}

/// Parts in the order in which their words are added, with the roles they give. Where given and family names are told
/// apart, the full name only adds words that are in neither.
fn order(split: bool) -> [(NamePart, Roles); 10] {
    let full = if split { Roles::OWN.with(Roles::SPARE) } else { Roles::OWN };
    [
        (NamePart::Given, Roles::GIVEN),
        (NamePart::Family, Roles::FAMILY),
        (NamePart::Full, full),
        (NamePart::Nickname, Roles::GIVEN.with(Roles::SPARE)),
        (NamePart::OtherSpelling, Roles::OWN.with(Roles::SPARE)),
        (NamePart::OriginalScript, Roles::OWN.with(Roles::SPARE)),
        (NamePart::Father, Roles::FATHER),
        (NamePart::Mother, Roles::MOTHER),
        (NamePart::Grandfather, Roles::FAMILY.with(Roles::SPARE)),
        (NamePart::Spouse, Roles::SPARE),
    ]
}

/// What a profile states beside names and places.
pub(crate) fn facts(profile: &Profile) -> Facts {
    let mut nationalities = [None; NATIONALITY_LIMIT];
    let mut sorted: Vec<Country> = profile.nationalities.clone();
    sorted.sort();
    sorted.dedup();
    nationalities.iter_mut().zip(sorted).for_each(|(place, country)| *place = Some(country));
    Facts {
        sex: profile.sex,
        born: profile.birth.as_ref().map(Born::of),
        day: profile.last_contact.or(profile.seen_on).map(crate::Date::day_number),
        nationalities,
        region: nationalities.first().copied().flatten().map_or(Region::UNKNOWN, Region::of),
    }
}

/// A place is one word: its name without spaces and articles.
pub(crate) fn place_word(name: &str) -> Option<Word> {
    let words = fold::place(name);
    let abjad = words.iter().any(|word| word.abjad);
    let mut text: String = words.iter().map(|word| word.text.as_str()).collect();
    text.truncate(fold::LETTER_LIMIT);
    (!text.is_empty()).then(|| Word::new(Folded { text, abjad }, Roles::default()))
}

/// A telephone number as a number; `None` for fewer than six digits.
fn phone_number(phone: &str) -> Option<u64> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).take(18).collect();
    (digits.len() >= 6).then(|| digits.parse().ok()).flatten()
}
