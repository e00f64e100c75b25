//! Tracing requests: one enquirer looks for several sought persons.
