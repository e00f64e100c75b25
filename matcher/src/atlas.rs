//! Where the places on migration routes lie and which of them are reached after which: whether somebody last heard of in
//! one can have been met in the other, and whether that is the way people travel.
//!
//! From a readable list, `data/places.txt`. A place that is not listed is compared by its name alone.

use std::sync::LazyLock;

use hashbrown::HashMap;

use crate::likeness::Likeness;
use crate::person::{Word, place_word};

/// A listed place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spot(u16);

/// What two places and the days between them say of one journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Journey {
    /// One place, under whatever names.
    None,
    /// Neighbouring places.
    Near,
    /// The later place is reached after the earlier one.
    InOrder,
    /// The earlier place is reached after the later one: people are sent back, and turn back.
    Backwards,
    /// Farther apart than people travel in the days between.
    TooFar,
    /// On different ways, or none says which comes first.
    Unordered,
}

/// Kilometres between places that are taken for neighbours: a service point serves the towns around it.
const NEAR: f32 = 60.0;
/// Kilometres that prove nothing whatever the days: dates of a last contact are remembered, not recorded.
const AT_ONCE: f32 = 1_000.0;
/// Kilometres of a long day by lorry, bus or boat. Whoever is flown goes farther, so this never excludes anybody.
const A_DAY: f32 = 500.0;
/// Letters a listed name has that is recognised within a longer one, such as the name of a service point.
const TELLING: usize = 6;

struct Atlas {
    places: Vec<Place>,
    by_letters: HashMap<String, Spot>,
    by_key: HashMap<u64, Vec<(Word, Spot)>>,
}

struct Place {
    /// On the unit sphere.
    at: [f32; 3],
    /// Places reached after this one, by number, as bits.
    beyond: Vec<u64>,
}

static ATLAS: LazyLock<Atlas> = LazyLock::new(|| Atlas::read(include_str!("../data/places.txt")));

impl Spot {
    /// The listed place a folded place stands for: the same letters, a listed name at its beginning or end, or the same
    /// sound.
    pub(crate) fn of(place: &Word) -> Option<Self> {
        let (atlas, letters) = (&*ATLAS, place.folded.text.as_str());
        let part = |length: usize| {
            let (start, end) = (letters.get(..length)?, letters.get(letters.len() - length..)?);
            atlas.by_letters.get(start).or_else(|| atlas.by_letters.get(end)).copied()
        };
        let whole = atlas.by_letters.get(letters).copied();
        whole.or_else(|| (TELLING..letters.len()).rev().find_map(part)).or_else(|| atlas.heard(place))
    }

    /// What being last heard of here and met there, so many days later (negative: earlier), says.
    pub(crate) fn journey(last_known: Self, met: Self, days: Option<i32>) -> Journey {
        let Some((from, to)) = ATLAS.place(last_known).zip(ATLAS.place(met)) else {
            return Journey::Unordered;
        };
        let kilometres = kilometres(from, to);
        let (earlier, later) =
            if days.is_some_and(|days| days < 0) { (met, last_known) } else { (last_known, met) };
        if last_known == met {
            Journey::None
        } else if kilometres <= NEAR {
            Journey::Near
        } else if days.is_some_and(|days| kilometres > AT_ONCE + A_DAY * days.unsigned_abs() as f32) {
            Journey::TooFar
        } else {
            match (ATLAS.leads(earlier, later), ATLAS.leads(later, earlier)) {
                (true, false) => Journey::InOrder,
                (false, true) => Journey::Backwards,
                _ => Journey::Unordered,
            }
        }
    }
}

impl Atlas {
    fn read(text: &str) -> Self {
        let mut atlas = Self { places: Vec::new(), by_letters: HashMap::new(), by_key: HashMap::new() };
        let mut legs: Vec<(Spot, Spot)> = Vec::new();
        for line in text.lines() {
            if let Some(place) = line.strip_prefix("place ") {
                atlas.add(place);
            } else if let Some(way) = line.strip_prefix("way ") {
                let stops: Vec<Spot> = way.split(" > ").filter_map(|name| atlas.named(name)).collect();
                legs.extend(stops.iter().zip(stops.iter().skip(1)).map(|(from, to)| (*from, *to)));
            }
        }
        atlas.connect(&legs);
        atlas
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut parts = line.splitn(3, ' ');
        let mut degrees = || parts.next()?.parse::<f32>().ok().map(f32::to_radians);
        let ((north, north_cos), east) = (degrees().map(f32::sin_cos)?, degrees()?.sin_cos());
        let spot = Spot(u16::try_from(self.places.len()).ok()?);
        for word in parts.next()?.split(" | ").filter_map(place_word) {
            for key in word.sound.keys() {
                self.by_key.entry(key).or_default().push((word.clone(), spot));
            }
            self.by_letters.insert(word.folded.text, spot);
        }
        self.places.push(Place { at: [north_cos * east.1, north_cos * east.0, north], beyond: Vec::new() });
        Some(())
    }

    fn named(&self, name: &str) -> Option<Spot> {
        self.by_letters.get(place_word(name)?.folded.text.as_str()).copied()
    }

    /// Notes for every place all that are reached from it, over any number of legs.
    fn connect(&mut self, legs: &[(Spot, Spot)]) {
        let (count, mut next) = (self.places.len(), vec![Vec::new(); self.places.len()]);
        for (from, to) in legs {
            next.get_mut(usize::from(from.0)).into_iter().for_each(|list| list.push(usize::from(to.0)));
        }
        for (start, place) in self.places.iter_mut().enumerate() {
            let (mut beyond, mut open) = (vec![0u64; count.div_ceil(64)], vec![start]);
            while let Some(at) = open.pop() {
                for to in next.get(at).into_iter().flatten() {
                    let Some(bits) = beyond.get_mut(to / 64) else { continue };
                    if *bits & 1 << (to % 64) == 0 {
                        *bits |= 1 << (to % 64);
                        open.push(*to);
                    }
                }
            }
            place.beyond = beyond;
        }
    }

    fn place(&self, spot: Spot) -> Option<&Place> {
        self.places.get(usize::from(spot.0))
    }

    fn leads(&self, from: Spot, to: Spot) -> bool {
        let bits = self.place(from).and_then(|place| place.beyond.get(usize::from(to.0) / 64));
        bits.is_some_and(|bits| bits & 1 << (to.0 % 64) != 0)
    }

    /// The listed place that sounds the same.
    fn heard(&self, place: &Word) -> Option<Spot> {
        let keys = place.sound.keys();
        let near = keys.iter().filter_map(|key| self.by_key.get(key)).flatten();
        let alike = near.filter_map(|(word, spot)| Some((Likeness::of_words(place, word)?, *spot)));
        alike
            .filter(|(likeness, _)| *likeness <= Likeness::Alike)
            .min_by_key(|(likeness, _)| *likeness)
            .map(|(_, spot)| spot)
    }
}

/// The length of the shortest way over the sphere.
fn kilometres(one: &Place, other: &Place) -> f32 {
    let cosine: f32 = one.at.iter().zip(&other.at).map(|(a, b)| a * b).sum();
    cosine.clamp(-1.0, 1.0).acos() * 6_371.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(name: &str) -> Option<Spot> {
        Spot::of(&place_word(name)?)
    }

    fn journey(last_known: &str, met: &str, days: impl Into<Option<i32>>) -> Journey {
        Spot::journey(spot(last_known).unwrap(), spot(met).unwrap(), days.into())
    }

    #[test]
    fn every_line_of_the_list_is_read_and_every_way_leads_through_listed_places() {
        let lines = |start: &str| {
            let stated =
                include_str!("../data/places.txt").lines().filter_map(|line| line.strip_prefix(start));
            stated.map(str::to_owned).collect::<Vec<_>>()
        };
        let (places, ways) = (lines("place "), lines("way "));
        let comments = lines("#").len() + lines("").iter().filter(|line| line.is_empty()).count();
        assert_eq!(places.len() + ways.len() + comments, lines("").len(), "a line is neither place nor way");
        assert_eq!(ATLAS.places.len(), places.len());
        let mut names = Vec::new();
        let mut letters = HashMap::new();
        for (at, line) in places.iter().enumerate() {
            for name in line.splitn(3, ' ').last().unwrap().split(" | ") {
                let other = letters.insert(place_word(name).unwrap().folded.text, at);
                assert!(other.is_none_or(|other| other == at), "{name} is folded as another place is");
                names.push(name);
            }
        }
        for stop in ways.iter().flat_map(|way| way.split(" > ")) {
            assert!(names.contains(&stop), "{stop} is not listed");
        }
        for place in &ATLAS.places {
            assert!(place.at.iter().map(|part| part * part).sum::<f32>() > 0.999);
        }
    }

    #[test]
    fn a_place_is_known_by_other_spellings_scripts_and_inside_the_name_of_a_service_point() {
        assert!(spot("Agadez").is_some());
        for (one, other) in [
            ("Agadez", "Agades"),
            ("Lesvos", "Mytilini"),
            ("Przemysl", "Przemyśl"),
            ("HSP Lajas Blancas", "Lajas Blancas"),
            ("Tripoli, Libya", "طرابلس"),
            ("Kassala", "ከሰላ"),
        ] {
            assert_eq!(spot(one), spot(other), "{one} {other}");
        }
        assert_eq!(spot("Umm Dukhun"), None);
    }

    #[test]
    fn the_way_led_on_back_or_nowhere() {
        assert_eq!(journey("Necoclí", "Tapachula", 30), Journey::InOrder);
        assert_eq!(journey("Tapachula", "Necoclí", 30), Journey::Backwards);
        assert_eq!(journey("Agadez", "Calais", 300), Journey::InOrder, "over several ways");
        assert_eq!(
            journey("Tapachula", "Necoclí", -30),
            Journey::InOrder,
            "met first, last heard of farther on"
        );
        assert_eq!(journey("Lesvos", "Tapachula", 300), Journey::Unordered);
        assert_eq!(journey("Przemyśl", "Medyka", 1), Journey::Near);
        assert_eq!(journey("Lesvos", "Mytilini", 1), Journey::None);
    }

    #[test]
    fn nobody_crosses_an_ocean_in_two_days_but_on_an_unknown_day() {
        assert_eq!(journey("Tripoli", "Tapachula", 2), Journey::TooFar);
        assert_eq!(journey("Tripoli", "Tapachula", -2), Journey::TooFar);
        assert_eq!(journey("Tripoli", "Tapachula", 60), Journey::Unordered);
        assert_eq!(journey("Tripoli", "Tapachula", None), Journey::Unordered);
        assert_eq!(journey("Tripoli", "Lampedusa", 0), Journey::InOrder, "a night at sea");
    }

    #[test]
    fn kilometres_are_those_of_the_globe() {
        let [from, to] = ["Tripoli", "London"].map(|name| ATLAS.place(spot(name).unwrap()).unwrap());
        let measured = kilometres(from, to);
        assert!((2_300.0..2_400.0).contains(&measured), "{measured}");
    }
}
