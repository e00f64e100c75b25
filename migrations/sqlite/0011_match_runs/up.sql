CREATE TABLE match_runs (
    id BLOB PRIMARY KEY NOT NULL,
    basis TEXT NOT NULL,
    feed INTEGER NOT NULL,
    after_person BLOB,
    steps INTEGER NOT NULL,
    looked INTEGER NOT NULL,
    made INTEGER NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
