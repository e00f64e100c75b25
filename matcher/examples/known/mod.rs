//! Opens what is known of a folder's requests: whose person was met as which contact.

use std::error::Error;
use std::fs::File;
use std::path::Path;

use matcher::evaluate::Truth;
use matcher::records;

pub(crate) fn truth(folder: &Path) -> Result<Truth, Box<dyn Error>> {
    let path = folder.join("truth.csv");
    let mut truth = Truth::new();
    let columns = ["request_id", "contact_id"];
    for entry in records::entries(&path.display().to_string(), File::open(&path)?, columns)? {
        let [request, contact] = entry.cells;
        truth.add_match(&request, &contact);
    }
    Ok(truth)
}
