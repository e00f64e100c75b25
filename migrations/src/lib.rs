//! The database schema in both dialects, and the one connection type that speaks to either.
