//! One row's place in the vault.

use std::sync::atomic::Ordering;

use super::{Field, Holds, OwnerKey, Receipt, Sealed, SealedValue, Secret, Vault, VaultError};

/// Seals and opens the values of one row in one version, under its owner's key.
pub struct Seat<'a> {
    vault: &'a Vault,
    key: &'a OwnerKey,
    row: [u8; 16],
    version: i64,
}

/// The generation of data keys; a person's key is made once and shredded once.
const DATA_KEY_GENERATION: u32 = 1;

/// The version of a row that was just written.
const FIRST_VERSION: i64 = 1;

impl<'a> Seat<'a> {
    pub(super) fn new(vault: &'a Vault, key: &'a OwnerKey, row: [u8; 16], version: i64) -> Self {
        Self { vault, key, row, version }
    }

    /// Every version has a place of its own, and what claims to come before the first one opens nowhere.
    fn place<F: Field>(&self, version: i64) -> crypto::Place<'static> {
        crypto::Place {
            society: self.key.society.bytes(),
            table: F::COLUMN.table,
            column: F::COLUMN.column,
            row: self.row,
            row_version: version.cast_unsigned(),
            key_version: DATA_KEY_GENERATION,
        }
    }

    pub fn seal<F: Holds>(&self, value: &F::Value) -> Sealed<F> {
        let plain = value.encode();
        let place = self.place::<F>(self.version);
        let bytes =
            self.vault.chance.with(|rng| crypto::seal(&self.key.key, &place, &plain, F::COLUMN.pad, rng));
        Sealed::from_bytes(bytes)
    }

    /// What was sealed in this place; stays inside the vault.
    fn plain<F: Field>(&self, sealed: &Sealed<F>) -> Result<Secret<Vec<u8>>, VaultError> {
        if self.version < FIRST_VERSION {
            return Err(VaultError::DoesNotOpen);
        }
        crypto::open(&self.key.key, &self.place::<F>(self.version), sealed.bytes())
            .map_err(|_| VaultError::DoesNotOpen)
    }

    /// # Errors
    /// The receipt names other owners or classes; or the bytes were moved, swapped, altered or are older.
    pub fn open<F: Holds>(
        &self,
        receipt: &Receipt,
        sealed: &Sealed<F>,
    ) -> Result<Secret<F::Value>, VaultError> {
        if !receipt.covers(self.key.owner, F::COLUMN.class) {
            return Err(VaultError::NotCovered);
        }
        self.vault.opened.fetch_add(1, Ordering::Relaxed);
        let plain = self.plain(sealed)?;
        F::Value::decode(plain.expose()).map(Secret::new).ok_or(VaultError::DoesNotOpen)
    }

    /// The value when the receipt covers its class, `None` when it is to be shown as hidden.
    ///
    /// # Errors
    /// As [`Seat::open`], except for a class that is not covered.
    pub fn show<F: Holds>(
        &self,
        receipt: &Receipt,
        sealed: &Sealed<F>,
    ) -> Result<Option<Secret<F::Value>>, VaultError> {
        if receipt.opens(F::COLUMN.class) { self.open(receipt, sealed).map(Some) } else { Ok(None) }
    }

    /// Seals an unchanged value again for the row's next version. Nothing leaves the vault, so no receipt is needed.
    ///
    /// # Errors
    /// The bytes do not open in this place, or the next version is not a later one.
    pub fn carry<F: Field>(&self, sealed: &Sealed<F>, next: i64) -> Result<Sealed<F>, VaultError> {
        let plain = self.plain(sealed)?;
        if next <= self.version {
            return Err(VaultError::DoesNotOpen);
        }
        let place = self.place::<F>(next);
        let bytes = self
            .vault
            .chance
            .with(|rng| crypto::seal(&self.key.key, &place, plain.expose(), F::COLUMN.pad, rng));
        Ok(Sealed::from_bytes(bytes))
    }
}
