//! The way to the database: a pool, reads and writes off the async threads, and a queue that is bounded so that a slow
//! disk answers "later" instead of stalling everybody.

mod changes;
mod errors;
mod pool;
mod rows;
mod wiping;

pub use changes::{ChangeKind, Changes, note_change, note_changes};
pub use errors::DbError;
pub use migrations::db::AnyConnection as Conn;
pub use migrations::on_backend;
pub use migrations::schema;
pub use migrations::sealed::Sealed;
pub use pool::Db;
pub use rows::ROWS;
pub(crate) use rows::insert_rows;
