-- An ending that takes two: a death or a detention, stated by one account and judged by another.
CREATE TABLE request_endings (
    id BLOB PRIMARY KEY NOT NULL,
    request_id BLOB NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    stated_at INTEGER NOT NULL,
    stated_by BLOB NOT NULL,
    decided_at INTEGER,
    decided_by BLOB CHECK (decided_by IS NULL OR decided_by <> stated_by),
    version INTEGER NOT NULL,
    stated_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX request_endings_by_request ON request_endings (request_id, stated_at);
-- One at a time waits.
CREATE UNIQUE INDEX request_endings_waiting ON request_endings (request_id) WHERE state = 'waiting';
