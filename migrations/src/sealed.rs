//! The column type of a sealed value: bytes whose meaning only the vault knows.
//!
//! It shows nothing: no content in `Debug`, no serialisation. `F` names the column, so that one column's ciphertext
//! cannot be stored in another by mistake.

use std::fmt;
use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql};
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Binary;
use diesel::sqlite::Sqlite;

use crate::db::MultiBackend;

/// One column's ciphertext.
#[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Sealed<F>(Vec<u8>, PhantomData<fn() -> F>);

impl<F> Sealed<F> {
    /// Wraps bytes that the vault made or that a row held.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes, PhantomData)
    }

    /// The ciphertext.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<F> Clone for Sealed<F> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<F> fmt::Debug for Sealed<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(..)")
    }
}

impl<F> ToSql<Binary, Pg> for Sealed<F> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        std::io::Write::write_all(out, &self.0)?;
        Ok(IsNull::No)
    }
}

impl<F> ToSql<Binary, Sqlite> for Sealed<F> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.as_slice());
        Ok(IsNull::No)
    }
}

impl<F> ToSql<Binary, MultiBackend> for Sealed<F> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Binary, self.0.as_slice()));
        Ok(IsNull::No)
    }
}

impl<F, DB> FromSql<Binary, DB> for Sealed<F>
where
    DB: Backend,
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Vec::<u8>::from_sql(bytes).map(Self::from_bytes)
    }
}
