//! Links what a family remembers of a relative to what a service point wrote down.
