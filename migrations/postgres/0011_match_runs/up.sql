CREATE TABLE match_runs (
    id UUID PRIMARY KEY NOT NULL,
    basis TEXT NOT NULL,
    feed BIGINT NOT NULL,
    after_person UUID,
    steps BIGINT NOT NULL,
    looked BIGINT NOT NULL,
    made BIGINT NOT NULL,
    state TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
