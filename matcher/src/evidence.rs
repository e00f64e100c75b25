//! Evidence of a pair: which rungs it reaches, field by field. Weights come from the model, words from the rungs.
//!
//! Words of names are aligned one to one without regard to order; each agreement is told to the part of the name the
//! request says it belongs to, and words left over on both sides of a part contradict each other.

use crate::Sex;
use crate::atlas::{Journey, Spot};
use crate::birth;
use crate::fold::sound::Sound;
use crate::likeness::Likeness;
use crate::model::Model;
use crate::person::{Facts, Roles};
use crate::population::Population;
use crate::rung::{NAMED, NameField, Rung};

/// A rung reached, with the surprisal in bits of the name it was reached with (0 where it rests on no name).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Reached {
    pub(crate) rung: Rung,
    pub(crate) surprisal: f32,
}

/// All rungs a pair reached.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) reached: Vec<Reached>,
}

impl Evidence {
    pub(crate) fn add(&mut self, rung: Rung) {
        self.reached.push(Reached { rung, surprisal: 0.0 });
    }

    pub(crate) fn add_rare(&mut self, rung: Rung, surprisal: f32) {
        self.reached.push(Reached { rung, surprisal });
    }

    /// Bits of all fields, and of the fields a family shares.
    pub(crate) fn bits(&self, model: &Model) -> (f32, f32) {
        self.reached.iter().fold((0.0, 0.0), |(all, household), reached| {
            let bits = model.bits(reached.rung, reached.surprisal);
            (all + bits, if reached.rung.is_of_household() { household + bits } else { household })
        })
    }
}

/// The words of one side, as the alignment needs them.
pub(crate) trait Bearer {
    /// How many words there are.
    fn count(&self) -> usize;
    /// The roles of a word.
    fn roles(&self, at: usize) -> Roles;
    /// How a word sounds.
    fn sound(&self, at: usize) -> Option<Sound>;
}

/// A word of the request and a word of the contact that may be one name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    pub(crate) request: u8,
    pub(crate) contact: u8,
    pub(crate) likeness: Likeness,
    /// What the agreement is worth, once that was asked.
    bits: f32,
}

impl Link {
    pub(crate) fn new(request: u8, contact: u8, likeness: Likeness) -> Self {
        Self { request, contact, likeness, bits: 0.0 }
    }
}

/// Aligns the names of a pair. `links` comes with every two words that may be one name and leaves with those that are taken
/// for one; words written as one on one side and initials are added here. `rarity` gives the surprisal of an agreement.
pub(crate) fn names<R: Bearer + ?Sized, C: Bearer + ?Sized>(
    model: &Model,
    request: &R,
    contact: &C,
    links: &mut Vec<Link>,
    rarity: impl Fn(&Link) -> f32,
    evidence: &mut Evidence,
) {
    add_initials_and_joins(request, contact, links);
    for link in links.iter_mut() {
        let (own, other) = (request.roles(link.request.into()), contact.roles(link.contact.into()));
        let field = field_of(own, other);
        let bits = model.bits(Rung::name(field, link.likeness), rarity(link));
        link.bits = if own.has(other) { bits } else { bits + model.weight(Rung::elsewhere(field)) };
    }
    links.sort_unstable_by(|a, b| {
        let order = b.bits.total_cmp(&a.bits).then(a.likeness.cmp(&b.likeness));
        order.then((a.request, a.contact).cmp(&(b.request, b.contact)))
    });
    let (mut taken_request, mut taken_contact) = (0u64, 0u64);
    links.retain(|link| {
        let (mine, theirs) = (1u64 << link.request, 1u64 << link.contact);
        let free = taken_request & mine == 0 && taken_contact & theirs == 0;
        if free {
            taken_request |= mine;
            taken_contact |= theirs;
        }
        free
    });
    let swapped = is_swapped(request, contact, links);
    let roles_of_contact =
        |at: usize| if swapped { contact.roles(at).exchanged() } else { contact.roles(at) };
    if swapped {
        evidence.add(Rung::swapped());
    }
    for link in links.iter() {
        let (own, other) = (request.roles(link.request.into()), roles_of_contact(link.contact.into()));
        let field = field_of(own, other);
        evidence.add_rare(Rung::name(field, link.likeness), rarity(link));
        if !own.has(other) {
            evidence.add(Rung::elsewhere(field));
        }
    }
    let (named, mine) = Counts::of(request.count(), taken_request, |at| request.roles(at));
    let (also_named, theirs) = Counts::of(contact.count(), taken_contact, roles_of_contact);
    for field in NameField::ALL {
        if named.of_field(field) == 0 || also_named.of_field(field) == 0 {
            evidence.add(Rung::name_not_recorded(field));
            continue;
        }
        let (mine, theirs) = (mine.of_field(field), theirs.of_field(field));
        (0..mine.min(theirs)).for_each(|_| evidence.add(Rung::different(field)));
        (0..mine.abs_diff(theirs)).for_each(|_| evidence.add(Rung::missing_word(field)));
    }
}

/// How many words speak of each part of a name, a byte each: all parts are counted at once.
#[derive(Clone, Copy, Default)]
struct Counts(u32);

impl Counts {
    /// Of all words; and of those not taken, without other writings.
    fn of(words: usize, taken: u64, roles: impl Fn(usize) -> Roles) -> (Self, Self) {
        (0..words.min(64)).fold(Default::default(), |(all, left): (Self, Self), at| {
            let roles = roles(at);
            let is_left = taken >> at & 1 == 0 && !roles.has(Roles::SPARE);
            let one = Self::of_word(roles).0;
            (Self(all.0 + one), if is_left { Self(left.0 + one) } else { left })
        })
    }

    fn of_word(roles: Roles) -> Self {
        // Copies of the four bits lie seven apart and do not meet, so that each comes to stand at the foot of a byte; and of
        // at most sixty-four words no byte overflows.
        Self((u32::from(roles.bits() & 15) * 0x20_4081) & 0x0101_0101)
    }

    fn of_field(self, field: NameField) -> u8 {
        (self.0 >> (8 * field as u32) & 0xFF) as u8
    }
}

/// The part of the name an agreement speaks for: the one both sides name, else the one the request names.
fn field_of(request: Roles, contact: Roles) -> NameField {
    let both = Roles::from_bits(request.bits() & contact.bits() & 15);
    let roles = if both == Roles::default() { request } else { both };
    NameField::ALL.get(roles.bits().trailing_zeros() as usize).copied().unwrap_or(NameField::Family)
}

/// Whether given and family name stand the other way round: words agree across the parts and none within.
fn is_swapped(request: &(impl Bearer + ?Sized), contact: &(impl Bearer + ?Sized), chosen: &[Link]) -> bool {
    let mut across = 0;
    for link in chosen {
        let own = request.roles(link.request.into()).bits() & 3;
        let other = contact.roles(link.contact.into()).bits() & 3;
        match (own, other) {
            (1, 2) | (2, 1) => across += 1,
            (1, 1) | (2, 2) => return false,
            _ => {}
        }
    }
    across > 0
}

/// Links single letters to words they may stand for, and words written as one to words written as two.
fn add_initials_and_joins(
    request: &(impl Bearer + ?Sized),
    contact: &(impl Bearer + ?Sized),
    links: &mut Vec<Link>,
) {
    let (mut linked_request, mut linked_contact) = (0u64, 0u64);
    for link in links.iter().filter(|link| link.likeness <= Likeness::Similar) {
        linked_request |= 1 << link.request;
        linked_contact |= 1 << link.contact;
    }
    let (mine, theirs) = (unlinked(request, linked_request), unlinked(contact, linked_contact));
    for at in places(mine) {
        for other_at in places(theirs) {
            if !request.roles(at).has(contact.roles(other_at)) {
                continue;
            }
            let (Some(own), Some(other)) = (request.sound(at), contact.sound(other_at)) else { continue };
            let likeness = if is_initial(&own, &other) {
                Likeness::Initial
            } else if joins(&own, next(request, mine, at), &other)
                || joins(&other, next(contact, theirs, other_at), &own)
            {
                Likeness::Joined
            } else {
                continue;
            };
            links.push(Link::new(at as u8, other_at as u8, likeness));
        }
    }
}

/// A bit for each of the first 64 words that is not linked.
fn unlinked(bearer: &(impl Bearer + ?Sized), linked: u64) -> u64 {
    let words = u32::try_from(bearer.count()).unwrap_or(u32::MAX).min(u64::BITS);
    !linked & u64::MAX.checked_shr(u64::BITS - words).unwrap_or(0)
}

/// The places of the bits that are set.
fn places(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(at)
    })
}

/// The sound of the word after one, if that is among those of `bits`.
fn next(bearer: &(impl Bearer + ?Sized), bits: u64, at: usize) -> Option<Sound> {
    places(bits).find(|next| *next == at + 1).and_then(|next| bearer.sound(next))
}

fn is_initial(one: &Sound, other: &Sound) -> bool {
    let (one, other) = (one.phonemes(), other.phonemes());
    one.first() == other.first() && (one.len() == 1) != (other.len() == 1)
}

/// Whether a word and the one after it, read as one, are a spelling of the other side's word.
fn joins(first: &Sound, second: Option<Sound>, whole: &Sound) -> bool {
    let Some(second) = second else { return false };
    let length = first.phonemes().len() + second.phonemes().len();
    let unwritten = first.abjad != whole.abjad;
    if !unwritten && length.abs_diff(whole.phonemes().len()) > 2 {
        return false;
    }
    Likeness::of_sounds(&Sound::joined(first, &second), whole).is_some_and(|found| found <= Likeness::Similar)
}

/// Sex, birth and time: what needs no vocabulary.
pub(crate) fn facts(request: &Facts, contact: &Facts, evidence: &mut Evidence) {
    evidence.add(sex(request.sex, contact.sex));
    evidence.add(birth::compare(request.born, contact.born));
    evidence.add(time(request.day, contact.day));
}

/// The rung two answers about sex reach.
pub(crate) fn sex(request: Option<Sex>, contact: Option<Sex>) -> Rung {
    match (request, contact) {
        (None | Some(Sex::Other), _) | (_, None | Some(Sex::Other)) => NAMED.sex_not_recorded,
        (Some(a), Some(b)) if a == b => NAMED.sex_same,
        _ => NAMED.sex_different,
    }
}

/// The rung of the days between the last contact and the day somebody was met.
pub(crate) fn time(last_contact: Option<i32>, met: Option<i32>) -> Rung {
    match (last_contact, met) {
        (Some(last_contact), Some(met)) => match met.saturating_sub(last_contact) {
            ..=-732 => NAMED.time_before,
            -731..=-366 => NAMED.time_two_years_before,
            -365..=-8 => NAMED.time_year_before,
            -7..=90 => NAMED.time_weeks,
            91..=365 => NAMED.time_first_year,
            366..=731 => NAMED.time_second_year,
            732..=1096 => NAMED.time_third_year,
            1097..=1461 => NAMED.time_fourth_year,
            _ => NAMED.time_later,
        },
        _ => NAMED.time_not_recorded,
    }
}

/// Nationality: the rarer the one shared, the more it says.
pub(crate) fn nationality(
    request: &Facts,
    contact: &Facts,
    population: &Population,
    evidence: &mut Evidence,
) {
    let (own, other) = (request.nationalities, contact.nationalities);
    let shared = own.iter().flatten().find(|country| other.contains(&Some(**country)));
    match (shared, own.iter().flatten().next(), other.iter().flatten().next()) {
        (Some(country), ..) => {
            evidence.add_rare(NAMED.nationality_same, population.rarity_of_nationality(*country));
        }
        (None, Some(_), Some(_)) if request.region == contact.region => {
            evidence.add(NAMED.nationality_same_region)
        }
        (None, Some(_), Some(_)) => evidence.add(NAMED.nationality_different),
        _ => evidence.add(NAMED.nationality_not_recorded),
    }
}

/// Origin: the best of the likenesses found, each with its surprisal.
pub(crate) fn origin(
    model: &Model,
    recorded: bool,
    found: impl Iterator<Item = (Likeness, f32)>,
    evidence: &mut Evidence,
) {
    if !recorded {
        return evidence.add(NAMED.origin_not_recorded);
    }
    let best = found
        .map(|(likeness, surprisal)| Reached { rung: origin_rung(likeness), surprisal })
        .reduce(|a, b| if model.bits(b.rung, b.surprisal) > model.bits(a.rung, a.surprisal) { b } else { a });
    match best {
        Some(best) => evidence.reached.push(best),
        None => evidence.add(NAMED.origin_different),
    }
}

/// The rung of a place of origin this near.
pub(crate) fn origin_rung(likeness: Likeness) -> Rung {
    match likeness {
        Likeness::Same => NAMED.origin_same,
        Likeness::Alike => NAMED.origin_alike,
        Likeness::Similar | Likeness::ShortForm | Likeness::Joined => NAMED.origin_similar,
        Likeness::Loose | Likeness::Initial => NAMED.origin_loose,
    }
}

/// Where somebody was last heard of, and where met.
pub(crate) struct Stations {
    /// The names are spellings of one.
    pub(crate) same: bool,
    /// Both places, the one last heard of first, where both are listed.
    pub(crate) listed: Option<(Spot, Spot)>,
}

/// Whether the person was met where last heard of, or on a journey that leads through both places in the days between;
/// `None` where one of the places is not recorded.
pub(crate) fn station(
    stations: Option<&Stations>,
    request: &Facts,
    contact: &Facts,
    evidence: &mut Evidence,
) {
    let Some(stations) = stations else { return evidence.add(NAMED.route_not_recorded) };
    let days = request.day.zip(contact.day).map(|(last_contact, met)| met.saturating_sub(last_contact));
    evidence.add(match stations.listed.map(|(last_known, met)| Spot::journey(last_known, met, days)) {
        None if stations.same => NAMED.route_same,
        Some(Journey::None) => NAMED.route_same,
        Some(Journey::Near) => NAMED.route_near,
        Some(Journey::InOrder) => NAMED.route_in_order,
        Some(Journey::Backwards) => NAMED.route_backwards,
        Some(Journey::TooFar) => NAMED.route_too_far,
        Some(Journey::Unordered) | None => NAMED.route_different,
    });
}

/// Telephone numbers.
pub(crate) fn phone(recorded: bool, shared: bool, evidence: &mut Evidence) {
    evidence.add(match (recorded, shared) {
        (false, _) => NAMED.phone_not_recorded,
        (true, true) => NAMED.phone_same,
        (true, false) => NAMED.phone_different,
    });
}

/// Relatives and companions.
pub(crate) fn relatives(common: bool, evidence: &mut Evidence) {
    evidence.add(if common { NAMED.relatives_same } else { NAMED.relatives_not_recorded });
}
