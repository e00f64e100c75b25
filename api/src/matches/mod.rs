//! Finding and deciding matches. A *candidate* is a scored pair of a sought person and a contact; a *match* is
//! a candidate that a second person confirmed.
