//! The words everything else is written in: ids, time, chance, dates that may be partial, errors, limits. Imports
//! nothing of ours.

mod chance;
mod clock;
mod codes;
mod country;
mod error;
mod ids;
mod page;
mod partial_date;
mod text;
mod wrong;

pub use chance::Chance;
pub use clock::{Clock, Day, FixedClock, SystemClock, Timestamp};
pub(crate) use codes::codes;
pub use country::Country;
pub use error::{ApiError, Budget, FieldProblem, IncidentId, Invalid, RULED_OUT, invalid};
pub use ids::*;
pub use page::{MAX_PAGE, Page, PageRequest};
pub use partial_date::PartialDate;
pub use text::{BoundedText, Text, clean, digit};
pub use wrong::{Fault, Wrong};
