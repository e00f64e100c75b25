//! The service.
pub mod config;
pub mod db;
pub mod kernel;
pub mod policy;
pub mod vault;
