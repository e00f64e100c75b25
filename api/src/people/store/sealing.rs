//! A person's values into their row and out of it, column by column. A test walks every column both ways.

use zeroize::{Zeroize, Zeroizing};

use super::people::PersonRow;
use crate::kernel::PersonId;
use crate::people::model::{NewPerson, PersonField, SealedProfile, SexRecorded};
use crate::vault::*;

/// Seals everything for one version of a row. What the row says in clear is the caller's to fill.
pub fn seal(
    vault: &Vault,
    key: &OwnerKey,
    id: PersonId,
    version: i64,
    person: &NewPerson,
    profile: &SealedProfile,
) -> PersonRow {
    let seat = vault.seat(key, id.bytes(), version);
    PersonRow {
        id,
        society_id: key.society(),
        point_id: None,
        reference: String::new(),
        kind: String::new(),
        legal_basis: String::new(),
        restricted: false,
        retention_until: String::new(),
        created_at: 0,
        updated_at: 0,
        version,
        profile_version: version,
        given_names_sealed: seat.seal(&person.given_names),
        family_names_sealed: seat.seal(&person.family_names),
        full_name_sealed: seat.seal(&person.full_name),
        original_script_name_sealed: seat.seal(&person.original_script_name),
        other_names_sealed: seat.seal(&*json(&person.other_names)),
        father_name_sealed: seat.seal(&person.father_name),
        mother_name_sealed: seat.seal(&person.mother_name),
        grandfather_name_sealed: seat.seal(&person.grandfather_name),
        spouse_name_sealed: seat.seal(&person.spouse_name),
        sex_sealed: seat.seal(&*json(&SexRecorded(person.sex))),
        birth_sealed: seat.seal(&*json(&person.birth)),
        nationalities_sealed: seat.seal(&person.nationalities),
        languages_sealed: seat.seal(&person.languages),
        description_sealed: seat.seal(&person.description),
        origin_sealed: seat.seal(&*json(&person.origin)),
        phones_sealed: seat.seal(&person.phones),
        reach_sealed: seat.seal(&*json(&person.reach)),
        functioning_sealed: seat.seal(&*json(&person.functioning)),
        protection_sealed: seat.seal(&*json(&person.protection)),
        profile_sealed: seat.seal(profile),
    }
}

/// A copy for sealing, gone afterwards.
fn json<T: Zeroize + Clone>(value: &T) -> Zeroizing<Json<T>> {
    Zeroizing::new(Json(value.clone()))
}

/// The same values sealed for the next version of the row. Nothing leaves the vault.
///
/// # Errors
/// A value does not open in its place.
pub fn carry(vault: &Vault, key: &OwnerKey, row: &PersonRow) -> Result<PersonRow, VaultError> {
    let seat = vault.seat(key, row.id.bytes(), row.version);
    let next = row.version + 1;
    Ok(PersonRow {
        version: next,
        given_names_sealed: seat.carry(&row.given_names_sealed, next)?,
        family_names_sealed: seat.carry(&row.family_names_sealed, next)?,
        full_name_sealed: seat.carry(&row.full_name_sealed, next)?,
        original_script_name_sealed: seat.carry(&row.original_script_name_sealed, next)?,
        other_names_sealed: seat.carry(&row.other_names_sealed, next)?,
        father_name_sealed: seat.carry(&row.father_name_sealed, next)?,
        mother_name_sealed: seat.carry(&row.mother_name_sealed, next)?,
        grandfather_name_sealed: seat.carry(&row.grandfather_name_sealed, next)?,
        spouse_name_sealed: seat.carry(&row.spouse_name_sealed, next)?,
        sex_sealed: seat.carry(&row.sex_sealed, next)?,
        birth_sealed: seat.carry(&row.birth_sealed, next)?,
        nationalities_sealed: seat.carry(&row.nationalities_sealed, next)?,
        languages_sealed: seat.carry(&row.languages_sealed, next)?,
        description_sealed: seat.carry(&row.description_sealed, next)?,
        origin_sealed: seat.carry(&row.origin_sealed, next)?,
        phones_sealed: seat.carry(&row.phones_sealed, next)?,
        reach_sealed: seat.carry(&row.reach_sealed, next)?,
        functioning_sealed: seat.carry(&row.functioning_sealed, next)?,
        protection_sealed: seat.carry(&row.protection_sealed, next)?,
        profile_sealed: seat.carry(&row.profile_sealed, next)?,
        ..row.clone()
    })
}

/// Puts the named parts of one sealed row into another of the same id and version.
pub fn overlay(row: &mut PersonRow, from: PersonRow, parts: &[PersonField]) {
    for part in parts {
        match part {
            PersonField::GivenNames => row.given_names_sealed = from.given_names_sealed.clone(),
            PersonField::FamilyNames => row.family_names_sealed = from.family_names_sealed.clone(),
            PersonField::FullName => row.full_name_sealed = from.full_name_sealed.clone(),
            PersonField::OriginalScriptName => {
                row.original_script_name_sealed = from.original_script_name_sealed.clone();
            }
            PersonField::OtherNames => row.other_names_sealed = from.other_names_sealed.clone(),
            PersonField::FatherName => row.father_name_sealed = from.father_name_sealed.clone(),
            PersonField::MotherName => row.mother_name_sealed = from.mother_name_sealed.clone(),
            PersonField::GrandfatherName => {
                row.grandfather_name_sealed = from.grandfather_name_sealed.clone()
            }
            PersonField::SpouseName => row.spouse_name_sealed = from.spouse_name_sealed.clone(),
            PersonField::Sex => row.sex_sealed = from.sex_sealed.clone(),
            PersonField::Birth => row.birth_sealed = from.birth_sealed.clone(),
            PersonField::Nationalities => row.nationalities_sealed = from.nationalities_sealed.clone(),
            PersonField::Languages => row.languages_sealed = from.languages_sealed.clone(),
            PersonField::Description => row.description_sealed = from.description_sealed.clone(),
            PersonField::Origin => row.origin_sealed = from.origin_sealed.clone(),
            PersonField::Phones => row.phones_sealed = from.phones_sealed.clone(),
            PersonField::Reach => row.reach_sealed = from.reach_sealed.clone(),
            PersonField::Functioning => row.functioning_sealed = from.functioning_sealed.clone(),
            PersonField::Protection => row.protection_sealed = from.protection_sealed.clone(),
        }
    }
    row.profile_sealed = from.profile_sealed;
}

/// Everything the receipt opens; what it does not open stays empty here and must be shown as hidden.
///
/// # Errors
/// A value does not open in its place.
pub fn open_all(
    vault: &Vault,
    key: &OwnerKey,
    receipt: &Receipt,
    row: &PersonRow,
) -> Result<NewPerson, VaultError> {
    let open = Opening { seat: vault.seat(key, row.id.bytes(), row.version), receipt };
    let mut person = NewPerson::default();
    person.given_names = open.text(&row.given_names_sealed)?;
    person.family_names = open.text(&row.family_names_sealed)?;
    person.full_name = open.text(&row.full_name_sealed)?;
    person.original_script_name = open.text(&row.original_script_name_sealed)?;
    person.other_names = open.json(&row.other_names_sealed)?;
    person.father_name = open.text(&row.father_name_sealed)?;
    person.mother_name = open.text(&row.mother_name_sealed)?;
    person.grandfather_name = open.text(&row.grandfather_name_sealed)?;
    person.spouse_name = open.text(&row.spouse_name_sealed)?;
    person.sex = open.json(&row.sex_sealed)?.0;
    person.birth = open.json(&row.birth_sealed)?;
    person.nationalities = open.text(&row.nationalities_sealed)?;
    person.languages = open.text(&row.languages_sealed)?;
    person.description = open.text(&row.description_sealed)?;
    person.origin = open.json(&row.origin_sealed)?;
    person.phones = open.text(&row.phones_sealed)?;
    person.reach = open.json(&row.reach_sealed)?;
    person.functioning = open.json(&row.functioning_sealed)?;
    person.protection = open.json(&row.protection_sealed)?;
    Ok(person)
}

struct Opening<'a> {
    seat: Seat<'a>,
    receipt: &'a Receipt,
}

impl Opening<'_> {
    fn text<F: Holds>(&self, sealed: &Sealed<F>) -> Result<F::Value, VaultError>
    where
        F::Value: Clone + Default,
    {
        let opened = self.seat.show(self.receipt, sealed)?;
        Ok(opened.map(|secret| secret.expose().clone()).unwrap_or_default())
    }

    fn json<F, T>(&self, sealed: &Sealed<F>) -> Result<T, VaultError>
    where
        F: Holds<Value = Json<T>>,
        T: Clone + Default,
        Json<T>: SealedValue,
    {
        let opened = self.seat.show(self.receipt, sealed)?;
        Ok(opened.map(|secret| secret.expose().0.clone()).unwrap_or_default())
    }
}

/// SHA-256 over the row's ciphertexts, for the audit leaf of the deed that wrote them.
pub fn digest(row: &PersonRow) -> [u8; 32] {
    crypto::derive::sha256(&[
        row.given_names_sealed.bytes(),
        row.family_names_sealed.bytes(),
        row.full_name_sealed.bytes(),
        row.original_script_name_sealed.bytes(),
        row.other_names_sealed.bytes(),
        row.father_name_sealed.bytes(),
        row.mother_name_sealed.bytes(),
        row.grandfather_name_sealed.bytes(),
        row.spouse_name_sealed.bytes(),
        row.sex_sealed.bytes(),
        row.birth_sealed.bytes(),
        row.nationalities_sealed.bytes(),
        row.languages_sealed.bytes(),
        row.description_sealed.bytes(),
        row.origin_sealed.bytes(),
        row.phones_sealed.bytes(),
        row.reach_sealed.bytes(),
        row.functioning_sealed.bytes(),
        row.protection_sealed.bytes(),
        row.profile_sealed.bytes(),
    ])
}
