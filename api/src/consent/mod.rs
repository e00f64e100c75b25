//! Consent: what a person allowed, to whom, in which words, for how long. Kinds are kept apart:
//! agreeing to a service is not agreeing to be searched for.
