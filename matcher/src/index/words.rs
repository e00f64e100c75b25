//! What words add to a record's weight, worked out once for a query: a few look-ups a word of the record.

use super::entry::Borne;
use super::probe::Links;
use super::search::Query;
use crate::likeness::{Likeness, NEAR_RUNGS};
use crate::rung::{NameField, Rung};

/// The least a near word adds, however common.
const LEAST_BITS: f32 = 0.25;

/// Bits of every word of a query by how near a record's word is. The part of the name is left open: every word weighs
/// what a family name would.
pub(super) struct WordBits<'a> {
    links: &'a Links,
    bits: Vec<[f32; NEAR_RUNGS]>,
    /// The most that each word of the query has found in the record at hand.
    most: Vec<f32>,
}

impl<'a> WordBits<'a> {
    pub(super) fn of(query: &'a Query<'_>) -> Self {
        let region = query.person.facts.region;
        let model = &query.index.model;
        let bits: Vec<_> = query
            .names
            .iter()
            .map(|probe| {
                let mut bits = [0.0; NEAR_RUNGS];
                for (number, bits) in (0u32..).zip(&mut bits) {
                    let likeness = Likeness::from_number(number);
                    let rung = Rung::name(NameField::Family, likeness);
                    *bits = model.bits(rung, probe.rarity.bits(region, likeness)).max(LEAST_BITS);
                }
                bits
            })
            .collect();
        Self { links: &query.name_links, most: vec![0.0; bits.len()], bits }
    }

    /// Bits of a word that near the query's word of this number, in the query's order.
    pub(super) fn of_near(&self, probe: usize, likeness: Likeness) -> f32 {
        self.bits.get(probe).and_then(|bits| bits.get(likeness as usize)).copied().unwrap_or(LEAST_BITS)
    }

    /// Bits of all words of a record: of each word of the query the nearest.
    pub(super) fn of_record(&mut self, words: &[Borne]) -> f32 {
        self.most.fill(0.0);
        for word in words {
            for (probe, likeness) in self.links.to(word.id()) {
                let bits = self.of_near(usize::from(probe), likeness);
                if let Some(most) = self.most.get_mut(usize::from(probe)) {
                    *most = most.max(bits);
                }
            }
        }
        self.most.iter().sum()
    }
}
