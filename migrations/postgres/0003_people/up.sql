CREATE TABLE people (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    point_id UUID REFERENCES service_points (id),
    reference TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    restricted BOOLEAN NOT NULL,
    retention_until TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    given_names_sealed BYTEA NOT NULL,
    family_names_sealed BYTEA NOT NULL,
    full_name_sealed BYTEA NOT NULL,
    original_script_name_sealed BYTEA NOT NULL,
    other_names_sealed BYTEA NOT NULL,
    father_name_sealed BYTEA NOT NULL,
    mother_name_sealed BYTEA NOT NULL,
    grandfather_name_sealed BYTEA NOT NULL,
    spouse_name_sealed BYTEA NOT NULL,
    sex_sealed BYTEA NOT NULL,
    birth_sealed BYTEA NOT NULL,
    nationalities_sealed BYTEA NOT NULL,
    languages_sealed BYTEA NOT NULL,
    description_sealed BYTEA NOT NULL,
    origin_sealed BYTEA NOT NULL,
    phones_sealed BYTEA NOT NULL,
    reach_sealed BYTEA NOT NULL,
    functioning_sealed BYTEA NOT NULL,
    protection_sealed BYTEA NOT NULL,
    profile_sealed BYTEA NOT NULL
);
CREATE INDEX people_by_point ON people (society_id, point_id);
CREATE INDEX people_by_retention ON people (retention_until);
CREATE TABLE assignments (
    subject_id UUID NOT NULL,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    since BIGINT NOT NULL,
    PRIMARY KEY (subject_id, account_id)
);
CREATE INDEX assignments_by_account ON assignments (account_id);
CREATE TABLE travel_groups (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    point_id UUID REFERENCES service_points (id),
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE group_members (
    group_id UUID NOT NULL REFERENCES travel_groups (id) ON DELETE CASCADE,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (group_id, person_id)
);
CREATE INDEX group_members_by_person ON group_members (person_id);
CREATE TABLE contacts (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    point_id UUID NOT NULL REFERENCES service_points (id),
    person_id UUID REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    contact_on TEXT NOT NULL,
    wants_contact TEXT NOT NULL,
    recorded_at BIGINT NOT NULL,
    recorded_by UUID,
    version BIGINT NOT NULL,
    next_place_sealed BYTEA,
    companions_sealed BYTEA,
    note_sealed BYTEA
);
CREATE INDEX contacts_by_point ON contacts (point_id, contact_on);
CREATE INDEX contacts_by_person ON contacts (person_id);
CREATE TABLE contact_services (
    contact_id UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    service TEXT NOT NULL,
    PRIMARY KEY (contact_id, service)
);
CREATE TABLE consent_texts (
    id UUID PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (kind, version, language)
);
CREATE TABLE consents (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    revision BIGINT NOT NULL,
    status TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    given_by TEXT NOT NULL,
    assent TEXT NOT NULL,
    method TEXT NOT NULL,
    text_id UUID NOT NULL REFERENCES consent_texts (id),
    interpreter BOOLEAN NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT,
    recorded_at BIGINT NOT NULL,
    recorded_by UUID,
    version BIGINT NOT NULL,
    restrictions_sealed BYTEA NOT NULL,
    UNIQUE (person_id, kind, revision)
);
CREATE INDEX consents_by_expiry ON consents (kind, valid_until);
