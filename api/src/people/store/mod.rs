//! The rows of people and contacts, and who reaches them.

mod contacts;
mod erase;
mod index;
mod intake;
mod people;
mod reach;
mod released;
mod sealing;
mod team;

pub use contacts::{ContactRow, contact, contacts_of, contacts_page, groups_of, services_of};
pub use erase::{GoesWith, erase_rows, goes_with};
pub use index::{IndexEntry, IndexPage, index_state, open_profile, profiles_for_index, profiles_of};
pub use intake::{
    At, Known, ReadyContact, put_contact, put_profile, seal_contact, with_clues, write_contacts,
};
pub use people::{
    Entry, PersonRow, ReadyPerson, by_reference, colleagues, find, insert, not_hidden, note_person_change,
    of_record, page, rewrite, seal_new, write_new,
};
pub(in crate::people) use people::{hold, stale};
pub use reach::{assign, assign_people, is_hidden, set_team, team, unassign, unassign_people};
pub use released::find_released;
pub use sealing::{carry, digest, open_all, overlay, seal};
pub use team::{NamedAccount, colleagues_named, team_named};
