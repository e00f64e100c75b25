CREATE TABLE tracing_requests (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    point_id UUID REFERENCES service_points (id),
    reference TEXT NOT NULL UNIQUE,
    enquirer_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    conflict TEXT NOT NULL,
    channel TEXT NOT NULL,
    interview_language TEXT NOT NULL,
    interpreter BOOLEAN NOT NULL,
    received_on TEXT NOT NULL,
    next_contact_due TEXT,
    created_at BIGINT NOT NULL,
    created_by UUID,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    safe_contact_sealed BYTEA NOT NULL,
    circumstances_sealed BYTEA NOT NULL,
    outcome_sealed BYTEA NOT NULL,
    told_sealed BYTEA NOT NULL
);
CREATE INDEX tracing_requests_by_society ON tracing_requests (society_id, state);
CREATE INDEX tracing_requests_by_enquirer ON tracing_requests (enquirer_id);
CREATE TABLE sought_persons (
    id UUID PRIMARY KEY NOT NULL,
    request_id UUID NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    relation_sealed BYTEA NOT NULL,
    last_contact_sealed BYTEA NOT NULL,
    last_place_sealed BYTEA NOT NULL,
    journey_sealed BYTEA NOT NULL
);
CREATE INDEX sought_persons_by_request ON sought_persons (request_id);
CREATE INDEX sought_persons_by_person ON sought_persons (person_id);
CREATE TABLE request_circulation (
    request_id UUID NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    recipient_kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (request_id, recipient_kind, recipient)
);
CREATE TABLE request_actions (
    id UUID PRIMARY KEY NOT NULL,
    request_id UUID NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    result TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_account UUID,
    version BIGINT NOT NULL,
    note_sealed BYTEA NOT NULL
);
CREATE INDEX request_actions_by_request ON request_actions (request_id, at);
CREATE TABLE request_states (
    id UUID PRIMARY KEY NOT NULL,
    request_id UUID NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL,
    by_account UUID
);
CREATE INDEX request_states_by_request ON request_states (request_id, at);
