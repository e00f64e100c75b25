CREATE TABLE people (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    point_id BLOB REFERENCES service_points (id),
    reference TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    restricted INTEGER NOT NULL,
    retention_until TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    given_names_sealed BLOB NOT NULL,
    family_names_sealed BLOB NOT NULL,
    full_name_sealed BLOB NOT NULL,
    original_script_name_sealed BLOB NOT NULL,
    other_names_sealed BLOB NOT NULL,
    father_name_sealed BLOB NOT NULL,
    mother_name_sealed BLOB NOT NULL,
    grandfather_name_sealed BLOB NOT NULL,
    spouse_name_sealed BLOB NOT NULL,
    sex_sealed BLOB NOT NULL,
    birth_sealed BLOB NOT NULL,
    nationalities_sealed BLOB NOT NULL,
    languages_sealed BLOB NOT NULL,
    description_sealed BLOB NOT NULL,
    origin_sealed BLOB NOT NULL,
    phones_sealed BLOB NOT NULL,
    reach_sealed BLOB NOT NULL,
    functioning_sealed BLOB NOT NULL,
    protection_sealed BLOB NOT NULL,
    profile_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX people_by_point ON people (society_id, point_id);
CREATE INDEX people_by_retention ON people (retention_until);
CREATE TABLE assignments (
    subject_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    since INTEGER NOT NULL,
    PRIMARY KEY (subject_id, account_id)
) STRICT;
CREATE INDEX assignments_by_account ON assignments (account_id);
CREATE TABLE travel_groups (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    point_id BLOB REFERENCES service_points (id),
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE group_members (
    group_id BLOB NOT NULL REFERENCES travel_groups (id) ON DELETE CASCADE,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (group_id, person_id)
) STRICT;
CREATE INDEX group_members_by_person ON group_members (person_id);
CREATE TABLE contacts (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    point_id BLOB NOT NULL REFERENCES service_points (id),
    person_id BLOB REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    contact_on TEXT NOT NULL,
    wants_contact TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB,
    version INTEGER NOT NULL,
    next_place_sealed BLOB,
    companions_sealed BLOB,
    note_sealed BLOB
) STRICT;
CREATE INDEX contacts_by_point ON contacts (point_id, contact_on);
CREATE INDEX contacts_by_person ON contacts (person_id);
CREATE TABLE contact_services (
    contact_id BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    service TEXT NOT NULL,
    PRIMARY KEY (contact_id, service)
) STRICT;
CREATE TABLE consent_texts (
    id BLOB PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (kind, version, language)
) STRICT;
CREATE TABLE consents (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    status TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    given_by TEXT NOT NULL,
    assent TEXT NOT NULL,
    method TEXT NOT NULL,
    text_id BLOB NOT NULL REFERENCES consent_texts (id),
    interpreter INTEGER NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB,
    version INTEGER NOT NULL,
    restrictions_sealed BLOB NOT NULL,
    UNIQUE (person_id, kind, revision)
) STRICT;
CREATE INDEX consents_by_expiry ON consents (kind, valid_until);
