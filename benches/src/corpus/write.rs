//! A corpus as four plain CSV files, streamed.

use std::fs::{self, File};
use std::path::Path;

use super::{ContactRow, Corpus, RequestRow};

impl Corpus {
    /// Writes `contacts.csv`, `requests.csv`, `truth.csv` and `groups.csv` into `dir`, which is made if need be.
    ///
    /// # Errors
    /// Whatever the file system answers.
    pub fn write_csv(&self, dir: &Path) -> Result<(), csv::Error> {
        let mut files = Files::create(dir)?;
        files.write(self)?;
        files.finish()
    }
}

/// Writes the corpus of [`Corpus::generate`] part by part, in bounded memory.
///
/// # Errors
/// Whatever the file system answers.
pub fn write_csv(seed: u64, contacts: usize, requests: usize, dir: &Path) -> Result<(), csv::Error> {
    let mut files = Files::create(dir)?;
    for part in Corpus::parts(seed, contacts, requests) {
        files.write(&part)?;
    }
    files.finish()
}

struct Files {
    contacts: csv::Writer<File>,
    requests: csv::Writer<File>,
    truth: csv::Writer<File>,
    groups: csv::Writer<File>,
}

impl Files {
    fn create(dir: &Path) -> Result<Self, csv::Error> {
        fs::create_dir_all(dir)?;
        let open = |name: &str, header: &[&str]| {
            let mut file = csv::Writer::from_path(dir.join(name))?;
            file.write_record(header)?;
            Ok::<_, csv::Error>(file)
        };
        Ok(Self {
            contacts: open("contacts.csv", &ContactRow::COLUMNS)?,
            requests: open("requests.csv", &RequestRow::COLUMNS)?,
            truth: open("truth.csv", &["request_id", "contact_id"])?,
            groups: open("groups.csv", &["request_id", "group"])?,
        })
    }

    fn write(&mut self, part: &Corpus) -> Result<(), csv::Error> {
        for contact in &part.contacts {
            self.contacts.write_record(contact.cells())?;
        }
        for request in &part.requests {
            self.requests.write_record(request.cells())?;
        }
        for pair in &part.truth {
            self.truth.write_record([&pair.request_id, &pair.contact_id])?;
        }
        for group in &part.groups {
            self.groups.write_record([&group.request_id, group.group])?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), csv::Error> {
        for file in [&mut self.contacts, &mut self.requests, &mut self.truth, &mut self.groups] {
            file.flush()?;
        }
        Ok(())
    }
}
