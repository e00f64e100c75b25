//! Which records are worth comparing: those that share keys, the rarer the better.
//!
//! A record has many keys, so that any one slip leaves some whole: each value as it stands, names and addresses without
//! regard to their place, the sound of a name, a date without its year, the digits of a code without their order.

use std::hash::{DefaultHasher, Hash, Hasher};

use hashbrown::HashMap;

use super::Record;
use super::ladder::{FIELDS, Value};

/// Candidates of a record that are compared.
const COMPARED: usize = 12;
/// A key that more than one record in this many bears leads to nobody in particular.
const TOO_COMMON: usize = 25;

/// For every record of `a`, the records of `b` that share its rarest keys, in the order of `b`.
pub(super) fn candidates(a: &[Record], b: &[Record]) -> Vec<Vec<usize>> {
    let mut bearing: HashMap<u64, Vec<u32>> = HashMap::new();
    let mut keys = Vec::new();
    for (record, at) in b.iter().zip(0u32..) {
        for field in 0..FIELDS {
            keys_of(record, field, &mut keys);
            keys.iter().for_each(|key| bearing.entry(*key).or_default().push(at));
        }
    }
    let most = b.len() / TOO_COMMON;
    let mut tally = Tally { bits: vec![0.0; b.len()], field: vec![0; b.len()], touched: Vec::new() };
    let of_record = |record: &Record| {
        for field in 0..FIELDS {
            keys_of(record, field, &mut keys);
            let shared = keys.iter().filter_map(|key| bearing.get(key)).filter(|list| list.len() <= most);
            let mut lists: Vec<&Vec<u32>> = shared.collect();
            lists.sort_by_key(|list| list.len());
            for list in lists {
                tally.add(list, field as u8 + 1, (b.len() as f32 / list.len() as f32).log2());
            }
        }
        tally.heaviest()
    };
    a.iter().map(of_record).collect()
}

/// Bits of the records of one side, each field of the other counting once, its rarest key first.
struct Tally {
    bits: Vec<f32>,
    field: Vec<u8>,
    touched: Vec<u32>,
}

impl Tally {
    fn add(&mut self, bearing: &[u32], field: u8, bits: f32) {
        for record in bearing {
            let at = *record as usize;
            if let (Some(sum), Some(last)) = (self.bits.get_mut(at), self.field.get_mut(at))
                && *last != field
            {
                if *last == 0 {
                    self.touched.push(*record);
                }
                *last = field;
                *sum += bits;
            }
        }
    }

    /// The records with most bits; everything is forgotten.
    fn heaviest(&mut self) -> Vec<usize> {
        let (bits, field) = (&mut self.bits, &mut self.field);
        let take = |record: u32| {
            let at = record as usize;
            field.get_mut(at).into_iter().for_each(|last| *last = 0);
            (bits.get_mut(at).map_or(0.0, std::mem::take), at)
        };
        let mut weighed: Vec<(f32, usize)> = self.touched.drain(..).map(take).collect();
        if weighed.len() > COMPARED {
            weighed.select_nth_unstable_by(COMPARED, |x, y| y.0.total_cmp(&x.0).then(x.1.cmp(&y.1)));
            weighed.truncate(COMPARED);
        }
        let mut records: Vec<usize> = weighed.into_iter().map(|(_, at)| at).collect();
        records.sort_unstable();
        records
    }
}

/// The keys of a field.
fn keys_of(record: &Record, field: usize, keys: &mut Vec<u64>) {
    keys.clear();
    let Some(Some(Value { text, sound, .. })) = record.values.get(field) else { return };
    if let Some(sound) = sound {
        keys.append(&mut sound.keys());
    }
    keys.push(key(class(field), text));
    if text.bytes().all(|letter| letter.is_ascii_digit()) {
        let mut digits: Vec<u8> = text.bytes().collect();
        digits.sort_unstable();
        keys.push(key("digits", &digits));
        if let Some(day) = text.get(4..).filter(|_| text.len() == 8) {
            keys.push(key("day", day));
        }
    }
    keys.sort_unstable();
    keys.dedup();
}

/// Fields whose values wander from one to the other share their keys.
fn class(field: usize) -> &'static str {
    match super::COLUMNS.get(field) {
        Some(&("given_name" | "surname")) => "name",
        Some(&("address_1" | "address_2")) => "address",
        Some(column) => column,
        None => "",
    }
}

fn key(class: &str, value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (class, value).hash(&mut hasher);
    hasher.finish()
}
