//! JSON for people, their contacts and their consents.
