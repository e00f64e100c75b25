//! Opens the files of a folder of contacts and requests in the shared CSV form.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use matcher::{Profile, Side, records};

/// What the file calls people, and what it says of them, in its order.
type People = (Vec<Arc<str>>, Vec<Profile>);

pub(crate) fn read(path: &Path, side: Side) -> Result<People, Box<dyn Error>> {
    let (name, mut read) = (path.display().to_string(), (Vec::new(), Vec::new()));
    let file = File::open(path).map_err(|error| format!("{name} cannot be opened: {error}"))?;
    for record in records::Reader::open(&name, side, file)? {
        let record = record?;
        read.0.push(record.id);
        read.1.push(record.profile);
    }
    Ok(read)
}
