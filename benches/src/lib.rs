//! Seeded corpora of invented people.
