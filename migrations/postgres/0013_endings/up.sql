-- An ending that takes two: a death or a detention, stated by one account and judged by another.
CREATE TABLE request_endings (
    id UUID PRIMARY KEY NOT NULL,
    request_id UUID NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    stated_by UUID NOT NULL,
    decided_at BIGINT,
    decided_by UUID CHECK (decided_by IS NULL OR decided_by <> stated_by),
    version BIGINT NOT NULL,
    stated_sealed BYTEA NOT NULL
);
CREATE INDEX request_endings_by_request ON request_endings (request_id, stated_at);
-- One at a time waits.
CREATE UNIQUE INDEX request_endings_waiting ON request_endings (request_id) WHERE state = 'waiting';
