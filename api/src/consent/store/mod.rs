//! The rows of consent: appended, never changed. The newest revision of a kind counts.

mod answers;
mod held;
mod history;
mod lapse;
mod standing;
mod texts;

pub use answers::{Append, ReadyAnswer, Words, insert, seal, write};
pub use held::{Restricted, held_up};
pub use history::{AnswerAt, History, history, newest, views};
pub use lapse::{WaitingRow, answers_let_go, end_unsuited_yeses, let_go, said_last, waiting};
pub use standing::{Current, agreed, allowed, current, expired_between, lets_be_found, limits, searchable};
pub use texts::{TextRow, insert_text, newest_words, seed_texts, texts};

use crate::db::DbError;

/// A stored code that no list knows is damage, not input.
fn code<T>(parsed: Option<T>) -> Result<T, DbError> {
    parsed.ok_or(DbError::Broken("consent code"))
}
