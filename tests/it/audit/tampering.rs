//! What a thief with the database in hand might do to the log, from clumsy to thorough. Each way changes something;
//! the verifier must find all of them.

use std::fs;
use std::path::Path;

use api::audit::Leaf;
use api::db::schema::{audit_checkpoints, audit_head, audit_leaves, audit_nodes, audit_subjects};
use api::db::{Conn, on_backend};
use api::kernel::Chance;
use crypto::SigningKey;
use crypto::merkle::{Frontier, leaf_hash};
use crypto::note::{Checkpoint, sign_note, verifier_key};
use diesel::prelude::*;
use migrations::db::RawId;
use migrations::uuid::Uuid;

pub type Row = (i64, i64, String, String, Option<RawId>, Vec<u8>, Vec<u8>);

/// The ways, one after another.
pub const WAYS: [(&str, Way); 15] = [
    ("edit a column or byte of an entry", edit_entry),
    ("edit an entry and everything beside it", edit_entry_well),
    ("delete entries", delete),
    ("insert an entry where none can be", insert),
    ("swap entries", swap),
    ("swap entries and renumber them", swap_well),
    ("cut off the end", truncate),
    ("rewrite history without the key", fork),
    ("rewrite history with the key", fork_with_key),
    ("change the stored tree", nodes),
    ("change who is listed", subjects),
    ("change the head", head),
    ("change a stored checkpoint", stored_checkpoint),
    ("change the folder", folder),
    ("mix in another log", mix),
];

pub type Way = fn(&mut Scene<'_>);

/// One attempt: everything the thief can reach.
pub struct Scene<'a> {
    pub conn: &'a mut Conn,
    pub folder: &'a Path,
    pub dice: Chance,
    pub log: &'a Log,
}

/// The log before anybody touched it, and what a thief may have besides.
pub struct Log {
    pub origin: String,
    /// The real key, for the thief who stole that too.
    pub key: SigningKey,
    pub rows: Vec<Row>,
    /// Sizes of its checkpoints.
    pub sizes: Vec<u64>,
    /// Leaves of another log of the same make.
    pub others: Vec<Vec<u8>>,
}

impl Scene<'_> {
    pub fn below(&self, n: usize) -> usize {
        usize::try_from(u64::from_be_bytes(self.dice.bytes()) % n as u64).unwrap()
    }
    fn row(&self) -> Row {
        self.log.rows[self.below(self.log.rows.len())].clone()
    }
    fn newest(&self) -> usize {
        *self.log.sizes.last().unwrap() as usize
    }
    fn flip(&self, bytes: &mut [u8]) {
        let at = self.below(bytes.len());
        bytes[at] ^= 1 << self.below(8);
    }
    fn own_key(&self) -> SigningKey {
        SigningKey::from_bytes(&self.dice.bytes())
    }

    fn replace(&mut self, row: Row) {
        diesel::delete(audit_leaves::table.find(row.0)).execute(self.conn).unwrap();
        self.put(row);
    }
    fn put(&mut self, row: Row) {
        diesel::insert_into(audit_leaves::table)
            .values((
                audit_leaves::seq.eq(row.0),
                audit_leaves::at.eq(row.1),
                audit_leaves::actor.eq(row.2),
                audit_leaves::action.eq(row.3),
                audit_leaves::society_id.eq(row.4),
                audit_leaves::bytes.eq(row.5),
                audit_leaves::hash.eq(row.6),
            ))
            .execute(self.conn)
            .unwrap();
    }

    /// Writes a whole log as the service would have, but for the signatures.
    fn rebuild(&mut self, leaves: &[Vec<u8>]) {
        diesel::delete(audit_leaves::table).execute(self.conn).unwrap();
        diesel::delete(audit_subjects::table).execute(self.conn).unwrap();
        diesel::delete(audit_nodes::table).execute(self.conn).unwrap();
        let mut tree = Frontier::new();
        let (mut nodes, mut listed) = (Vec::new(), Vec::new());
        for (seq, bytes) in (0_i64..).zip(leaves) {
            let leaf = Leaf::parse(bytes).unwrap();
            listed.extend(leaf.subjects.iter().map(|subject| {
                let subject = RawId(Uuid::try_parse(subject).unwrap());
                (audit_subjects::subject_id.eq(subject), audit_subjects::seq.eq(seq))
            }));
            for (level, position, hash) in tree.append(leaf_hash(bytes)).into_iter().skip(1) {
                nodes.push((
                    audit_nodes::level.eq(i32::from(level)),
                    audit_nodes::position.eq(position as i64),
                    audit_nodes::hash.eq(hash.to_vec()),
                ));
            }
            self.put(row_of(seq, &leaf));
        }
        on_backend!(&mut *self.conn, |c| diesel::insert_into(audit_subjects::table)
            .values(&listed)
            .execute(c))
        .unwrap();
        on_backend!(&mut *self.conn, |c| diesel::insert_into(audit_nodes::table).values(&nodes).execute(c))
            .unwrap();
        diesel::update(audit_head::table)
            .set((audit_head::size.eq(leaves.len() as i64), audit_head::frontier.eq(tree.to_bytes())))
            .execute(self.conn)
            .unwrap();
    }

    /// Signs every checkpoint again over `leaves`, in the database and in the folder.
    fn sign_again(&mut self, leaves: &[Vec<u8>], key: &SigningKey) {
        diesel::delete(audit_checkpoints::table).execute(self.conn).unwrap();
        let mut newest = String::new();
        for &size in &self.log.sizes {
            let hashes: Vec<_> = leaves.iter().take(size as usize).map(|leaf| leaf_hash(leaf)).collect();
            let checkpoint =
                Checkpoint { origin: self.log.origin.clone(), size, root: crypto::merkle::root(&hashes) };
            newest = sign_note(&checkpoint.to_text(), key, &self.log.origin).unwrap();
            self.put_checkpoint(size as i64, &newest);
            fs::write(self.folder.join(size.to_string()), &newest).unwrap();
        }
        fs::write(self.folder.join("latest"), newest).unwrap();
    }
    fn put_checkpoint(&mut self, size: i64, note: &str) {
        diesel::insert_into(audit_checkpoints::table)
            .values((audit_checkpoints::size.eq(size), audit_checkpoints::note.eq(note)))
            .execute(self.conn)
            .unwrap();
    }

    /// The leaves, with one before the newest checkpoint made to say something else.
    fn rewritten(&self, before: usize) -> Vec<Vec<u8>> {
        let mut leaves: Vec<Vec<u8>> = self.log.rows.iter().map(|row| row.5.clone()).collect();
        let at = self.below(before);
        leaves[at] = self.retold(&leaves[at]);
        leaves
    }

    /// A leaf that says something else in good form.
    fn retold(&self, bytes: &[u8]) -> Vec<u8> {
        let mut leaf = Leaf::parse(bytes).unwrap();
        match self.below(9) {
            0 => leaf.at += 1,
            1 => leaf.actor = format!("acc_{}", Uuid::from_bytes(self.dice.bytes()).simple()),
            2 => leaf.subjects = vec![Uuid::from_bytes(self.dice.bytes()).simple().to_string()],
            3 => leaf.decision = if leaf.decision == "allowed" { "refused".into() } else { "allowed".into() },
            4 => leaf.purpose = if leaf.purpose == "audit" { "tracing".into() } else { "audit".into() },
            5 => leaf.count += 1,
            6 => leaf.classes.push("protection".into()),
            7 => {
                leaf.action =
                    if leaf.action == "read_audit" { "read_person".into() } else { "read_audit".into() }
            }
            _ => leaf.nonce = Uuid::from_bytes(self.dice.bytes()).simple().to_string(),
        }
        leaf.to_bytes()
    }
}

fn row_of(seq: i64, leaf: &Leaf) -> Row {
    let bytes = leaf.to_bytes();
    let society = leaf.society.as_deref().map(|id| {
        let id: api::kernel::SocietyId = id.parse().unwrap();
        RawId(id.uuid())
    });
    let hash = leaf_hash(&bytes).to_vec();
    (seq, leaf.at * 1000, leaf.actor.clone(), leaf.action.clone(), society, bytes, hash)
}

fn edit_entry(scene: &mut Scene<'_>) {
    let mut row = scene.row();
    match scene.below(7) {
        0 => row.1 += [1, -1, 1000, -60_000_000][scene.below(4)],
        1 => row.2.push('0'),
        2 => row.2 = "system:nobody".into(),
        3 => row.3 = if row.3 == "read_audit" { "read_person".into() } else { "read_audit".into() },
        4 => row.4 = if row.4.is_some() { None } else { Some(RawId(Uuid::from_bytes(scene.dice.bytes()))) },
        5 => scene.flip(&mut row.5),
        _ => scene.flip(&mut row.6),
    }
    scene.replace(row);
}

pub fn edit_entry_well(scene: &mut Scene<'_>) {
    let old = scene.row();
    let leaf = Leaf::parse(&scene.retold(&old.5)).unwrap();
    diesel::delete(audit_subjects::table.filter(audit_subjects::seq.eq(old.0))).execute(scene.conn).unwrap();
    for subject in &leaf.subjects {
        let subject = RawId(Uuid::try_parse(subject).unwrap());
        diesel::insert_into(audit_subjects::table)
            .values((audit_subjects::subject_id.eq(subject), audit_subjects::seq.eq(old.0)))
            .execute(scene.conn)
            .unwrap();
    }
    scene.replace(row_of(old.0, &leaf));
}

fn delete(scene: &mut Scene<'_>) {
    for _ in 0..=scene.below(3) {
        let seq = scene.row().0;
        diesel::delete(audit_leaves::table.find(seq)).execute(scene.conn).unwrap();
        if scene.below(2) == 0 {
            diesel::delete(audit_subjects::table.filter(audit_subjects::seq.eq(seq)))
                .execute(scene.conn)
                .unwrap();
        }
    }
}

fn insert(scene: &mut Scene<'_>) {
    let mut row = scene.row();
    let size = scene.log.rows.len() as i64;
    row.0 = [-1, size, size + 5, i64::MAX, i64::MIN][scene.below(5)];
    if scene.below(2) == 0 {
        diesel::update(audit_head::table).set(audit_head::size.eq(size + 1)).execute(scene.conn).unwrap();
    }
    scene.put(row);
}

fn two(scene: &Scene<'_>) -> (Row, Row) {
    let a = scene.row();
    loop {
        let b = scene.row();
        if b.0 != a.0 {
            return (a, b);
        }
    }
}

fn swap(scene: &mut Scene<'_>) {
    let (mut a, mut b) = two(scene);
    if scene.below(2) == 0 {
        std::mem::swap(&mut a.5, &mut b.5);
        std::mem::swap(&mut a.6, &mut b.6);
    } else {
        std::mem::swap(&mut a.0, &mut b.0);
    }
    scene.replace(a);
    scene.replace(b);
}

fn swap_well(scene: &mut Scene<'_>) {
    let (a, b) = two(scene);
    for (seq, from) in [(a.0, &b), (b.0, &a)] {
        let mut leaf = Leaf::parse(&from.5).unwrap();
        leaf.seq = seq as u64;
        scene.replace(row_of(seq, &leaf));
    }
}

fn truncate(scene: &mut Scene<'_>) {
    let left = scene.below(scene.newest());
    match scene.below(3) {
        0 => {
            diesel::delete(audit_leaves::table.filter(audit_leaves::seq.ge(left as i64)))
                .execute(scene.conn)
                .unwrap();
        }
        way => {
            let leaves: Vec<_> = scene.log.rows.iter().take(left).map(|row| row.5.clone()).collect();
            if leaves.iter().all(|leaf| Leaf::parse(leaf).unwrap().subjects.is_empty()) || left < 4 {
                return delete(scene);
            }
            scene.rebuild(&leaves);
            if way == 2 {
                let later = audit_checkpoints::table.filter(audit_checkpoints::size.gt(left as i64));
                diesel::delete(later).execute(scene.conn).unwrap();
            }
        }
    }
}

fn fork(scene: &mut Scene<'_>) {
    let leaves = scene.rewritten(scene.newest());
    scene.rebuild(&leaves);
    match scene.below(3) {
        0 => {}
        1 => {
            diesel::delete(audit_checkpoints::table).execute(scene.conn).unwrap();
        }
        _ => scene.sign_again(&leaves, &scene.own_key()),
    }
}

/// Everything is in order afterwards but for one checkpoint that somebody kept elsewhere.
pub fn fork_with_key(scene: &mut Scene<'_>) {
    let leaves = scene.rewritten(scene.log.sizes[1] as usize);
    scene.rebuild(&leaves);
    let log = scene.log;
    scene.sign_again(&leaves, &log.key);
}

fn nodes(scene: &mut Scene<'_>) {
    let all: Vec<(i32, i64, Vec<u8>)> = audit_nodes::table.load(scene.conn).unwrap();
    let (level, position, mut hash) = all[scene.below(all.len())].clone();
    let place = audit_nodes::table.find((level, position));
    match scene.below(4) {
        0 => {
            scene.flip(&mut hash);
            diesel::update(place).set(audit_nodes::hash.eq(hash)).execute(scene.conn).unwrap();
        }
        1 => {
            diesel::delete(place).execute(scene.conn).unwrap();
        }
        2 => {
            hash.pop();
            diesel::update(place).set(audit_nodes::hash.eq(hash)).execute(scene.conn).unwrap();
        }
        _ => {
            let (level, position) = [(0, 3), (-1, 0), (1, 900), (9, 0), (63, 0), (2, -1)][scene.below(6)];
            diesel::insert_into(audit_nodes::table)
                .values((
                    audit_nodes::level.eq(level),
                    audit_nodes::position.eq(position),
                    audit_nodes::hash.eq(hash),
                ))
                .execute(scene.conn)
                .unwrap();
        }
    }
}

fn subjects(scene: &mut Scene<'_>) {
    let all: Vec<(RawId, i64)> = audit_subjects::table.load(scene.conn).unwrap();
    let (subject, seq) = all[scene.below(all.len())];
    let stranger = RawId(Uuid::from_bytes(scene.dice.bytes()));
    let way = scene.below(4);
    if way != 1 {
        diesel::delete(audit_subjects::table.find((subject, seq))).execute(scene.conn).unwrap();
    }
    let put = match way {
        0 => None,
        1 => Some((stranger, scene.row().0)),
        2 => Some((stranger, seq)),
        _ => Some((subject, [-3, 10_000, i64::MAX][scene.below(3)])),
    };
    if let Some((subject, seq)) = put {
        diesel::insert_into(audit_subjects::table)
            .values((audit_subjects::subject_id.eq(subject), audit_subjects::seq.eq(seq)))
            .execute(scene.conn)
            .unwrap();
    }
}

fn head(scene: &mut Scene<'_>) {
    let mut bytes: Vec<u8> =
        audit_head::table.find(1).select(audit_head::frontier).first(scene.conn).unwrap();
    match scene.below(4) {
        0 => {
            scene.flip(&mut bytes);
            diesel::update(audit_head::table)
                .set(audit_head::frontier.eq(bytes))
                .execute(scene.conn)
                .unwrap();
        }
        1 => {
            let by = [-1, 1, 1000][scene.below(3)];
            diesel::update(audit_head::table)
                .set(audit_head::size.eq(audit_head::size + by))
                .execute(scene.conn)
                .unwrap();
        }
        2 => {
            diesel::delete(audit_head::table).execute(scene.conn).unwrap();
        }
        _ => {
            diesel::insert_into(audit_head::table)
                .values((audit_head::id.eq(2), audit_head::size.eq(0), audit_head::frontier.eq(bytes)))
                .execute(scene.conn)
                .unwrap();
        }
    }
}

/// Another spelling of a note, or another note.
fn respell(scene: &Scene<'_>, note: &str) -> String {
    match scene.below(7) {
        0 => note.replace('\n', "\r\n"),
        1 => format!("{note}\n"),
        2 => note.trim_end().to_owned(),
        3 => note.replacen("\n\n", "\n\n\n", 1),
        // The last character before the padding carries bits that nobody reads.
        4 => {
            let at = note.rfind("==").or_else(|| note.rfind('=')).unwrap() - 1;
            let (before, rest) = note.split_at(at);
            let other = if rest.starts_with('A') { 'B' } else { 'A' };
            format!("{before}{other}{}", &rest[1..])
        }
        5 => note.replacen(&scene.log.origin, "another.log/audit", 1),
        _ => {
            let mut bytes = note.as_bytes().to_vec();
            loop {
                let at = scene.below(bytes.len());
                if bytes[at].is_ascii_alphanumeric() {
                    bytes[at] = if bytes[at] == b'7' { b'3' } else { b'7' };
                    break;
                }
            }
            String::from_utf8(bytes).unwrap()
        }
    }
}

fn stored_checkpoint(scene: &mut Scene<'_>) {
    let all: Vec<(i64, String)> =
        audit_checkpoints::table.order(audit_checkpoints::size).load(scene.conn).unwrap();
    let n = scene.below(all.len());
    let (size, note) = all[n].clone();
    diesel::delete(audit_checkpoints::table.find(size)).execute(scene.conn).unwrap();
    match scene.below(5) {
        // A row without a file beside it may go: others keep that folder.
        0 if scene.folder.join(size.to_string()).exists() => {}
        1 => scene.put_checkpoint([-4, 0, size + 1, 100_000][scene.below(4)], &note),
        2 => scene.put_checkpoint(size, &all[(n + 1) % all.len()].1),
        _ => {
            let other = respell(scene, &note);
            scene.put_checkpoint(size, &other);
        }
    }
}

fn folder(scene: &mut Scene<'_>) {
    let n = scene.below(scene.log.sizes.len());
    let (size, another) = (scene.log.sizes[n], scene.log.sizes[(n + 1) % scene.log.sizes.len()]);
    let read = |name: &str| fs::read_to_string(scene.folder.join(name)).unwrap();
    let write = |name: &str, text: &str| fs::write(scene.folder.join(name), text).unwrap();
    match scene.below(8) {
        0 => write(&size.to_string(), &respell(scene, &read(&size.to_string()))),
        1 => write("latest", &respell(scene, &read("latest"))),
        2 => write(&size.to_string(), &read(&another.to_string())),
        3 => write("latest", &read(&scene.log.sizes[scene.below(scene.log.sizes.len() - 1)].to_string())),
        4 => fs::remove_file(scene.folder.join("latest")).unwrap(),
        5 => write(&(size + 1).to_string(), &read(&size.to_string())),
        6 => {
            let line = verifier_key(&scene.log.origin, &scene.own_key().verifying_key()).unwrap();
            write("verifier-key", &(line + "\n"));
        }
        // The whole set of keys and signatures exchanged, over the true log.
        _ => {
            let leaves: Vec<_> = scene.log.rows.iter().map(|row| row.5.clone()).collect();
            let key = scene.own_key();
            let line = verifier_key(&scene.log.origin, &key.verifying_key()).unwrap();
            write("verifier-key", &(line + "\n"));
            scene.sign_again(&leaves, &key);
        }
    }
}

fn mix(scene: &mut Scene<'_>) {
    let ours: Vec<_> = scene.log.rows.iter().map(|row| row.5.clone()).collect();
    let others = scene.log.others.clone();
    let from = scene.below(scene.newest());
    let mixed = match scene.below(3) {
        0 => others,
        1 => ours.iter().take(from).chain(others.iter().skip(from)).cloned().collect(),
        _ => ours
            .iter()
            .take(from)
            .chain(&others[from..=from])
            .chain(ours.iter().skip(from + 1))
            .cloned()
            .collect(),
    };
    scene.rebuild(&mixed);
}
