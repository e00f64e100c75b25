//! How common names, places and nationalities are among the people met, overall and by region of naming.
//!
//! Only contacts are counted: they are the population a sought person is looked for in. Both directions of a search
//! use these counts, so a pair scores alike from either.

use hashbrown::HashMap;

use crate::Country;
use crate::atlas::Spot;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::model::Numbers;
use crate::person::{Facts, Word};
use crate::region::{REGIONS, Region};
use crate::vocabulary::{Bearers, Sums, Vocabulary, WordId};

/// The people met, counted.
#[derive(Default)]
pub(crate) struct Population {
    pub(crate) names: Vocabulary,
    pub(crate) places: Vocabulary,
    people: Bearers,
    nationals: HashMap<Country, u32>,
    /// Places where people were met or last heard of, and whether they are listed.
    spots: HashMap<WordId, Option<Spot>>,
}

/// Surprisal in bits of coming as close as each rung by accident, by region.
#[derive(Clone, Debug)]
pub(crate) struct Rarity([[f32; NEAR_RUNGS]; REGIONS]);

impl Rarity {
    /// Surprisal of a likeness within a region.
    pub(crate) fn bits(&self, region: Region, likeness: Likeness) -> f32 {
        let rungs = self.0.get(region.number());
        let at = match likeness {
            Likeness::Joined => Likeness::Same as usize,
            Likeness::Initial => return 0.0,
            near => near as usize,
        };
        rungs.and_then(|rungs| rungs.get(at)).copied().unwrap_or(0.0)
    }
}

impl Population {
    /// Everybody counted.
    pub(crate) fn size(&self) -> u32 {
        self.people.iter().sum()
    }

    /// Notes a word of [`Self::places`] where somebody was met or last heard of.
    pub(crate) fn note_station(&mut self, place: WordId) {
        let places = &self.places;
        self.spots.entry(place).or_insert_with(|| Spot::of(&places.word(place)?));
    }

    /// The listed place behind a word that was noted.
    pub(crate) fn spot(&self, place: WordId) -> Option<Spot> {
        self.spots.get(&place).copied().flatten()
    }

    /// Counts a person in (`true`) or out.
    pub(crate) fn count(&mut self, facts: &Facts, names: &[WordId], places: &[WordId], more: bool) {
        let step = |count: &mut u32| *count = if more { *count + 1 } else { count.saturating_sub(1) };
        if let Some(people) = self.people.get_mut(facts.region.number()) {
            step(people);
        }
        for country in facts.nationalities.iter().flatten() {
            step(self.nationals.entry(*country).or_default());
        }
        names.iter().for_each(|id| self.names.count(*id, facts.region, more));
        places.iter().for_each(|id| self.places.count(*id, facts.region, more));
    }

    /// How rare a word and its neighbours are.
    pub(crate) fn rarity(&self, numbers: &Numbers, bearers: &Sums) -> Rarity {
        let mut rarity = Rarity([[0.0; NEAR_RUNGS]; REGIONS]);
        for (rung, by_region) in bearers.iter().enumerate() {
            let overall = self.overall(numbers, by_region);
            for region in Region::all() {
                if let Some(place) = rarity.0.get_mut(region.number()).and_then(|rungs| rungs.get_mut(rung)) {
                    *place = self.surprisal_beside(overall, numbers, by_region, region);
                }
            }
        }
        rarity
    }

    /// Surprisal in bits of somebody of a region being one of so many.
    pub(crate) fn surprisal(&self, numbers: &Numbers, bearers: &Bearers, region: Region) -> f32 {
        self.surprisal_beside(self.overall(numbers, bearers), numbers, bearers, region)
    }

    /// Which share of everybody bears a name, drawn towards what a name nobody has counted is taken to have.
    fn overall(&self, numbers: &Numbers, bearers: &Bearers) -> f32 {
        let all: u32 = bearers.iter().sum();
        (all as f32 + numbers.prior_people * numbers.prior_frequency)
            / (self.size() as f32 + numbers.prior_people)
    }

    /// The same with the share of everybody at hand, towards which a region with few people is drawn.
    fn surprisal_beside(&self, overall: f32, numbers: &Numbers, bearers: &Bearers, region: Region) -> f32 {
        let people = self.people.get(region.number()).copied().unwrap_or(0) as f32;
        let borne = bearers.get(region.number()).copied().unwrap_or(0) as f32;
        let shrink = numbers.region_shrinkage;
        let share = match region {
            Region::UNKNOWN => overall,
            _ => (borne + shrink * overall) / (people + shrink),
        };
        -share.clamp(1e-9, 1.0).log2()
    }

    /// How rare a name is, known or not.
    pub(crate) fn rarity_of_name(&self, numbers: &Numbers, word: &Word) -> Rarity {
        Self::rarity_in(self, &self.names, numbers, word)
    }

    /// How rare a place of origin is, known or not.
    pub(crate) fn rarity_of_place(&self, numbers: &Numbers, word: &Word) -> Rarity {
        Self::rarity_in(self, &self.places, numbers, word)
    }

    fn rarity_in(&self, vocabulary: &Vocabulary, numbers: &Numbers, word: &Word) -> Rarity {
        let known = vocabulary.find(&word.folded);
        let (_, bearers) = known.map_or_else(|| vocabulary.unknown(word), |id| vocabulary.known(id));
        self.rarity(numbers, &bearers)
    }

    /// Surprisal of a nationality, in bits.
    pub(crate) fn rarity_of_nationality(&self, country: Country) -> f32 {
        let known = self.nationals.get(&country).copied().unwrap_or(0) as f32;
        -((known + 1.0) / (self.size() as f32 + 30.0)).min(1.0).log2()
    }

    /// Bytes held, from capacities.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.names.memory_bytes()
            + self.places.memory_bytes()
            + (self.nationals.capacity() + self.spots.capacity()) * 8
    }
}
