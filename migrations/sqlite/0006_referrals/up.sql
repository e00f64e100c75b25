CREATE TABLE providers (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    services TEXT NOT NULL,
    contact_point TEXT NOT NULL,
    pathway_verified_on TEXT,
    review_days INTEGER NOT NULL,
    active INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE referrals (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    point_id BLOB REFERENCES service_points (id),
    reference TEXT NOT NULL UNIQUE,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    receiver_kind TEXT NOT NULL,
    receiver_society_id BLOB REFERENCES societies (id),
    receiver_point_id BLOB REFERENCES service_points (id),
    receiver_provider_id BLOB REFERENCES providers (id),
    state TEXT NOT NULL,
    urgency TEXT NOT NULL,
    service TEXT NOT NULL,
    mode TEXT NOT NULL,
    escort_needed INTEGER NOT NULL,
    fields TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    sent_at INTEGER,
    ack_due_at INTEGER,
    service_due_at INTEGER,
    follow_up_due_at INTEGER,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    need_sealed BLOB NOT NULL,
    copy_sealed BLOB,
    outcome_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX referrals_by_society ON referrals (society_id, state);
CREATE INDEX referrals_by_receiver ON referrals (receiver_society_id, state);
CREATE INDEX referrals_by_due ON referrals (state, service_due_at);
CREATE TABLE referral_events (
    id BLOB PRIMARY KEY NOT NULL,
    referral_id BLOB NOT NULL REFERENCES referrals (id) ON DELETE CASCADE,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    by_account BLOB,
    version INTEGER NOT NULL,
    note_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX referral_events_by_referral ON referral_events (referral_id, at);
