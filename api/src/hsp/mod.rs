//! The register: societies' Humanitarian Service Points, their sites, status history and services, and the
//! routes that join them across societies.
