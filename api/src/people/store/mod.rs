//! The rows of people and contacts, and who reaches them.

mod contacts;
mod erase;
mod index;
mod people;
mod reach;
mod sealing;

pub use contacts::{
    At, ContactRow, Known, contact, contacts_of, contacts_page, groups_of, put_contact, services_of,
};
pub use erase::erase_rows;
pub use index::{IndexEntry, IndexPage, index_state, open_profile, profiles_for_index, profiles_of};
pub use people::{Entry, PersonRow, find, insert, of_record, page, rewrite};
pub use reach::{assign, team, unassign};
pub use sealing::{carry, digest, open_all, overlay, seal};
