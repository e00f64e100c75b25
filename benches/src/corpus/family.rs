//! Households and the people in them, as they truly are: the records of `record` are remembered or misheard
//! versions of these.

use chrono::{Days, NaiveDate};

use super::names::{Community, Descent, Lists, Name, by_rank, feminine, patronymic};
use super::rng::Rng;

/// What identity papers would say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    Female,
    Male,
}

impl Sex {
    /// As the columns write it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }

    pub(super) const fn other(self) -> Self {
        match self {
            Self::Female => Self::Male,
            Self::Male => Self::Female,
        }
    }
}

/// One invented person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Unlike every other person's in the corpus.
    pub number: u64,
    /// Shared by brothers, sisters and a parent who travels with them.
    pub household: u64,
    pub community: Community,
    pub sex: Sex,
    /// First name, then second given name or patronymic where the community has one.
    pub given: Vec<Name>,
    /// Surnames, or father's and grandfather's names, in the community's order; empty for some.
    pub family: Vec<Name>,
    /// The father's full name, given name first.
    pub father: Vec<Name>,
    /// The mother's full name, given name first.
    pub mother: Vec<Name>,
    /// What the family calls this person, where it is not the first name.
    pub calling: Option<Name>,
    pub born: NaiveDate,
    /// ISO 3166-1 alpha-3.
    pub nationality: String,
    pub origin: Name,
    /// When the household left; everything recorded happens after it.
    pub departed: NaiveDate,
}

/// One household: one to six brothers and sisters, and in one of six a parent on the same road.
pub(super) fn household(number: u64, first_person: u64, rng: &mut Rng) -> Vec<Person> {
    let shares = Community::SHARES.map(|(_, share)| share);
    let community = Community::SHARES.get(rng.weighted(&shares)).map_or(Community::Arabic, |&(one, _)| one);
    let lists = community.lists();
    let parents = Parents::new(lists, rng);
    let nationality = by_rank(&lists.nations, rng).latin;
    let origin = by_rank(&lists.places, rng);
    let departed = day(2010, rng.below(14 * 365));
    let children = 1 + rng.weighted(&[430, 260, 160, 90, 40, 20]);
    let eldest = years_before(departed, rng.between(12, 48), rng);
    let mut born = eldest;
    let mut people: Vec<Person> = Vec::with_capacity(children + 1);
    for _ in 0..children {
        let sex = if rng.chance(590) { Sex::Male } else { Sex::Female };
        let given = distinct_given(lists, sex, &people, rng);
        people.push(Person {
            number: 0,
            household: number,
            community,
            sex,
            family: parents.child_family(lists, sex, rng),
            calling: nickname(lists, &given),
            given: with_second(lists, given, sex, &parents.father_given, rng),
            father: parents.father.clone(),
            mother: parents.mother.clone(),
            born,
            nationality: nationality.clone(),
            origin: origin.clone(),
            departed,
        });
        born = born.checked_add_days(Days::new(330 + rng.below(1200) as u64)).unwrap_or(born).min(departed);
    }
    if rng.chance(160) {
        let sex = if rng.chance(500) { Sex::Male } else { Sex::Female };
        let born =
            eldest.checked_sub_days(Days::new(365 * 18 + rng.below(365 * 17) as u64)).unwrap_or(eldest);
        let (given, family) = match sex {
            Sex::Male => (parents.father_given.clone(), parents.father_family.clone()),
            Sex::Female => (parents.mother_given.clone(), parents.mother_family.clone()),
        };
        let above = Parents::above(lists, &family, rng);
        people.push(Person {
            number: 0,
            household: number,
            community,
            sex,
            calling: nickname(lists, &given),
            given: with_second(lists, given, sex, &above.father_given, rng),
            family,
            father: above.father,
            mother: above.mother,
            born,
            nationality,
            origin,
            departed,
        });
    }
    for (offset, person) in people.iter_mut().enumerate() {
        person.number = first_person + offset as u64;
    }
    people
}

struct Parents {
    father_given: Name,
    father_family: Vec<Name>,
    mother_given: Name,
    mother_family: Vec<Name>,
    father: Vec<Name>,
    mother: Vec<Name>,
    surname: Option<Name>,
}

impl Parents {
    fn new(lists: &Lists, rng: &mut Rng) -> Self {
        let chain = |rng: &mut Rng| [lists.given(false, rng), lists.given(false, rng)];
        let surname = lists.surname(rng);
        let other = lists.surname(rng);
        let (father_family, mother_family, surname) = match lists.descent {
            Some(Descent::TwoSurnames) => {
                (vec![surname.clone(), lists.surname(rng)], vec![other, lists.surname(rng)], Some(surname))
            }
            Some(Descent::SurnameAndPatronymic) => {
                (vec![surname.clone()], vec![feminine(&surname)], Some(surname))
            }
            Some(Descent::Chain) => (chain(rng).to_vec(), chain(rng).to_vec(), None),
            Some(Descent::ChainAndSurname) => (
                vec![lists.given(false, rng), surname.clone()],
                vec![lists.given(false, rng), other],
                rng.chance(780).then_some(surname),
            ),
            Some(Descent::OftenNone) if rng.chance(380) => (Vec::new(), Vec::new(), None),
            Some(Descent::BySex) => {
                let shared = rng.chance(500).then(|| surname.clone());
                (vec![surname], vec![by_rank(&lists.women_surnames, rng)], shared)
            }
            Some(Descent::Surname | Descent::OftenNone) | None => {
                (vec![surname.clone()], vec![other], Some(surname))
            }
        };
        Self::named(lists, lists.given(false, rng), father_family, mother_family, surname, rng)
    }

    /// The parents of somebody whose second names are known: the chain goes on one step, surnames stay.
    fn above(lists: &Lists, family: &[Name], rng: &mut Rng) -> Self {
        let chained = matches!(lists.descent, Some(Descent::Chain | Descent::ChainAndSurname));
        let father = match family.first() {
            Some(name) if chained => name.clone(),
            _ => lists.given(false, rng),
        };
        let father_family = match family {
            [_, rest @ ..] if chained => rest.to_vec(),
            _ => family.first().into_iter().cloned().collect(),
        };
        let mother_family =
            vec![lists.surname(rng)].into_iter().filter(|name| !name.latin.is_empty()).collect();
        Self::named(lists, father, father_family, mother_family, family.last().cloned(), rng)
    }

    fn named(
        lists: &Lists,
        father_given: Name,
        father_family: Vec<Name>,
        mother_family: Vec<Name>,
        surname: Option<Name>,
        rng: &mut Rng,
    ) -> Self {
        let mother_given = lists.given(true, rng);
        let full = |given: &Name, family: &[Name]| [std::slice::from_ref(given), family].concat();
        Self {
            father: full(&father_given, &father_family),
            mother: full(&mother_given, &mother_family),
            father_given,
            father_family,
            mother_given,
            mother_family,
            surname,
        }
    }

    fn child_family(&self, lists: &Lists, sex: Sex, rng: &mut Rng) -> Vec<Name> {
        let first = |family: &[Name]| family.first().cloned();
        let own = self.surname.clone();
        match lists.descent {
            Some(Descent::TwoSurnames) => own.into_iter().chain(first(&self.mother_family)).collect(),
            Some(Descent::SurnameAndPatronymic) if sex == Sex::Female => own.iter().map(feminine).collect(),
            Some(Descent::Chain) => {
                std::iter::once(self.father_given.clone()).chain(first(&self.father_family)).collect()
            }
            Some(Descent::ChainAndSurname) => std::iter::once(self.father_given.clone())
                .chain(own.or_else(|| first(&self.father_family)))
                .collect(),
            Some(Descent::BySex) => vec![match (sex, own) {
                (Sex::Female, _) => by_rank(&lists.women_surnames, rng),
                (Sex::Male, Some(surname)) => surname,
                (Sex::Male, None) => lists.surname(rng),
            }],
            Some(Descent::Surname | Descent::OftenNone | Descent::SurnameAndPatronymic) | None => {
                own.into_iter().collect()
            }
        }
    }
}

/// Brothers and sisters do not share a first name.
fn distinct_given(lists: &Lists, sex: Sex, siblings: &[Person], rng: &mut Rng) -> Name {
    let mut given = lists.given(sex == Sex::Female, rng);
    for _ in 0..20 {
        if !siblings.iter().any(|sibling| sibling.given.first() == Some(&given)) {
            break;
        }
        given = lists.given(sex == Sex::Female, rng);
    }
    given
}

fn with_second(lists: &Lists, given: Name, sex: Sex, father: &Name, rng: &mut Rng) -> Vec<Name> {
    let female = sex == Sex::Female;
    if lists.descent == Some(Descent::SurnameAndPatronymic) {
        return vec![given, patronymic(father, female)];
    }
    let second = lists.given(female, rng);
    if rng.chance(lists.second_given) && second != given { vec![given, second] } else { vec![given] }
}

fn nickname(lists: &Lists, given: &Name) -> Option<Name> {
    let calling = lists.nicknames.iter().find(|entry| entry.latin == given.latin)?;
    Some(Name { latin: calling.native.clone(), native: String::new() })
}

fn day(year: i32, after: usize) -> NaiveDate {
    let start = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    start.checked_add_days(Days::new(after as u64)).unwrap_or(start)
}

fn years_before(from: NaiveDate, years: i32, rng: &mut Rng) -> NaiveDate {
    let days = 365 * u64::from(years.unsigned_abs()) + rng.below(365) as u64;
    from.checked_sub_days(Days::new(days)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn households(count: u64) -> Vec<Vec<Person>> {
        (0..count).map(|number| household(number, number * 10, &mut Rng::of(5, &[number]))).collect()
    }

    #[test]
    fn brothers_and_sisters_share_parents_and_origin_but_no_first_name() {
        let mut families = 0;
        for people in households(500) {
            let children: Vec<_> = people.iter().filter(|one| one.born >= people[0].born).collect();
            families += usize::from(children.len() > 1);
            for (index, child) in children.iter().enumerate() {
                assert_eq!((&child.mother, &child.origin), (&people[0].mother, &people[0].origin));
                assert!(children[..index].iter().all(|other| other.given[0] != child.given[0]), "{child:?}");
            }
        }
        assert!(families > 200, "{families} of 500 households hold siblings");
    }

    #[test]
    fn nobody_is_born_after_the_family_left_and_parents_are_older() {
        for people in households(500) {
            for person in &people {
                assert!(person.born <= person.departed, "{person:?}");
                let parent = (&person.father, &person.mother) != (&people[0].father, &people[0].mother);
                assert_eq!(parent, person.born < people[0].born, "{person:?}");
            }
        }
    }

    #[test]
    fn a_chain_names_the_father_then_the_grandfather() {
        let chained = households(800).into_iter().flatten().filter(|one| one.community == Community::Somali);
        let mut seen = 0;
        for person in chained {
            assert_eq!(person.family.first(), person.father.first());
            seen += 1;
        }
        assert!(seen > 20);
    }
}
