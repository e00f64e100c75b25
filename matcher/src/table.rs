//! Reading the shared CSV form row by row: people of either side, and lists of two names such as the truth.
//!
//! The crate opens no file: whoever does hands in its name and what it holds. What is wrong is told by file, line and
//! column, and never quoted: these are people's names.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use csv::{ErrorKind, StringRecord};

use crate::records::{NAMES, PHONE, profile_noting};
use crate::{Profile, Side};

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column by its name or number; empty where the line as a whole is meant.
    pub column: String,
    /// What is wrong there.
    pub reason: String,
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, reason } = self;
        match column.as_str() {
            "" => write!(f, "{file}, line {line}: {reason}"),
            column => write!(f, "{file}, line {line}, column {column}: {reason}"),
        }
    }
}

/// Values of a column that could not be read and were left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// How many.
    pub count: u64,
    /// The line of the first.
    pub first: u64,
}

/// Somebody in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What the file calls them.
    pub id: Arc<str>,
    /// What the file says of them.
    pub profile: Profile,
}

/// The people of a file in its order; memory grows with their names in the file alone. After a problem nothing follows.
pub struct Reader<R> {
    table: Table<R>,
    side: Side,
    lines: HashMap<Arc<str>, u64>,
    left_out: BTreeMap<&'static str, LeftOut>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Begins with the header, which must name the id of the side, `contact_id` or `request_id`, and at least one
    /// column that can find somebody. Columns nobody knows are not read.
    ///
    /// # Errors
    /// The header is missing, or not one of such a file.
    pub fn open(file: &str, side: Side, source: R) -> Result<Self, Problem> {
        let table = Table::open(file, source, &[id_column(side)])?;
        let finding = NAMES.iter().map(|(column, _)| *column).chain([PHONE]);
        if !finding.clone().any(|column| table.columns.contains_key(column)) {
            let known: Vec<&str> = finding.collect();
            let reason = format!("has no column that can find anybody; known are {}", known.join(", "));
            return Err(table.problem(1, "", reason));
        }
        Ok(Self { table, side, lines: HashMap::new(), left_out: BTreeMap::new(), ended: false })
    }

    /// What could not be read so far, by column.
    pub fn left_out(&self) -> impl Iterator<Item = (&'static str, LeftOut)> {
        self.left_out.iter().map(|(column, left_out)| (*column, *left_out))
    }

    /// Everybody read, with the line each stands in.
    #[must_use]
    pub fn into_lines(self) -> HashMap<Arc<str>, u64> {
        self.lines
    }

    fn record(&mut self) -> Option<Result<Record, Problem>> {
        let row = match self.table.next()? {
            Ok(row) => row,
            Err(problem) => return Some(Err(problem)),
        };
        let column = id_column(self.side);
        let id: Arc<str> = match row.needed(column) {
            Ok(id) => id.into(),
            Err(problem) => return Some(Err(problem)),
        };
        if let Some(before) = self.lines.insert(id.clone(), row.line) {
            let reason = format!("line {before} has the same");
            return Some(Err(row.table.problem(row.line, column, reason)));
        }
        let line = row.line;
        let profile = profile_noting(
            self.side,
            |name| row.cell(name),
            |column| {
                let left_out = self.left_out.entry(column).or_insert(LeftOut { count: 0, first: line });
                left_out.count += 1;
            },
        );
        Some(Ok(Record { id, profile }))
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<Record, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.record();
        self.ended = !matches!(record, Some(Ok(_)));
        record
    }
}

fn id_column(side: Side) -> &'static str {
    match side {
        Side::Contacts => "contact_id",
        Side::Requests => "request_id",
    }
}

/// A row of a list of two names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its line in the file.
    pub line: u64,
    /// Its two cells.
    pub cells: [String; 2],
}

/// Reads a list with these two columns, such as `request_id` and `contact_id` of the truth. Neither cell may be empty.
///
/// # Errors
/// What is wrong first.
pub fn entries(file: &str, source: impl Read, columns: [&'static str; 2]) -> Result<Vec<Entry>, Problem> {
    let mut table = Table::open(file, source, &columns)?;
    let mut entries = Vec::new();
    while let Some(row) = table.next() {
        let row = row?;
        let [one, other] = columns;
        let cells = [row.needed(one)?.to_owned(), row.needed(other)?.to_owned()];
        entries.push(Entry { line: row.line, cells });
    }
    Ok(entries)
}

/// Rows by the names of their columns.
pub(crate) struct Table<R> {
    file: String,
    columns: HashMap<String, usize>,
    reader: csv::Reader<R>,
    row: StringRecord,
}

impl<R: Read> Table<R> {
    pub(crate) fn open(file: &str, source: R, needed: &[&str]) -> Result<Self, Problem> {
        let mut reader = csv::ReaderBuilder::new().from_reader(source);
        let header = reader.headers().cloned();
        let mut table =
            Self { file: file.to_owned(), columns: HashMap::new(), reader, row: StringRecord::new() };
        let header = header.map_err(|error| table.unreadable(&error))?;
        if header.is_empty() {
            return Err(table.problem(1, "", "is empty; a header line is needed"));
        }
        for (at, name) in header.iter().map(str::trim).enumerate() {
            if !name.is_empty() && table.columns.insert(name.to_owned(), at).is_some() {
                return Err(table.problem(1, name, "stands twice in the header"));
            }
        }
        match needed.iter().find(|column| !table.columns.contains_key(**column)) {
            Some(missing) => Err(table.problem(1, missing, "is missing")),
            None => Ok(table),
        }
    }

    pub(crate) fn next(&mut self) -> Option<Result<Row<'_, R>, Problem>> {
        match self.reader.read_record(&mut self.row) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.row.position().map_or(0, csv::Position::line);
                Some(Ok(Row { line, table: self }))
            }
            Err(error) => Some(Err(self.unreadable(&error))),
        }
    }

    fn problem(&self, line: u64, column: &str, reason: impl Into<String>) -> Problem {
        Problem { file: self.file.clone(), line, column: column.to_owned(), reason: reason.into() }
    }

    fn unreadable(&self, error: &csv::Error) -> Problem {
        let line = error.position().map_or(self.reader.position().line(), csv::Position::line);
        match error.kind() {
            ErrorKind::Utf8 { err, .. } => {
                let column = self.columns.iter().find(|(_, at)| **at == err.field());
                self.problem(line, column.map_or("", |(name, _)| name), "is not UTF-8")
            }
            ErrorKind::UnequalLengths { expected_len, len, .. } => {
                self.problem(line, "", format!("has {len} cells, the header has {expected_len}"))
            }
            _ => self.problem(line, "", "cannot be read on; is the file whole?"),
        }
    }
}

/// The row that was read last.
pub(crate) struct Row<'t, R> {
    line: u64,
    table: &'t Table<R>,
}

impl<'t, R: Read> Row<'t, R> {
    pub(crate) fn cell(&self, column: &str) -> Option<&'t str> {
        self.table.row.get(*self.table.columns.get(column)?)
    }

    pub(crate) fn needed(&self, column: &str) -> Result<&'t str, Problem> {
        let text = self.cell(column).map(str::trim).filter(|text| !text.is_empty());
        text.ok_or_else(|| self.table.problem(self.line, column, "is empty"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACTS: &str = "contact_id,name,sex,birth_date,nationality\n";

    fn read(rows: &str) -> Result<Vec<Record>, String> {
        let text = format!("{CONTACTS}{rows}");
        let reader = Reader::open("c.csv", Side::Contacts, text.as_bytes()).map_err(|e| e.to_string())?;
        reader.collect::<Result<_, _>>().map_err(|problem| problem.to_string())
    }

    #[test]
    fn people_come_in_the_order_of_the_file_whatever_other_columns_there_are() {
        let text = "\u{feff}note,request_id , name\nx,R2,Amina\n\ny,R1,\"Ali\nHassan\"\n";
        let reader = Reader::open("r.csv", Side::Requests, text.as_bytes()).unwrap();
        let read: Vec<Record> = reader.map(Result::unwrap).collect();
        let told: Vec<_> = read.iter().map(|r| (&*r.id, r.profile.names[0].text.as_str())).collect();
        assert_eq!(told, [("R2", "Amina"), ("R1", "Ali\nHassan")]);
    }

    #[test]
    fn what_is_wrong_is_told_by_file_line_and_column() {
        for (rows, told) in [
            ("C1,Amina,,,\nC2,Ali,,\n", "c.csv, line 3: has 4 cells, the header has 5"),
            ("C1,Amina,,,\n ,Ali,,,\n", "c.csv, line 3, column contact_id: is empty"),
            ("C1,Amina,,,\nC1,Ali,,,\n", "c.csv, line 3, column contact_id: line 2 has the same"),
            ("C1,\"Ami\nna\",,,\n,Ali,,,\n", "c.csv, line 4, column contact_id: is empty"),
        ] {
            assert_eq!(read(rows).unwrap_err(), told, "{rows}");
        }
        let opened = |text: &'static [u8]| {
            let mut opened = Reader::open("c.csv", Side::Contacts, text);
            match &mut opened {
                Err(problem) => problem.to_string(),
                Ok(reader) => reader.find_map(Result::err).map(|e| e.to_string()).unwrap_or_default(),
            }
        };
        assert_eq!(opened(b""), "c.csv, line 1: is empty; a header line is needed");
        assert_eq!(opened(b"name,sex\n"), "c.csv, line 1, column contact_id: is missing");
        assert_eq!(
            opened(b"contact_id,name,name\n"),
            "c.csv, line 1, column name: stands twice in the header"
        );
        assert!(
            opened(b"contact_id,sex\n").starts_with("c.csv, line 1: has no column that can find anybody")
        );
        assert_eq!(opened(b"contact_id,name\nC1,A\nC2,\xff\n"), "c.csv, line 3, column name: is not UTF-8");
    }

    #[test]
    fn values_that_cannot_be_read_are_left_out_and_counted_and_nobody_is_lost() {
        let text = format!(
            "{CONTACTS}C1,Amina,female,1990-02-03,SOM\nC2,Ali,man,1990-02-30,SOM 7\nC3,Olena,lady,,UKR\n"
        );
        let mut reader = Reader::open("c.csv", Side::Contacts, text.as_bytes()).unwrap();
        let read: Vec<Record> = reader.by_ref().map(Result::unwrap).collect();
        assert_eq!(read.len(), 3);
        assert_eq!((read[1].profile.sex, read[1].profile.birth), (None, None));
        assert_eq!(read[1].profile.nationalities.len(), 1);
        let left_out = |count, first| LeftOut { count, first };
        let expected =
            [("birth_date", left_out(1, 3)), ("nationality", left_out(1, 3)), ("sex", left_out(2, 3))];
        assert_eq!(reader.left_out().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_list_of_two_names_needs_both() {
        let read = |text: &'static str| entries("truth.csv", text.as_bytes(), ["request_id", "contact_id"]);
        let two = read("contact_id,request_id\nC1,R1\nC2,R1\n").unwrap();
        assert_eq!(two[1], Entry { line: 3, cells: ["R1".into(), "C2".into()] });
        let empty = read("request_id,contact_id\nR1,\n").unwrap_err();
        assert_eq!(empty.to_string(), "truth.csv, line 2, column contact_id: is empty");
        assert!(read("request,contact\n").unwrap_err().to_string().contains("column request_id: is missing"));
    }
}
