CREATE TABLE import_runs (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    kind TEXT NOT NULL,
    source_tag BLOB NOT NULL UNIQUE,
    lines_done INTEGER NOT NULL,
    bytes_done INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    state TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
