DROP TABLE match_progress;
DROP TABLE releases;
DROP TABLE candidate_events;
DROP TABLE candidates;
