CREATE TABLE candidates (
    id UUID PRIMARY KEY NOT NULL,
    sought_id UUID NOT NULL REFERENCES sought_persons (id) ON DELETE CASCADE,
    found_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    request_society_id UUID NOT NULL,
    found_society_id UUID NOT NULL,
    state TEXT NOT NULL,
    access TEXT NOT NULL,
    band TEXT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    model TEXT NOT NULL,
    cause TEXT NOT NULL,
    sought_version BIGINT NOT NULL,
    found_version BIGINT NOT NULL,
    generated_at BIGINT NOT NULL,
    proposed_by UUID,
    confirmed_by UUID,
    verified_by UUID,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (sought_id, found_id),
    CHECK (confirmed_by IS NULL OR (proposed_by IS NOT NULL AND confirmed_by <> proposed_by)),
    CHECK (verified_by IS NULL OR (confirmed_by IS NOT NULL AND verified_by <> proposed_by))
);
CREATE INDEX candidates_by_state ON candidates (request_society_id, state, probability);
CREATE INDEX candidates_by_found ON candidates (found_id);
CREATE TABLE candidate_events (
    id UUID PRIMARY KEY NOT NULL,
    candidate_id UUID NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    undo_of UUID,
    at BIGINT NOT NULL,
    by_account UUID,
    version BIGINT NOT NULL,
    note_sealed BYTEA
);
CREATE INDEX candidate_events_by_candidate ON candidate_events (candidate_id, at);
CREATE TABLE releases (
    id UUID PRIMARY KEY NOT NULL,
    candidate_id UUID NOT NULL REFERENCES candidates (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    consent_id UUID NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    by_account UUID NOT NULL
);
CREATE INDEX releases_by_candidate ON releases (candidate_id);
CREATE TABLE match_progress (
    id INTEGER PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
);
INSERT INTO match_progress (id, seq) VALUES (1, 0);
