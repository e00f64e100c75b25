//! What verification can find, in plain words. None of it says anything about a person.

use std::fmt;

use crate::kernel::codes;

codes! {
    /// Where a checkpoint stands.
    pub Whence {
        Database = "database",
        Folder = "folder",
        /// The folder's `latest`.
        Latest = "latest",
        /// One that somebody kept elsewhere and brought along.
        Witness = "witness",
    }
}

/// One thing that is not as the log would have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The bytes are not a leaf in canonical form.
    NotCanonical {
        seq: i64,
    },
    /// The leaf says it stands elsewhere.
    Moved {
        seq: i64,
        says: u64,
    },
    /// The stored hash is not the hash of the bytes.
    WrongHash {
        seq: i64,
    },
    /// A column beside the bytes says something else than they do.
    WrongColumn {
        seq: i64,
        column: &'static str,
    },
    /// Leaves from `from` up to and without `to` are gone.
    Missing {
        from: i64,
        to: i64,
    },
    /// A leaf stands where none can.
    Stray {
        seq: i64,
    },
    /// A row cannot be read as what the schema says.
    Unreadable {
        table: &'static str,
    },
    /// The leaf names somebody under whom it is not listed.
    SubjectMissing {
        seq: i64,
    },
    /// The leaf is listed under somebody it does not name.
    SubjectStray {
        seq: i64,
    },
    NodeMissing {
        level: u8,
        position: u64,
    },
    NodeWrong {
        level: u8,
        position: u64,
    },
    NodeStray {
        level: i32,
        position: i64,
    },
    /// There is no head, or more than one.
    HeadRows {
        rows: usize,
    },
    HeadSize {
        says: i64,
        leaves: i64,
    },
    /// The head's hashes are not those of the leaves.
    HeadHashes,
    /// Not a checkpoint in its one spelling, or not signed by the trusted key for this log.
    CheckpointInvalid {
        whence: Whence,
        size: i64,
    },
    /// A checkpoint of another size stands in this one's place.
    CheckpointMoved {
        whence: Whence,
        size: i64,
        says: u64,
    },
    /// The checkpoint knows more leaves than the log has.
    CheckpointBeyond {
        whence: Whence,
        size: i64,
        leaves: i64,
    },
    /// The log does not begin with what the checkpoint signed.
    CheckpointForked {
        whence: Whence,
        size: i64,
    },
    /// Leaves are missing below it, so the checkpoint proves nothing.
    CheckpointUnprovable {
        whence: Whence,
        size: i64,
    },
    /// A checkpoint in the folder that the database does not have.
    CheckpointRemoved {
        size: i64,
    },
    /// `latest` is not the newest checkpoint of the folder.
    LatestReplaced {
        size: i64,
    },
    /// The database holds checkpoints and the folder none.
    NothingOutside,
    /// The folder's verifier key is not the trusted one.
    OtherVerifierKey,
}

impl Finding {
    /// A stable word for programs and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotCanonical { .. } => "not_canonical",
            Self::Moved { .. } => "moved",
            Self::WrongHash { .. } => "wrong_hash",
            Self::WrongColumn { .. } => "wrong_column",
            Self::Missing { .. } => "missing",
            Self::Stray { .. } => "stray",
            Self::Unreadable { .. } => "unreadable",
            Self::SubjectMissing { .. } => "subject_missing",
            Self::SubjectStray { .. } => "subject_stray",
            Self::NodeMissing { .. } => "node_missing",
            Self::NodeWrong { .. } => "node_wrong",
            Self::NodeStray { .. } => "node_stray",
            Self::HeadRows { .. } => "head_rows",
            Self::HeadSize { .. } => "head_size",
            Self::HeadHashes => "head_hashes",
            Self::CheckpointInvalid { .. } => "checkpoint_invalid",
            Self::CheckpointMoved { .. } => "checkpoint_moved",
            Self::CheckpointBeyond { .. } => "checkpoint_beyond",
            Self::CheckpointForked { .. } => "checkpoint_forked",
            Self::CheckpointUnprovable { .. } => "checkpoint_unprovable",
            Self::CheckpointRemoved { .. } => "checkpoint_removed",
            Self::LatestReplaced { .. } => "latest_replaced",
            Self::NothingOutside => "nothing_outside",
            Self::OtherVerifierKey => "other_verifier_key",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCanonical { seq } => {
                write!(f, "entry {seq} was altered: it is not in the form the log writes")
            }
            Self::Moved { seq, says } => {
                write!(f, "entry {seq} was moved or swapped: it says it is entry {says}")
            }
            Self::WrongHash { seq } => write!(f, "entry {seq} does not fit the hash stored beside it"),
            Self::WrongColumn { seq, column } => {
                write!(f, "entry {seq}: the column {column} says something else than the entry")
            }
            Self::Missing { from, to } => write!(f, "entries {from} to {} are missing", to - 1),
            Self::Stray { seq } => write!(f, "an entry stands at {seq}, where the log has none"),
            Self::Unreadable { table } => write!(f, "a row of {table} cannot be read at all"),
            Self::SubjectMissing { seq } => {
                write!(f, "entry {seq} is hidden from the list of somebody it names")
            }
            Self::SubjectStray { seq } => write!(f, "entry {seq} is listed under somebody it does not name"),
            Self::NodeMissing { level, position } => {
                write!(f, "the tree's node {position} on level {level} is missing")
            }
            Self::NodeWrong { level, position } => {
                write!(f, "the tree's node {position} on level {level} is not the hash of what lies below")
            }
            Self::NodeStray { level, position } => {
                write!(f, "the tree has a node {position} on level {level} that nothing lies below")
            }
            Self::HeadRows { rows } => write!(f, "the log has {rows} heads instead of one"),
            Self::HeadSize { says, leaves } => {
                write!(f, "the head counts {says} entries, the log has {leaves}")
            }
            Self::HeadHashes => f.write_str("the head's hashes are not those of the entries"),
            Self::CheckpointInvalid { whence, size } => write!(
                f,
                "the checkpoint {size} ({whence}) is not one that the trusted key signed for this log"
            ),
            Self::CheckpointMoved { whence, size, says } => {
                write!(f, "the checkpoint in place of {size} ({whence}) is the one of {says}")
            }
            Self::CheckpointBeyond { whence, size, leaves } => write!(
                f,
                "the checkpoint {size} ({whence}) knows more than the {leaves} entries there are: the end of the log was cut off"
            ),
            Self::CheckpointForked { whence, size } => write!(
                f,
                "the first {size} entries are not those that the checkpoint ({whence}) signed: history was rewritten"
            ),
            Self::CheckpointUnprovable { whence, size } => {
                write!(f, "the checkpoint {size} ({whence}) cannot be compared, because entries are missing")
            }
            Self::CheckpointRemoved { size } => write!(
                f,
                "the checkpoint {size} is in the folder but not in the database; if the service was stopped by force this very moment, start it once and verify again"
            ),
            Self::LatestReplaced { size } => write!(
                f,
                "the folder's latest checkpoint ({size}) is not its newest; if the service was stopped by force this very moment, start it once and verify again"
            ),
            Self::NothingOutside => {
                f.write_str("the folder outside the database holds no checkpoint, but the database does")
            }
            Self::OtherVerifierKey => {
                f.write_str("the verifier key in the checkpoint folder is missing or is not the trusted one")
            }
        }
    }
}
