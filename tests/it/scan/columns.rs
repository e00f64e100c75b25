//! What stands in the sealed columns, opened with the keys and nothing of the service: whoever plants words of a case
//! learns here that they went where they were meant to go, into every column that the vault lists.

use std::collections::BTreeMap;

use api::kernel::{PersonId, SocietyId};
use api::vault::{COLUMNS, Column};
use crypto::{DataKey, FileKeeper, Place, RootKeeper, WrappedKey};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use migrations::db::{AnyConnection, Id};
use migrations::schema::{data_keys, society_keys};
use tests::world::World;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Id)]
    id: PersonId,
    #[diesel(sql_type = BigInt)]
    version: i64,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

/// Every data key of an installation, with the society it belongs to.
struct Keyring(Vec<(SocietyId, DataKey)>);

impl Keyring {
    fn of(world: &World, connection: &mut AnyConnection) -> Self {
        let keeper = FileKeeper::open(&world.core.config.keys.root_file, None).unwrap();
        let societies: Vec<(SocietyId, i32, Vec<u8>)> = society_keys::table
            .select((society_keys::society_id, society_keys::version, society_keys::wrapped))
            .load(connection)
            .unwrap();
        let societies: BTreeMap<_, _> = societies
            .into_iter()
            .map(|(society, version, wrapped)| {
                let wrapped = WrappedKey::from_bytes(wrapped);
                let number = u32::try_from(version).unwrap();
                ((society, version), keeper.unwrap_society_key(society.bytes(), number, &wrapped).unwrap())
            })
            .collect();
        let keys: Vec<(PersonId, SocietyId, i32, Vec<u8>)> = data_keys::table
            .select((data_keys::owner_id, data_keys::society_id, data_keys::key_version, data_keys::wrapped))
            .load(connection)
            .unwrap();
        let opened = keys.into_iter().map(|(owner, society, version, wrapped)| {
            let wrapped = WrappedKey::from_bytes(wrapped);
            (society, societies[&(society, version)].unwrap_data_key(owner.bytes(), &wrapped).unwrap())
        });
        Self(opened.collect())
    }

    /// The value of one row, under whichever key and in whichever version it was sealed.
    fn open(&self, column: &Column, row: &Row) -> Option<Vec<u8>> {
        let versions = 1..=u64::try_from(row.version).unwrap();
        self.0.iter().find_map(|(society, key)| {
            versions.clone().rev().find_map(|row_version| {
                let place = Place {
                    society: society.bytes(),
                    table: column.table,
                    column: column.column,
                    row: row.id.bytes(),
                    row_version,
                    key_version: 1,
                };
                crypto::open(key, &place, &row.sealed).ok().map(|value| value.expose().clone())
            })
        })
    }
}

/// How a value stands in its column, and might stand elsewhere: a text as it is; of a list also the lengths that the
/// vault writes before its entries, and other marks between them; of a day its parts.
pub fn spellings(value: &str) -> Vec<String> {
    let mut all = vec![value.to_owned()];
    let numbers: Result<Vec<u16>, _> = value.split('-').map(str::parse).collect();
    if let Ok([year, month, day]) = numbers.as_deref() {
        all.push(format!("\"year\":{year},\"month\":{month},\"day\":{day}"));
    }
    if value.starts_with('"') {
        let bare = value.replace('"', "");
        let long = |entry: &str| {
            let length = u32::try_from(entry.len()).unwrap().to_be_bytes().map(char::from);
            length.into_iter().chain(entry.chars()).collect::<String>()
        };
        all.push(bare.split(',').map(long).collect());
        all.extend([",", ", ", ";", "|", " "].map(|gap| bare.replace(',', gap)));
        all.extend([": ", "=", " "].map(|gap| bare.replace(':', gap)));
    }
    all
}

/// Holds every sealed column of the vault against what was planted in it, by `table.column`. A column that is new
/// there fails until somebody plants something.
///
/// # Panics
/// Nothing was planted in a column, something does not open, or what was planted stands in no row of it.
pub fn hold(world: &World, planted: &BTreeMap<&str, Vec<Vec<Vec<u8>>>>) {
    let mut connection = migrations::db::connect(&world.core.config.database.url).unwrap();
    let keyring = Keyring::of(world, &mut connection);
    let mut missing = Vec::new();
    for column in COLUMNS {
        let (table, name) = (column.table, column.column);
        let question = format!("SELECT id, version, {name} AS sealed FROM {table} WHERE {name} IS NOT NULL");
        let rows: Vec<Row> = diesel::sql_query(question).load(&mut connection).unwrap();
        let values: Vec<Vec<u8>> =
            rows.iter().map(|row| keyring.open(column, row)).collect::<Option<_>>().unwrap_or_default();
        let place = format!("{table}.{name}");
        let words = planted.get(place.as_str()).map_or(&[][..], Vec::as_slice);
        let stands = |spelling: &Vec<u8>| {
            values.iter().any(|value| value.windows(spelling.len()).any(|part| part == spelling.as_slice()))
        };
        let lost = words.iter().filter(|spellings| !spellings.iter().any(stands));
        let lost: Vec<_> = lost.map(|spellings| String::from_utf8_lossy(&spellings[0])).collect();
        if words.is_empty() || !lost.is_empty() {
            missing.push(format!(
                "{place}: {} rows open, {} planted, lost {lost:?}",
                values.len(),
                words.len()
            ));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    let listed: Vec<String> = COLUMNS.iter().map(|c| format!("{}.{}", c.table, c.column)).collect();
    let unknown: Vec<_> =
        planted.keys().filter(|place| !listed.iter().any(|known| known == *place)).collect();
    assert!(unknown.is_empty(), "planted where nothing is sealed: {unknown:?}");
}
