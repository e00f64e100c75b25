CREATE TABLE providers (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    services TEXT NOT NULL,
    contact_point TEXT NOT NULL,
    pathway_verified_on TEXT,
    review_days INTEGER NOT NULL,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE referrals (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    point_id UUID REFERENCES service_points (id),
    reference TEXT NOT NULL UNIQUE,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    receiver_kind TEXT NOT NULL,
    receiver_society_id UUID REFERENCES societies (id),
    receiver_point_id UUID REFERENCES service_points (id),
    receiver_provider_id UUID REFERENCES providers (id),
    state TEXT NOT NULL,
    urgency TEXT NOT NULL,
    service TEXT NOT NULL,
    mode TEXT NOT NULL,
    escort_needed BOOLEAN NOT NULL,
    fields TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by UUID NOT NULL,
    sent_at BIGINT,
    ack_due_at BIGINT,
    service_due_at BIGINT,
    follow_up_due_at BIGINT,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    need_sealed BYTEA NOT NULL,
    copy_sealed BYTEA,
    outcome_sealed BYTEA NOT NULL
);
CREATE INDEX referrals_by_society ON referrals (society_id, state);
CREATE INDEX referrals_by_receiver ON referrals (receiver_society_id, state);
CREATE INDEX referrals_by_due ON referrals (state, service_due_at);
CREATE TABLE referral_events (
    id UUID PRIMARY KEY NOT NULL,
    referral_id UUID NOT NULL REFERENCES referrals (id) ON DELETE CASCADE,
    from_state TEXT NOT NULL,
    to_state TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL,
    by_account UUID,
    version BIGINT NOT NULL,
    note_sealed BYTEA NOT NULL
);
CREATE INDEX referral_events_by_referral ON referral_events (referral_id, at);
