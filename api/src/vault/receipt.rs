//! The proof that an audit leaf is durable.

use std::collections::BTreeSet;

use super::Owner;
use crate::policy::{Class, ClassSet};

/// Whose values a receipt opens.
#[derive(Clone, Debug)]
pub(super) enum Subjects {
    These(BTreeSet<Owner>),
    /// The match index at the start: one leaf says how many.
    All,
}

/// Proof that the log holds a leaf naming these owners and classes. Only the audit log makes one.
#[derive(Debug)]
pub struct Receipt {
    pub(super) subjects: Subjects,
    pub(super) classes: ClassSet,
    leaf: u64,
}

impl Receipt {
    pub fn covers(&self, owner: Owner, class: Class) -> bool {
        self.classes.contains(class)
            && match &self.subjects {
                Subjects::These(owners) => owners.contains(&owner),
                Subjects::All => true,
            }
    }

    /// The classes that the grant and the leaf both name: what is outside is shown as hidden, not as empty.
    pub fn opens(&self, class: Class) -> bool {
        self.classes.contains(class)
    }

    /// The number of the leaf.
    pub fn leaf(&self) -> u64 {
        self.leaf
    }
}

/// Makes receipts. There is one for each vault, and the audit log holds it.
pub struct ReceiptPress(());

impl ReceiptPress {
    pub(super) fn new() -> Self {
        Self(())
    }

    /// For named owners.
    pub fn print(&self, leaf: u64, owners: impl IntoIterator<Item = Owner>, classes: ClassSet) -> Receipt {
        Receipt { subjects: Subjects::These(owners.into_iter().collect()), classes, leaf }
    }

    /// For the match profiles of everybody, and nothing else of them.
    pub fn print_for_index(&self, leaf: u64) -> Receipt {
        Receipt { subjects: Subjects::All, classes: ClassSet::of(&[Class::Match]), leaf }
    }
}
