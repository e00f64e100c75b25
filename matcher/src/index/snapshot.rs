//! The state of an index as bytes, so that a start need not open and fold everybody again. The bytes name people:
//! whoever stores them seals them first.
//!
//! ```text
//!  "relink-index" · format (u32)
//!  words of names, words of places:   count (u32), each: length (u8), letters, unwritten vowels (u8)
//!  requests, contacts:                count (u32), each: key (u128), entry (28 bytes), words, phones, relatives
//! ```
//!
//! Numbers are little-endian. What can be worked out from these (sounds, keys, lists, bearers) is worked out again.

use std::io::{self, Read, Write};
use std::sync::Arc;

use super::entry::{Borne, Entry};
use super::shelf::Extra;
use super::{Index, RecordKey};
use crate::fold::{Folded, LETTER_LIMIT};
use crate::person::{Roles, WORD_LIMIT, Word};
use crate::vocabulary::{Vocabulary, WordId};
use crate::{Model, Side};

const MAGIC: &[u8; 12] = b"relink-index";
/// Raised whenever the layout changes, or folding gives other words than before.
const FORMAT: u32 = 1;
/// Telephone numbers or relatives a record can have: their number stands in one byte.
const LIST_LIMIT: usize = 255;

/// Why bytes were not taken for an index. Nothing of them is kept.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The bytes could not be read, or end too early.
    #[error("the snapshot cannot be read: {0}")]
    Read(#[from] io::Error),
    /// Another format, of an older or newer program: build the index from the profiles.
    #[error("the snapshot has another format than this program reads")]
    Format,
    /// The bytes are no snapshot, or were changed.
    #[error("the snapshot contradicts itself: {0}")]
    Damaged(&'static str),
}

impl Index {
    /// Writes everything the index holds. The bytes are as confidential as the profiles.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write_snapshot(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(MAGIC)?;
        out.write_all(&FORMAT.to_le_bytes())?;
        write_words(&self.population.names, out)?;
        write_words(&self.population.places, out)?;
        for side in [Side::Requests, Side::Contacts] {
            let shelf = self.shelf(side);
            out.write_all(&length(shelf.len()).to_le_bytes())?;
            for (slot, key, entry) in shelf.records() {
                out.write_all(&key.0.to_le_bytes())?;
                out.write_all(&entry.to_bytes())?;
                write_list(shelf.words(entry).iter().map(|word| word.to_number().to_le_bytes()), out)?;
                let (phones, relatives) =
                    shelf.extra(slot).map_or((&[][..], &[][..]), |extra| (&extra.phones, &extra.relatives));
                write_list(phones.iter().map(|phone| phone.to_le_bytes()), out)?;
                write_list(relatives.iter().map(|word| word.0.to_le_bytes()), out)?;
            }
        }
        Ok(())
    }

    /// Reads what [`Index::write_snapshot`] wrote. Searches find exactly what they found before.
    ///
    /// # Errors
    /// [`SnapshotError`], also for bytes nobody wrote.
    pub fn read_snapshot(model: Arc<Model>, from: &mut impl Read) -> Result<Self, SnapshotError> {
        let magic: [u8; MAGIC.len()] = read(from)?;
        if magic != *MAGIC {
            return Err(SnapshotError::Damaged("it does not begin like one"));
        }
        if u32::from_le_bytes(read(from)?) != FORMAT {
            return Err(SnapshotError::Format);
        }
        let mut index = Self::new(model);
        read_words(&mut index.population.names, from)?;
        read_words(&mut index.population.places, from)?;
        for side in [Side::Requests, Side::Contacts] {
            for _ in 0..u32::from_le_bytes(read(from)?) {
                index.read_record(side, from)?;
            }
        }
        index.settle();
        Ok(index)
    }

    fn read_record(&mut self, side: Side, from: &mut impl Read) -> Result<(), SnapshotError> {
        let key = RecordKey(u128::from_le_bytes(read(from)?));
        if self.contains(side, key) {
            return Err(SnapshotError::Damaged("a record comes twice"));
        }
        let entry = Entry::from_bytes(&read(from)?);
        let entry = entry.ok_or(SnapshotError::Damaged("an entry states what none can"))?;
        for place in entry.origins().chain(entry.station()) {
            known(&self.population.places, place.0)?;
        }
        let names = &self.population.names;
        let words = read_list(from, WORD_LIMIT)?.into_iter().map(|number| {
            let word = Borne::from_number(u32::from_le_bytes(number));
            known(names, word.id().0).map(|_| word)
        });
        let words = words.collect::<Result<Vec<_>, _>>()?;
        let phones = read_list(from, LIST_LIMIT)?.into_iter().map(u64::from_le_bytes).collect();
        let relatives = read_list(from, LIST_LIMIT)?.into_iter();
        let relatives =
            relatives.map(|number| known(names, u32::from_le_bytes(number))).collect::<Result<_, _>>()?;
        self.put_entry(side, key, entry, &words, Extra { phones, relatives });
        Ok(())
    }
}

fn known(vocabulary: &Vocabulary, number: u32) -> Result<WordId, SnapshotError> {
    if (number as usize) < vocabulary.len() {
        Ok(WordId(number))
    } else {
        Err(SnapshotError::Damaged("a record bears a word that is not there"))
    }
}

fn length(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn write_words(vocabulary: &Vocabulary, out: &mut impl Write) -> io::Result<()> {
    out.write_all(&length(vocabulary.len()).to_le_bytes())?;
    for (text, abjad) in vocabulary.words() {
        write_list(text.bytes().map(|letter| [letter]), out)?;
        out.write_all(&[u8::from(abjad)])?;
    }
    Ok(())
}

fn read_words(vocabulary: &mut Vocabulary, from: &mut impl Read) -> Result<(), SnapshotError> {
    for number in 0..u32::from_le_bytes(read(from)?) {
        let letters: Vec<[u8; 1]> = read_list(from, LETTER_LIMIT)?;
        let text: String = letters.iter().flatten().copied().map(char::from).collect();
        let [abjad] = read(from)?;
        if text.is_empty() || !text.bytes().all(|letter| letter.is_ascii_lowercase()) || abjad > 1 {
            return Err(SnapshotError::Damaged("a word that folding never gives"));
        }
        let word = Word::new(Folded { text, abjad: abjad == 1 }, Roles::default());
        if vocabulary.add(&word) != WordId(number) {
            return Err(SnapshotError::Damaged("a word comes twice"));
        }
    }
    Ok(())
}

/// A list of at most 255 numbers after its length.
fn write_list<const N: usize>(
    numbers: impl ExactSizeIterator<Item = [u8; N]>,
    out: &mut impl Write,
) -> io::Result<()> {
    out.write_all(&[u8::try_from(numbers.len()).unwrap_or(u8::MAX)])?;
    numbers.take(LIST_LIMIT).try_for_each(|number| out.write_all(&number))
}

fn read_list<const N: usize>(from: &mut impl Read, most: usize) -> Result<Vec<[u8; N]>, SnapshotError> {
    let [count] = read(from)?;
    if usize::from(count) > most {
        return Err(SnapshotError::Damaged("a list is longer than any can be"));
    }
    (0..count).map(|_| read(from)).collect()
}

fn read<const N: usize>(from: &mut impl Read) -> Result<[u8; N], SnapshotError> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}
