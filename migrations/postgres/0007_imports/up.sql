CREATE TABLE import_runs (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    kind TEXT NOT NULL,
    source_tag BYTEA NOT NULL UNIQUE,
    lines_done BIGINT NOT NULL,
    bytes_done BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
