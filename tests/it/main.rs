//! One integration binary: stories told in roles, one file a feature, on both databases.

mod vault;
