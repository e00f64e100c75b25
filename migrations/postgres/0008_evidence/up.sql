-- The version of a person's row in which what matching compares last changed: rejected pairs wait for it.
ALTER TABLE people ADD COLUMN profile_version BIGINT NOT NULL DEFAULT 1;
UPDATE people SET profile_version = version;
-- Decisions of one moment keep their order.
ALTER TABLE candidate_events ADD COLUMN seq BIGINT NOT NULL DEFAULT 0;
UPDATE candidate_events SET seq = (
    SELECT count(*) FROM candidate_events AS earlier
    WHERE earlier.candidate_id = candidate_events.candidate_id
        AND (earlier.at, earlier.id) <= (candidate_events.at, candidate_events.id)
);
DROP INDEX candidate_events_by_candidate;
CREATE UNIQUE INDEX candidate_events_in_order ON candidate_events (candidate_id, seq);
-- When the decision that a release rests on was taken back.
ALTER TABLE releases ADD COLUMN ended_at BIGINT;
