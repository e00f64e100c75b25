//! Accounts as people and programs meet them: signing in and out, enrolling, the code of conduct, the own sessions; and
//! for administrators the accounts of their society. What happens behind stands in [`crate::auth`].

mod model;
pub mod pages;
pub mod routes;

pub use model::SignInForm;
