//! A corpus: invented people of the migration routes, what service points wrote down about them, whom their
//! families ask for, and the truth about who is whom.
//!
//! ```text
//! household ─► people ─► contacts (none, one or several each, misheard, misspelt, incomplete)
//!                   └──► requests (as remembered) ─► truth: request, contact; or nobody to find
//! ```
//!
//! The same seed and sizes give the same bytes on every machine. A corpus is made in parts of at most
//! [`PART`] contacts, so millions stream in bounded memory; a household never spans two parts, and inside a part
//! the contacts of a household stand in random places.
//!
//! Nobody here is or was a real person. What the corpus does not model is written in the README of this crate.

mod family;
mod names;
mod record;
mod rng;
mod spelling;
mod write;

pub use family::{Person, Sex};
pub use names::{Community, Name};
pub use record::{ContactRow, RequestRow};
pub use rng::Rng;
pub use write::write_csv;

/// Contacts (and requests) in one part of a streamed corpus, at most.
pub const PART: usize = 32_768;

/// A request and a contact that are the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    pub request_id: String,
    pub contact_id: String,
}

/// The name culture of a request: for reporting by group, never a feature of matching.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub request_id: String,
    pub group: &'static str,
}

/// A population with its records, or one part of it.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Everybody, also those never recorded and never sought.
    pub people: Vec<Person>,
    pub contacts: Vec<ContactRow>,
    pub requests: Vec<RequestRow>,
    /// By request, then by contact.
    pub truth: Vec<Truth>,
    /// One per request.
    pub groups: Vec<Group>,
}

impl Corpus {
    /// The whole corpus in memory (about 2.5 kB a contact). For more than a few hundred thousand take [`Self::parts`].
    #[must_use]
    pub fn generate(seed: u64, contacts: usize, requests: usize) -> Self {
        let mut whole = Self::default();
        for part in Self::parts(seed, contacts, requests) {
            whole.people.extend(part.people);
            whole.contacts.extend(part.contacts);
            whole.requests.extend(part.requests);
            whole.truth.extend(part.truth);
            whole.groups.extend(part.groups);
        }
        whole
    }

    /// The same corpus as [`Self::generate`], part by part.
    pub fn parts(seed: u64, contacts: usize, requests: usize) -> impl Iterator<Item = Self> {
        let count = contacts.max(requests).div_ceil(PART);
        (0..count).map(move |index| {
            let share = |total: usize| (total * index / count)..(total * (index + 1) / count);
            Part::new(seed, index as u64).fill(share(contacts), share(requests))
        })
    }
}

/// Separate streams of chance, so that asking for more requests leaves the contacts as they are.
#[derive(Clone, Copy)]
enum Stream {
    Household,
    Contacts,
    Order,
    Contact,
    Requests,
    Request,
    Unrecorded,
}

struct Part {
    seed: u64,
    index: u64,
    corpus: Corpus,
    /// For each person, the places of their contacts in `corpus.contacts`.
    recorded: Vec<Vec<usize>>,
    /// First person and size of each household that has a contact.
    households: Vec<(usize, usize)>,
}

impl Part {
    fn new(seed: u64, index: u64) -> Self {
        Self { seed, index, corpus: Corpus::default(), recorded: Vec::new(), households: Vec::new() }
    }

    fn chance(&self, stream: Stream, item: u64) -> Rng {
        Rng::of(self.seed, &[self.index, stream as u64, item])
    }

    fn fill(mut self, contacts: std::ops::Range<usize>, requests: std::ops::Range<usize>) -> Corpus {
        self.fill_contacts(contacts);
        self.fill_requests(requests);
        self.corpus
    }

    fn settle(&mut self, stream: Stream, number: u64) -> (usize, usize) {
        let first = self.corpus.people.len();
        let household = self.index << 32 | number << 1 | u64::from(matches!(stream, Stream::Unrecorded));
        let people =
            family::household(household, self.index << 32 | first as u64, &mut self.chance(stream, number));
        let size = people.len();
        self.corpus.people.extend(people);
        self.recorded.resize(first + size, Vec::new());
        (first, size)
    }

    fn fill_contacts(&mut self, range: std::ops::Range<usize>) {
        let mut owners = Vec::with_capacity(range.len());
        let mut number = 0;
        while owners.len() < range.len() {
            let (first, size) = self.settle(Stream::Household, number);
            let mut rng = self.chance(Stream::Contacts, number);
            let before = owners.len();
            for person in first..first + size {
                let times = rng.weighted(&[300, 470, 155, 50, 25]);
                owners.extend(std::iter::repeat_n(person, times));
            }
            owners.truncate(range.len());
            if owners.len() > before {
                self.households.push((first, size));
            }
            number += 1;
        }
        self.chance(Stream::Order, 0).shuffle(&mut owners);
        for (place, owner) in owners.into_iter().enumerate() {
            let mut rng = self.chance(Stream::Contact, place as u64);
            if let (Some(person), Some(own)) = (self.corpus.people.get(owner), self.recorded.get_mut(owner)) {
                let id = format!("C{:07}", range.start + place);
                self.corpus.contacts.push(ContactRow::write(id, person, &mut rng));
                own.push(place);
            }
        }
    }

    /// Two thirds ask for somebody who was recorded. The others have nobody to find: a brother or sister of
    /// recorded people, or a family no service point ever saw.
    fn fill_requests(&mut self, range: std::ops::Range<usize>) {
        let mut rng = self.chance(Stream::Requests, 0);
        let mut order = self.households.clone();
        rng.shuffle(&mut order);
        let mut families = order.iter().cycle();
        let mut unrecorded = 0;
        let mut written = 0;
        while written < range.len() {
            let found = !order.is_empty() && rng.chance(630);
            let near = !found && !order.is_empty() && rng.chance(400);
            let (first, size) = match families.next() {
                Some(&family) if found || near => family,
                _ => {
                    unrecorded += 1;
                    self.settle(Stream::Unrecorded, unrecorded)
                }
            };
            let has_contact = |person: &usize| self.recorded.get(*person).is_some_and(|own| !own.is_empty());
            let mut sought: Vec<usize> =
                (first..first + size).filter(|one| has_contact(one) == found).collect();
            if !rng.chance(200) {
                let one = rng.below(sought.len());
                sought = sought.get(one).copied().into_iter().collect();
            }
            for person in sought.into_iter().take(range.len() - written) {
                self.ask(range.start + written, person);
                written += 1;
            }
        }
    }

    fn ask(&mut self, number: usize, person: usize) {
        let mut rng = self.chance(Stream::Request, number as u64);
        let (Some(sought), Some(own)) = (self.corpus.people.get(person), self.recorded.get(person)) else {
            return;
        };
        let request_id = format!("R{number:06}");
        for &place in own {
            if let Some(contact) = self.corpus.contacts.get(place) {
                let truth = Truth { request_id: request_id.clone(), contact_id: contact.contact_id.clone() };
                self.corpus.truth.push(truth);
            }
        }
        self.corpus.groups.push(Group { request_id: request_id.clone(), group: sought.community.group() });
        self.corpus.requests.push(RequestRow::write(request_id, sought, &mut rng));
    }
}

#[cfg(test)]
mod tests;
