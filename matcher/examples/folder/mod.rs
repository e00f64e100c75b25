//! Opens the files of a folder of contacts and requests in the shared CSV form.

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use matcher::{Model, Profile, Side, records};

/// The shipped model, the untaught one, or the one in the file `MODEL` names.
pub(crate) fn model() -> Result<Model, Box<dyn Error>> {
    match std::env::var("MODEL") {
        Ok(name) if name == "untaught" => Ok(Model::untaught()),
        Ok(path) => Ok(Model::parse(&std::fs::read_to_string(path)?)?),
        Err(_) => Ok(Model::shipped()),
    }
}

/// What the file calls people, and what it says of them, in its order.
type People = (Vec<Arc<str>>, Vec<Profile>);

pub(crate) fn read(path: &Path, side: Side) -> Result<People, Box<dyn Error>> {
    let mut read = (Vec::new(), Vec::new());
    for record in records::Reader::open(&path.display().to_string(), side, File::open(path)?)? {
        let record = record?;
        read.0.push(record.id);
        read.1.push(record.profile);
    }
    Ok(read)
}
