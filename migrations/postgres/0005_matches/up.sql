CREATE TABLE candidates (
    id UUID PRIMARY KEY NOT NULL,
    sought_id UUID NOT NULL REFERENCES sought_persons (id) ON DELETE CASCADE,
    contact_id UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    request_society_id UUID NOT NULL,
    contact_society_id UUID NOT NULL,
    state TEXT NOT NULL,
    band TEXT NOT NULL,
    probability DOUBLE PRECISION NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    model TEXT NOT NULL,
    cause TEXT NOT NULL,
    sought_version BIGINT NOT NULL,
    contact_version BIGINT NOT NULL,
    generated_at BIGINT NOT NULL,
    proposed_by UUID,
    confirmed_by UUID,
    verified_by UUID,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (sought_id, contact_id)
);
CREATE INDEX candidates_by_state ON candidates (request_society_id, state, probability);
CREATE INDEX candidates_by_contact ON candidates (contact_id);
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
    note_sealed BYTEA NOT NULL
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
