//! Every rung of every ladder: what a comparison can say about a field, by stable code and in plain English.
//!
//! A model gives each rung a weight in bits and, for names and places, a share of the name's own rarity. The reviewer
//! reads the label; the service stores the code; the learner counts the rungs.

use crate::FieldName;
use crate::likeness::Likeness;

/// One thing a comparison can say about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Rung(u8);

/// Which name ladder: the four fields that hold names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum NameField {
    Given,
    Family,
    Father,
    Mother,
}

impl NameField {
    pub(crate) const ALL: [Self; 4] = [Self::Given, Self::Family, Self::Father, Self::Mother];
}

const NAME_LADDER: usize = 12;
/// Steps of a name ladder that say how a word agreed.
const ELSEWHERE: usize = 7;
const SWAPPED: usize = 11;

macro_rules! ladders {
    ($($field:ident $code:literal [$($rung:literal $label:literal),* $(,)?])*) => {
        /// All rungs: field, code, label.
        const TABLE: &[(FieldName, &str, &str)] = &[
            $($((FieldName::$field, concat!($code, ".", $rung), $label),)*)*
        ];
    };
}

ladders! {
    GivenName "given_name" [
        "same" "same name", "sounds_alike" "sounds the same", "similar" "spelling variant",
        "loosely_similar" "loosely similar", "short_form" "short form or other form of the name",
        "joined" "written as one word on one side", "initial" "same initial",
        "elsewhere" "found in another part of the name", "different" "different name",
        "missing_word" "one side has a further name", "not_recorded" "not recorded", "swapped" "given and family name exchanged",
    ]
    FamilyName "family_name" [
        "same" "same name", "sounds_alike" "sounds the same", "similar" "spelling variant",
        "loosely_similar" "loosely similar", "short_form" "short form or other form of the name",
        "joined" "written as one word on one side", "initial" "same initial",
        "elsewhere" "found in another part of the name", "different" "different name",
        "missing_word" "one side has a further name", "not_recorded" "not recorded", "swapped" "given and family name exchanged",
    ]
    Father "father" [
        "same" "same name", "sounds_alike" "sounds the same", "similar" "spelling variant",
        "loosely_similar" "loosely similar", "short_form" "short form or other form of the name",
        "joined" "written as one word on one side", "initial" "same initial",
        "elsewhere" "found in another part of the name", "different" "different name",
        "missing_word" "one side has a further name", "not_recorded" "not recorded", "swapped" "given and family name exchanged",
    ]
    Mother "mother" [
        "same" "same name", "sounds_alike" "sounds the same", "similar" "spelling variant",
        "loosely_similar" "loosely similar", "short_form" "short form or other form of the name",
        "joined" "written as one word on one side", "initial" "same initial",
        "elsewhere" "found in another part of the name", "different" "different name",
        "missing_word" "one side has a further name", "not_recorded" "not recorded", "swapped" "given and family name exchanged",
    ]
    Sex "sex" ["same" "same", "different" "different", "not_recorded" "not recorded"]
    Birth "birth" [
        "same_day" "same date of birth", "same_day_other_year" "same day and month, another year",
        "day_and_month_exchanged" "day and month exchanged",
        "same_year" "same year", "one_year" "one year apart", "two_years" "two years apart",
        "few_years" "three or four years apart", "several_years" "five to seven years apart",
        "many_years" "eight to twelve years apart", "another_age" "another age", "not_recorded" "not recorded",
    ]
    Nationality "nationality" [
        "same" "same", "same_region" "another country of the region", "different" "different",
        "not_recorded" "not recorded",
    ]
    Origin "origin" [
        "same" "same place", "sounds_alike" "sounds the same", "similar" "spelling variant",
        "loosely_similar" "loosely similar", "different" "another place", "not_recorded" "not recorded",
    ]
    Route "route" [
        "same" "met where last heard of", "near" "met close to where last heard of",
        "in_order" "in the direction people travel",
        "backwards" "against the direction people travel",
        "too_far" "too far apart for the days between", "different" "met elsewhere", "not_recorded" "not recorded",
    ]
    Time "time" [
        "before" "met more than two years before the last contact",
        "two_years_before" "met in the second year before the last contact",
        "year_before" "met within a year before the last contact", "weeks" "met within three months of the last contact",
        "first_year" "met within the first year", "second_year" "met in the second year",
        "third_year" "met in the third year", "fourth_year" "met in the fourth year",
        "later" "met more than four years after the last contact",
        "not_recorded" "not recorded",
    ]
    Phone "phone" ["same" "same number", "different" "other numbers", "not_recorded" "not recorded"]
    Relatives "relatives" ["same" "a relative or companion agrees", "not_recorded" "nothing in common recorded"]
    Household "household" [
        "person" "the person, not only the family, agrees", "family" "could as well be a brother or sister",
    ]
    Rivals "rivals" ["none" "nobody else found fits as well", "nearly" "others found nearly fit",
        "others" "others found fit as well"]
}

/// Whether brothers and sisters share what a rung speaks of, by its number.
const OF_HOUSEHOLD: [bool; TABLE.len()] = {
    use FieldName::{FamilyName, Father, Mother, Nationality, Origin};
    let mut of_household = [false; TABLE.len()];
    let mut at = 0;
    while at < TABLE.len() {
        of_household[at] = matches!(TABLE[at].0, FamilyName | Father | Mother | Nationality | Origin);
        at += 1;
    }
    of_household
};

impl Rung {
    /// Every rung.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..Self::count()).filter_map(|number| u8::try_from(number).ok()).map(Self)
    }

    /// How many there are.
    pub(crate) const fn count() -> usize {
        TABLE.len()
    }

    /// The rung with this code.
    pub(crate) fn by_code(code: &str) -> Option<Self> {
        Self::all().find(|rung| rung.code() == code)
    }

    /// A rung of a name ladder that says how close a token came.
    pub(crate) fn name(field: NameField, likeness: Likeness) -> Self {
        Self::ladder(field, likeness as usize)
    }

    /// The token stands in another part of the name on the other side.
    pub(crate) fn elsewhere(field: NameField) -> Self {
        Self::ladder(field, ELSEWHERE)
    }

    /// Both sides have a token left that agrees with nothing.
    pub(crate) fn different(field: NameField) -> Self {
        Self::ladder(field, 8)
    }

    /// One side has a token left, the other has none.
    pub(crate) fn missing_word(field: NameField) -> Self {
        Self::ladder(field, 9)
    }

    /// One side says nothing.
    pub(crate) fn name_not_recorded(field: NameField) -> Self {
        Self::ladder(field, 10)
    }

    /// The parts of the name stand the other way round.
    pub(crate) fn swapped() -> Self {
        Self::ladder(NameField::Given, SWAPPED)
    }

    fn ladder(field: NameField, step: usize) -> Self {
        Self(u8::try_from(field as usize * NAME_LADDER + step).unwrap_or(0))
    }

    /// The number, below [`Rung::count`].
    pub(crate) fn number(self) -> usize {
        usize::from(self.0)
    }

    /// The field it speaks of.
    pub(crate) fn field(self) -> FieldName {
        TABLE.get(self.number()).map_or(FieldName::Household, |rung| rung.0)
    }

    /// Whether brothers and sisters share what it speaks of.
    pub(crate) fn is_of_household(self) -> bool {
        OF_HOUSEHOLD.get(self.number()).copied().unwrap_or(false)
    }

    /// Stable code, such as `given_name.same`.
    pub(crate) fn code(self) -> &'static str {
        TABLE.get(self.number()).map_or("", |rung| rung.1)
    }

    /// Whether the rung says that nothing can be said. Missing is no evidence: such a rung weighs nothing.
    pub(crate) fn is_silent(self) -> bool {
        self.code().ends_with("not_recorded")
            || matches!(self.field(), FieldName::Household | FieldName::Rivals)
    }

    /// Whether the rung is agreement about a name: it must never count against a pair.
    pub(crate) fn agrees(self) -> bool {
        let step = self.number() % NAME_LADDER;
        (self.number() < NameField::ALL.len() * NAME_LADDER && step <= Likeness::Initial as usize)
            || [NAMED.origin_same, NAMED.origin_alike, NAMED.origin_similar, NAMED.nationality_same]
                .contains(&self)
    }

    /// Whether the rung stands beside another one and says how a word agreed: in another part, or with parts exchanged.
    pub(crate) fn is_beside(self) -> bool {
        let step = self.number() % NAME_LADDER;
        self.number() < NameField::ALL.len() * NAME_LADDER && (step == ELSEWHERE || step == SWAPPED)
    }

    /// Plain English.
    pub(crate) fn label(self) -> &'static str {
        TABLE.get(self.number()).map_or("", |rung| rung.2)
    }
}

macro_rules! named {
    ($($name:ident = $code:literal;)*) => {
        /// Rungs by name, looked up once.
        #[derive(Clone, Copy)]
        pub(crate) struct Named { $(pub(crate) $name: Rung,)* }
        /// Rungs by name.
        pub(crate) static NAMED: std::sync::LazyLock<Named> = std::sync::LazyLock::new(|| Named {
            $($name: Rung::by_code($code).unwrap_or(Rung(u8::MAX)),)*
        });
        #[cfg(test)]
        const NAMED_CODES: &[&str] = &[$($code,)*];
    };
}

named! {
    sex_same = "sex.same";
    sex_different = "sex.different";
    sex_not_recorded = "sex.not_recorded";
    birth_same_day = "birth.same_day";
    birth_same_day_other_year = "birth.same_day_other_year";
    birth_exchanged = "birth.day_and_month_exchanged";
    birth_same_year = "birth.same_year";
    birth_one_year = "birth.one_year";
    birth_two_years = "birth.two_years";
    birth_few_years = "birth.few_years";
    birth_several_years = "birth.several_years";
    birth_many_years = "birth.many_years";
    birth_another_age = "birth.another_age";
    birth_not_recorded = "birth.not_recorded";
    nationality_same = "nationality.same";
    nationality_same_region = "nationality.same_region";
    nationality_different = "nationality.different";
    nationality_not_recorded = "nationality.not_recorded";
    origin_same = "origin.same";
    origin_alike = "origin.sounds_alike";
    origin_similar = "origin.similar";
    origin_loose = "origin.loosely_similar";
    origin_different = "origin.different";
    origin_not_recorded = "origin.not_recorded";
    route_same = "route.same";
    route_near = "route.near";
    route_in_order = "route.in_order";
    route_backwards = "route.backwards";
    route_too_far = "route.too_far";
    route_different = "route.different";
    route_not_recorded = "route.not_recorded";
    time_before = "time.before";
    time_two_years_before = "time.two_years_before";
    time_year_before = "time.year_before";
    time_weeks = "time.weeks";
    time_first_year = "time.first_year";
    time_second_year = "time.second_year";
    time_third_year = "time.third_year";
    time_fourth_year = "time.fourth_year";
    time_later = "time.later";
    time_not_recorded = "time.not_recorded";
    phone_same = "phone.same";
    phone_different = "phone.different";
    phone_not_recorded = "phone.not_recorded";
    relatives_same = "relatives.same";
    relatives_not_recorded = "relatives.not_recorded";
    household_person = "household.person";
    household_family = "household.family";
    rivals_none = "rivals.none";
    rivals_nearly = "rivals.nearly";
    rivals_others = "rivals.others";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_name_their_field() {
        let codes: std::collections::BTreeSet<_> = Rung::all().map(Rung::code).collect();
        assert_eq!(codes.len(), Rung::count());
        for rung in Rung::all() {
            assert!(rung.code().starts_with(rung.field().as_str()), "{}", rung.code());
        }
    }

    #[test]
    fn name_ladders_line_up() {
        assert_eq!(Rung::name(NameField::Father, Likeness::Similar).code(), "father.similar");
        assert_eq!(Rung::name(NameField::Mother, Likeness::Initial).code(), "mother.initial");
        assert_eq!(Rung::different(NameField::Family).code(), "family_name.different");
        assert_eq!(Rung::swapped().code(), "given_name.swapped");
        assert_eq!(Rung::name_not_recorded(NameField::Mother).code(), "mother.not_recorded");
    }

    #[test]
    fn every_rung_looked_up_by_name_exists() {
        for code in NAMED_CODES {
            assert!(Rung::by_code(code).is_some(), "{code}");
        }
    }
}
