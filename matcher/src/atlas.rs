//! Where the places on migration routes lie and which of them are reached after which: whether somebody last heard of in
//! one can have been met in the other, and whether that is the way people travel.
//!
//! From a readable list, `data/places.txt`. A place that is not listed is compared by its name alone.

use std::sync::LazyLock;

use hashbrown::{HashMap, HashSet};

use crate::fold::Folded;
use crate::person::{Word, place_word};

/// A listed place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Spot(u16);

/// What two places and the days between them say of one journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Journey {
    /// One place, under whatever names.
    None,
    /// Farther apart than people travel in the days between.
    TooFar,
    /// The later place is reached after the earlier one.
    InOrder,
    /// The earlier place is reached after the later one: people are sent back, and turn back.
    Backwards,
    /// Neighbours of which neither comes first.
    Near,
    /// On different ways, or nothing says which comes first.
    Unordered,
}

/// Kilometres between places that are taken for neighbours: a service point serves the towns around it.
const NEAR: f32 = 60.0;
/// Kilometres that prove nothing whatever the days: dates of a last contact are remembered, not recorded.
const AT_ONCE: f32 = 1_000.0;
/// Kilometres of a long day by lorry, bus or boat. Whoever is flown goes farther, so this never excludes anybody.
const A_DAY: f32 = 500.0;

struct Atlas {
    places: Vec<Place>,
    by_name: HashMap<Folded, Spot>,
    /// Places that follow each other on a way: some of them by air.
    legs: HashSet<(Spot, Spot)>,
}

struct Place {
    /// On the unit sphere.
    at: [f32; 3],
    /// Places reached after this one, by number, as bits.
    beyond: Vec<u64>,
}

static ATLAS: LazyLock<Atlas> = LazyLock::new(|| Atlas::read(include_str!("../data/places.txt")));

impl Spot {
    /// The listed place a folded place stands for. Only by a listed name: towns far apart sound alike, and the name of one
    /// stands within that of another.
    pub(crate) fn of(place: &Word) -> Option<Self> {
        ATLAS.by_name.get(&place.folded).copied()
    }

    /// What being last heard of here and met there, so many days later (negative: earlier), says.
    pub(crate) fn journey(last_known: Self, met: Self, days: Option<i32>) -> Journey {
        let Some((from, to)) = ATLAS.place(last_known).zip(ATLAS.place(met)) else {
            return Journey::Unordered;
        };
        if last_known == met {
            return Journey::None;
        }
        let kilometres = kilometres(from, to);
        let ordered = days.map_or(Journey::Unordered, |days| {
            let (earlier, later) = if days < 0 { (met, last_known) } else { (last_known, met) };
            let reach = AT_ONCE + A_DAY * days.unsigned_abs() as f32;
            match (ATLAS.leads(earlier, later), ATLAS.leads(later, earlier)) {
                _ if kilometres > reach && !ATLAS.is_leg(last_known, met) => Journey::TooFar,
                (true, false) => Journey::InOrder,
                (false, true) => Journey::Backwards,
                _ => Journey::Unordered,
            }
        });
        if ordered == Journey::Unordered && kilometres <= NEAR { Journey::Near } else { ordered }
    }
}

impl Atlas {
    fn read(text: &str) -> Self {
        let mut atlas = Self { places: Vec::new(), by_name: HashMap::new(), legs: HashSet::new() };
        for line in text.lines() {
            if let Some(place) = line.strip_prefix("place ") {
                atlas.add(place);
            } else if let Some(way) = line.strip_prefix("way ") {
                let stops: Vec<Spot> = way.split(" > ").filter_map(|name| atlas.named(name)).collect();
                atlas.legs.extend(stops.iter().zip(stops.iter().skip(1)).map(|(from, to)| (*from, *to)));
            }
        }
        atlas.connect();
        atlas
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut parts = line.splitn(3, ' ');
        let mut degrees = || parts.next()?.parse::<f32>().ok().map(f32::to_radians);
        let ((north, north_cos), east) = (degrees().map(f32::sin_cos)?, degrees()?.sin_cos());
        let spot = Spot(u16::try_from(self.places.len()).ok()?);
        let names = parts.next()?.split(" | ").filter_map(place_word);
        self.by_name.extend(names.map(|word| (word.folded, spot)));
        self.places.push(Place { at: [north_cos * east.1, north_cos * east.0, north], beyond: Vec::new() });
        Some(())
    }

    fn named(&self, name: &str) -> Option<Spot> {
        self.by_name.get(&place_word(name)?.folded).copied()
    }

    /// Notes for every place all that are reached from it, over any number of legs.
    fn connect(&mut self) {
        let (count, mut next) = (self.places.len(), vec![Vec::new(); self.places.len()]);
        for (from, to) in &self.legs {
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

    fn is_leg(&self, one: Spot, other: Spot) -> bool {
        self.legs.contains(&(one, other)) || self.legs.contains(&(other, one))
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
    fn a_place_is_known_by_its_listed_names_in_any_script_and_by_no_other() {
        for (one, other) in [
            ("Agadez", "AGADES"),
            ("Lesvos", "Mytilini"),
            ("Przemysl", "Przemyśl"),
            ("Tripoli", "طرابلس"),
            ("Kassala", "ከሰላ"),
        ] {
            assert!(spot(one).is_some());
            assert_eq!(spot(one), spot(other), "{one} {other}");
        }
        for other in ["Khoms", "Les Cayes", "Kermanshah", "Man", "Nova Odessa", "Passau"] {
            assert_eq!(spot(other), None, "{other} is none of the places it resembles");
        }
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
        assert_eq!(journey("Lajas Blancas", "Capurganá", 3), Journey::Backwards, "close, but a week on foot");
        assert_eq!(journey("Lesvos", "Tapachula", 300), Journey::Unordered);
        assert_eq!(journey("Quito", "Lima", 30), Journey::Unordered, "people travel both ways");
        assert_eq!(
            journey("Necoclí", "Tapachula", None),
            Journey::Unordered,
            "on an unknown day nothing comes first"
        );
        assert_eq!(journey("Crete", "Crete", 1), Journey::None);
        assert_eq!(journey("El Paso", "Nogales", 1), Journey::Unordered);
    }

    #[test]
    fn neighbours_of_which_neither_comes_first_are_near() {
        assert_eq!(journey("Samos", "Bodrum", None), Journey::Unordered);
        assert_eq!(journey("Kos", "Leros", 1), Journey::Near);
        assert_eq!(journey("Kos", "Leros", None), Journey::Near);
    }

    #[test]
    fn nobody_crosses_an_ocean_in_two_days_but_by_air() {
        assert_eq!(journey("Tripoli", "Tapachula", 2), Journey::TooFar);
        assert_eq!(journey("Tripoli", "Tapachula", -2), Journey::TooFar);
        assert_eq!(journey("Agadez", "Calais", 1), Journey::TooFar);
        assert_eq!(journey("Tripoli", "Tapachula", 60), Journey::Unordered);
        assert_eq!(journey("Tripoli", "Tapachula", None), Journey::Unordered);
        assert_eq!(journey("Dhaka", "Dubai", 1), Journey::InOrder, "a listed leg");
        assert_eq!(journey("Tripoli", "Zuwara", 0), Journey::InOrder);
    }

    #[test]
    fn kilometres_are_those_of_the_globe() {
        let [from, to] = ["Tripoli", "London"].map(|name| ATLAS.place(spot(name).unwrap()).unwrap());
        let measured = kilometres(from, to);
        assert!((2_300.0..2_400.0).contains(&measured), "{measured}");
    }
}
