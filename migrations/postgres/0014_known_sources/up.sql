-- From which network which sign-in name has signed in, as a code under a key that is not here. No account and no time
-- beside it: only the last day.
CREATE TABLE known_sources (
    pair BYTEA PRIMARY KEY NOT NULL,
    seen_on TEXT NOT NULL
);
CREATE INDEX known_sources_by_day ON known_sources (seen_on, pair);
