ALTER TABLE releases DROP COLUMN ended_at;
DROP INDEX candidate_events_in_order;
CREATE INDEX candidate_events_by_candidate ON candidate_events (candidate_id, at);
ALTER TABLE candidate_events DROP COLUMN seq;
ALTER TABLE people DROP COLUMN profile_version;
