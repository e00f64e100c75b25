CREATE TABLE tracing_requests (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    point_id BLOB REFERENCES service_points (id),
    reference TEXT NOT NULL UNIQUE,
    enquirer_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    conflict TEXT NOT NULL,
    channel TEXT NOT NULL,
    interview_language TEXT NOT NULL,
    interpreter INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    next_contact_due TEXT,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    safe_contact_sealed BLOB NOT NULL,
    circumstances_sealed BLOB NOT NULL,
    outcome_sealed BLOB NOT NULL,
    told_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX tracing_requests_by_society ON tracing_requests (society_id, state);
CREATE INDEX tracing_requests_by_enquirer ON tracing_requests (enquirer_id);
CREATE TABLE sought_persons (
    id BLOB PRIMARY KEY NOT NULL,
    request_id BLOB NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    relation_sealed BLOB NOT NULL,
    last_contact_sealed BLOB NOT NULL,
    last_place_sealed BLOB NOT NULL,
    journey_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX sought_persons_by_request ON sought_persons (request_id);
CREATE INDEX sought_persons_by_person ON sought_persons (person_id);
CREATE TABLE request_circulation (
    request_id BLOB NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    recipient_kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (request_id, recipient_kind, recipient)
) STRICT;
CREATE TABLE request_actions (
    id BLOB PRIMARY KEY NOT NULL,
    request_id BLOB NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    result TEXT NOT NULL,
    at INTEGER NOT NULL,
    by_account BLOB,
    version INTEGER NOT NULL,
    note_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX request_actions_by_request ON request_actions (request_id, at);
CREATE TABLE request_states (
    id BLOB PRIMARY KEY NOT NULL,
    request_id BLOB NOT NULL REFERENCES tracing_requests (id) ON DELETE CASCADE,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    by_account BLOB
) STRICT;
CREATE INDEX request_states_by_request ON request_states (request_id, at);
