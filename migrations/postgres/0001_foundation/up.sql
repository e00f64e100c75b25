CREATE TABLE societies (
    id UUID PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE society_keys (
    society_id UUID NOT NULL REFERENCES societies (id),
    version INTEGER NOT NULL,
    wrapped BYTEA NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (society_id, version)
);
CREATE TABLE data_keys (
    owner_id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    key_version INTEGER NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX data_keys_by_society ON data_keys (society_id, key_version);
CREATE TABLE service_points (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    place_type TEXT NOT NULL,
    country TEXT NOT NULL,
    vessel TEXT,
    sensitive BOOLEAN NOT NULL,
    opens_on TEXT,
    closes_on TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX service_points_by_society ON service_points (society_id);
CREATE TABLE accounts (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    point_id UUID REFERENCES service_points (id),
    login TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    state TEXT NOT NULL,
    password_hash TEXT,
    totp_sealed BYTEA,
    totp_step BIGINT NOT NULL,
    conduct_version TEXT,
    conduct_at BIGINT,
    language TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE enrolments (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE recovery_codes (
    code_hash BYTEA PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    used_at BIGINT
);
CREATE TABLE sessions (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE TABLE refresh_tokens (
    token_hash BYTEA PRIMARY KEY NOT NULL,
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE idempotency_keys (
    account_id UUID NOT NULL,
    key_hash BYTEA NOT NULL,
    request_tag BYTEA NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, key_hash)
);
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY NOT NULL,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL
);
CREATE TABLE audit_leaves (
    seq BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    society_id UUID,
    bytes BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_leaves_by_actor ON audit_leaves (actor, seq);
CREATE INDEX audit_leaves_by_time ON audit_leaves (at, seq);
CREATE TABLE audit_subjects (
    subject_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (subject_id, seq)
);
CREATE TABLE audit_nodes (
    level INTEGER NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (level, position)
);
CREATE TABLE audit_checkpoints (
    size BIGINT PRIMARY KEY NOT NULL,
    note TEXT NOT NULL
);
CREATE TABLE service_secrets (
    label TEXT PRIMARY KEY NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE changes (
    seq BIGINT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    record_id UUID NOT NULL,
    at BIGINT NOT NULL
);
CREATE TABLE change_head (
    id INTEGER PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
);
INSERT INTO change_head (id, seq) VALUES (1, 0);

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_leaves_fixed BEFORE UPDATE OR DELETE ON audit_leaves
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_nodes_fixed BEFORE UPDATE OR DELETE ON audit_nodes
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_subjects_fixed BEFORE UPDATE OR DELETE ON audit_subjects
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_checkpoints_fixed BEFORE UPDATE OR DELETE ON audit_checkpoints
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
