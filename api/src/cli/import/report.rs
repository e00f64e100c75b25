//! The report of refused rows: `FILE.refused.csv` with line, column and reason, never the value. Rows are on the disk
//! before the batch they belong to is committed, so a killed import leaves at most too many; these are cut off again
//! when it goes on.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use crate::cli::CliError;

/// One problem of one refused record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) line: u64,
    /// Empty when the whole record cannot be read.
    pub(super) column: String,
    pub(super) reason: String,
}

const HEADER: [&str; 3] = ["line", "column", "reason"];

/// The report while it is written.
pub(super) struct Report {
    path: PathBuf,
    /// Opened with the first row: an import without refusals leaves no file.
    file: Option<File>,
}

impl Report {
    /// Where the report of `source` lies when nobody says otherwise.
    pub(super) fn beside(source: &Path) -> PathBuf {
        let mut name = source.as_os_str().to_owned();
        name.push(".refused.csv");
        PathBuf::from(name)
    }

    /// Begins a report, or goes on with one: rows up to line `done` are kept. Gives how many records they speak of.
    pub(super) fn open(path: PathBuf, done: u64) -> Result<(Self, u64), CliError> {
        let kept = if done == 0 { Vec::new() } else { rows_up_to(&path, done) };
        let mut report = Self { path, file: None };
        // Renamed into place, so that another kill cannot leave half of what was there.
        let fresh = report.path.with_extension("csv.new");
        if kept.is_empty() {
            match fs::remove_file(&report.path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(report.unwritable()),
                _ => {}
            }
        } else {
            let mut file = File::create(&fresh).map_err(|_| report.unwritable())?;
            report.put(&mut file, &kept, true)?;
            fs::rename(&fresh, &report.path).map_err(|_| report.unwritable())?;
            report.file = Some(file);
        }
        let mut lines: Vec<u64> = kept.iter().map(|row| row.line).collect();
        lines.dedup();
        Ok((report, lines.len() as u64))
    }

    /// Writes rows through to the disk.
    pub(super) fn write(&mut self, rows: &[Problem]) -> Result<(), CliError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (mut file, fresh) = match self.file.take() {
            Some(file) => (file, false),
            None => {
                let file = OpenOptions::new().create_new(true).append(true).open(&self.path);
                (file.map_err(|_| self.unwritable())?, true)
            }
        };
        self.put(&mut file, rows, fresh)?;
        self.file = Some(file);
        Ok(())
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn put(&self, file: &mut File, rows: &[Problem], header: bool) -> Result<(), CliError> {
        let mut writer = csv::Writer::from_writer(&mut *file);
        let mut write = |cells: [&str; 3]| writer.write_record(cells).map_err(|_| self.unwritable());
        if header {
            write(HEADER)?;
        }
        for row in rows {
            write([&row.line.to_string(), &row.column, &row.reason])?;
        }
        writer.flush().map_err(|_| self.unwritable())?;
        drop(writer);
        file.sync_data().map_err(|_| self.unwritable())
    }

    fn unwritable(&self) -> CliError {
        CliError::new(format!(
            "{} cannot be written; choose another place with --report",
            self.path.display()
        ))
    }
}

/// A row that was cut off by a kill belongs to a line that was not committed, so it is dropped like those.
fn rows_up_to(path: &Path, done: u64) -> Vec<Problem> {
    let Ok(mut reader) = csv::ReaderBuilder::new().flexible(true).from_path(path) else { return Vec::new() };
    let rows = reader.records().map_while(Result::ok).filter_map(|row| {
        let line = row.get(0)?.parse().ok()?;
        Some(Problem { line, column: row.get(1)?.to_owned(), reason: row.get(2)?.to_owned() })
    });
    rows.filter(|row| row.line <= done).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u64) -> Problem {
        Problem { line, column: "sex".into(), reason: "is not taken, or \"so\"".into() }
    }

    #[test]
    fn a_report_that_a_kill_left_too_long_is_cut_to_what_was_committed() {
        let folder = tempfile::tempdir().unwrap();
        let path = Report::beside(&folder.path().join("a.csv"));
        let (mut report, _) = Report::open(path.clone(), 0).unwrap();
        report.write(&[problem(2), problem(2), problem(5)]).unwrap();
        report.write(&[problem(9)]).unwrap();
        drop(report);
        fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .and_then(|mut f| std::io::Write::write_all(&mut f, b"12,se"))
            .unwrap();

        let (mut report, records) = Report::open(path.clone(), 5).unwrap();
        assert_eq!(records, 2);
        report.write(&[problem(7)]).unwrap();
        assert_eq!(rows_up_to(&path, u64::MAX), [problem(2), problem(2), problem(5), problem(7)]);
    }

    #[test]
    fn no_refusal_leaves_no_file_and_a_new_run_forgets_the_old_report() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv.refused.csv");
        let (mut report, _) = Report::open(path.clone(), 0).unwrap();
        report.write(&[]).unwrap();
        assert!(!path.exists());
        report.write(&[problem(3)]).unwrap();
        assert!(path.exists());
        Report::open(path.clone(), 0).unwrap();
        assert!(!path.exists());
    }
}
