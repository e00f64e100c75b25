//! Reading CSV and JSON Lines, plain or gzipped, record by record in bounded memory. A record that cannot be read is
//! refused with its line number and a reason that never quotes it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::cli::CliError;

/// The longest record taken, in bytes.
const MAX_RECORD: usize = 256 * 1024;

/// Between the entries of a cell that holds several.
pub(super) const LIST_MARK: &str = ";";

/// One record's cells by column name; empty cells are absent.
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) cells: BTreeMap<String, String>,
}

impl Record {
    pub(super) fn take(&mut self, column: &str) -> Option<String> {
        self.cells.remove(column)
    }
}

/// A record that was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) line: u64,
    pub(super) reason: String,
}

type Source = Box<dyn Read + Send>;

/// What a file holds, unpacked.
pub(super) struct Survey {
    pub(super) digest: [u8; 32],
    pub(super) bytes: u64,
}

/// Reads a whole file once. So a damaged one is refused before anything of it is stored, and the same content packed
/// in another way is still the same file.
pub(super) fn survey(path: &Path) -> Result<Survey, CliError> {
    let (_, mut source) = open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(Survey { digest: hash.finalize().into(), bytes }),
            Ok(count) => {
                hash.update(buffer.get(..count).unwrap_or_default());
                bytes += count as u64;
            }
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return Err(unreadable(path)),
        }
    }
}

/// The file's name without what says that it is packed, and its unpacked content.
fn open(path: &Path) -> Result<(String, Source), CliError> {
    let file = File::open(path).map_err(|_| unreadable(path))?;
    let name = path.to_string_lossy().to_lowercase();
    Ok(match name.strip_suffix(".gz") {
        Some(plain) => (plain.to_owned(), Box::new(flate2::read::MultiGzDecoder::new(file))),
        None => (name, Box::new(file)),
    })
}

fn unreadable(path: &Path) -> CliError {
    CliError::new(format!("{} cannot be read, or is damaged", path.display()))
}

/// A stream of records in file order.
pub(super) enum Reader {
    Csv { lines: Lines, columns: Vec<String> },
    JsonLines { lines: Lines },
}

impl Reader {
    /// Opens a file; its name says the format: `.csv`, `.jsonl` or `.ndjson`, each also with `.gz`.
    pub(super) fn open(path: &Path, known_columns: &[&str]) -> Result<Self, CliError> {
        let (plain, source) = open(path)?;
        Self::new(&plain, source, known_columns)
    }

    /// How much was read, unpacked.
    pub(super) fn bytes(&self) -> u64 {
        self.lines().bytes
    }

    /// Whether the end came because the file could not be read on.
    pub(super) fn broken(&self) -> bool {
        self.lines().broken
    }

    fn lines(&self) -> &Lines {
        match self {
            Self::Csv { lines, .. } | Self::JsonLines { lines } => lines,
        }
    }

    fn new(name: &str, source: Source, known_columns: &[&str]) -> Result<Self, CliError> {
        let mut lines = Lines::new(source);
        if name.ends_with(".csv") {
            let header = match lines.next_record(true) {
                Some(Ok((_, text))) => text,
                Some(Err(refused)) => return Err(CliError::new(format!("the header: {}", refused.reason))),
                None => return Err(CliError::new("the file is empty; a header line is needed")),
            };
            let columns = cells_of(header.trim_start_matches('\u{feff}'))
                .ok_or_else(|| CliError::new("the header is not CSV"))?;
            if let Some(unknown) = columns.iter().find(|c| !known_columns.contains(&c.as_str())) {
                let known = known_columns.join(", ");
                return Err(CliError::new(format!("unknown column {unknown:?}; known are {known}")));
            }
            Ok(Self::Csv { lines, columns })
        } else if name.ends_with(".jsonl") || name.ends_with(".ndjson") {
            Ok(Self::JsonLines { lines })
        } else {
            Err(CliError::new("the file name must end in .csv, .jsonl or .ndjson, each also with .gz"))
        }
    }
}

impl Iterator for Reader {
    type Item = Result<Record, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Csv { lines, columns } => {
                let (line, text) = match lines.next_record(true)? {
                    Ok(found) => found,
                    Err(refused) => return Some(Err(refused)),
                };
                let refused = |reason: String| Some(Err(Refused { line, reason }));
                let Some(values) = cells_of(&text) else { return refused("is not CSV".into()) };
                if values.len() != columns.len() {
                    return refused(format!("has {} cells, the header has {}", values.len(), columns.len()));
                }
                let cells =
                    columns.iter().cloned().zip(values).filter(|(_, v)| !v.trim().is_empty()).collect();
                Some(Ok(Record { line, cells }))
            }
            Self::JsonLines { lines } => {
                let (line, text) = match lines.next_record(false)? {
                    Ok(found) => found,
                    Err(refused) => return Some(Err(refused)),
                };
                Some(match json_cells(&text) {
                    Some(cells) => Ok(Record { line, cells }),
                    None => Err(Refused {
                        line,
                        reason: "is not a JSON object of texts, numbers and lists of texts".into(),
                    }),
                })
            }
        }
    }
}

fn cells_of(record: &str) -> Option<Vec<String>> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(record.as_bytes());
    let cells = reader.records().next()?.ok()?;
    Some(cells.iter().map(str::to_owned).collect())
}

fn json_cells(text: &str) -> Option<BTreeMap<String, String>> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    object
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| match value {
            serde_json::Value::String(text) => Some((key, text)),
            serde_json::Value::Number(number) => Some((key, number.to_string())),
            serde_json::Value::Bool(said) => Some((key, said.to_string())),
            serde_json::Value::Array(items) => {
                let texts: Option<Vec<&str>> = items.iter().map(serde_json::Value::as_str).collect();
                Some((key, texts?.join(LIST_MARK)))
            }
            serde_json::Value::Null | serde_json::Value::Object(_) => None,
        })
        .filter(|cell| cell.as_ref().is_none_or(|(_, value)| !value.trim().is_empty()))
        .collect()
}

/// Lines with their numbers; a quoted CSV cell may run over several.
pub(super) struct Lines {
    source: BufReader<Source>,
    line: u64,
    bytes: u64,
    broken: bool,
}

impl Lines {
    fn new(source: Source) -> Self {
        Self { source: BufReader::with_capacity(1 << 16, source), line: 0, bytes: 0, broken: false }
    }

    /// The next record that is not blank, with the number of its first line.
    fn next_record(&mut self, quotes: bool) -> Option<Result<(u64, String), Refused>> {
        loop {
            let first = self.line + 1;
            let mut record = Vec::new();
            let mut too_long = false;
            loop {
                if self.broken {
                    return None;
                }
                let Ok(ended) = self.read_line(&mut record, &mut too_long) else {
                    self.broken = true;
                    return None;
                };
                let open_quote =
                    quotes && !too_long && record.iter().filter(|b| **b == b'"').count() % 2 == 1;
                if ended && record.is_empty() && !too_long {
                    return None;
                }
                if ended || !open_quote {
                    break;
                }
            }
            if too_long {
                let reason = format!("is longer than {MAX_RECORD} bytes; is a quotation mark missing?");
                return Some(Err(Refused { line: first, reason }));
            }
            let Ok(text) = String::from_utf8(record) else {
                return Some(Err(Refused { line: first, reason: "is not UTF-8".into() }));
            };
            if !text.trim().is_empty() {
                return Some(Ok((first, text)));
            }
        }
    }

    /// Appends one line to `record`, keeping at most [`MAX_RECORD`] bytes of it. Says whether the file ended.
    fn read_line(&mut self, record: &mut Vec<u8>, too_long: &mut bool) -> std::io::Result<bool> {
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Ok(true);
            }
            let end = buffer.iter().position(|b| *b == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(buffer.len());
            if record.len() + taken > MAX_RECORD {
                *too_long = true;
                record.clear();
            }
            if !*too_long {
                record.extend(buffer.iter().take(taken));
            }
            self.source.consume(taken);
            self.bytes += taken as u64;
            if end.is_some() {
                self.line += 1;
                return Ok(false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[&str] = &["name", "sex", "birth_year"];

    fn read(name: &str, text: &[u8]) -> Vec<Result<(u64, String), Refused>> {
        let reader = Reader::new(name, Box::new(std::io::Cursor::new(text.to_vec())), COLUMNS).unwrap();
        let name_of = |mut r: Record| (r.line, r.take("name").unwrap_or_default());
        reader.map(|r| r.map(name_of)).collect()
    }

    fn refused(line: u64, reason: &str) -> Result<(u64, String), Refused> {
        Err(Refused { line, reason: reason.into() })
    }

    #[test]
    fn bad_rows_are_refused_by_line_and_never_stop_good_ones() {
        let text = b"name,sex\nAmina,female\n\n\"Al\nHassan\",male\nx,y,z\n\xff\xfe,male\nOlena,female";
        assert_eq!(
            read("a.csv", text),
            [
                Ok((2, "Amina".into())),
                Ok((4, "Al\nHassan".into())),
                refused(6, "has 3 cells, the header has 2"),
                refused(7, "is not UTF-8"),
                Ok((8, "Olena".into())),
            ]
        );
    }

    #[test]
    fn an_endless_record_costs_no_memory_and_is_refused_once() {
        let mut text = b"name,sex\n\"".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 * MAX_RECORD));
        text.extend(b"\nAmina,female\n");
        let rows = read("a.csv", &text);
        assert_eq!(rows.len(), 2);
        assert!(rows[0].as_ref().unwrap_err().reason.contains("quotation mark"));
        assert_eq!(rows[1], Ok((3, "Amina".into())));
    }

    #[test]
    fn json_lines_hold_flat_objects() {
        let text = "{\"name\":\"Amina\",\"birth_year\":1990}\nnot json\n{\"name\":[1]}\n{\"name\":null}\n";
        let rows = read("a.jsonl", text.as_bytes());
        assert_eq!(rows[0], Ok((1, "Amina".into())));
        assert!(rows[1].is_err() && rows[2].is_err());
        assert_eq!(rows[3], Ok((4, String::new())));
    }

    #[test]
    fn an_unknown_column_is_named_before_anything_is_read() {
        let text = std::io::Cursor::new(b"name,passport\n".to_vec());
        let refused = Reader::new("a.csv", Box::new(text), COLUMNS).err().unwrap();
        assert!(refused.to_string().contains("passport"));
    }
}
