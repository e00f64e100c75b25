CREATE TABLE candidates (
    id BLOB PRIMARY KEY NOT NULL,
    sought_id BLOB NOT NULL REFERENCES sought_persons (id) ON DELETE CASCADE,
    found_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    request_society_id BLOB NOT NULL,
    found_society_id BLOB NOT NULL,
    state TEXT NOT NULL,
    access TEXT NOT NULL,
    band TEXT NOT NULL,
    probability REAL NOT NULL,
    weight REAL NOT NULL,
    model TEXT NOT NULL,
    cause TEXT NOT NULL,
    sought_version INTEGER NOT NULL,
    found_version INTEGER NOT NULL,
    generated_at INTEGER NOT NULL,
    proposed_by BLOB,
    confirmed_by BLOB,
    verified_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (sought_id, found_id),
    CHECK (confirmed_by IS NULL OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by)),
    CHECK (verified_by IS NULL OR (confirmed_by IS NOT NULL AND verified_by <> proposed_by))
) STRICT;
CREATE INDEX candidates_by_state ON candidates (request_society_id, state, probability);
CREATE INDEX candidates_by_found ON candidates (found_id);
CREATE TABLE candidate_events (
    id BLOB PRIMARY KEY NOT NULL,
    candidate_id BLOB NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    undo_of BLOB,
    at INTEGER NOT NULL,
    by_account BLOB,
    version INTEGER NOT NULL,
    note_sealed BLOB
) STRICT;
CREATE INDEX candidate_events_by_candidate ON candidate_events (candidate_id, at);
CREATE TABLE releases (
    id BLOB PRIMARY KEY NOT NULL,
    candidate_id BLOB NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    consent_id BLOB NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    by_account BLOB NOT NULL
) STRICT;
CREATE INDEX releases_by_candidate ON releases (candidate_id);
CREATE TABLE match_progress (
    id INTEGER PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO match_progress (id, seq) VALUES (1, 0);
