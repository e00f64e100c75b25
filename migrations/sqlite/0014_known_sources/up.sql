-- From which network which sign-in name has signed in, as a code under a key that is not here. No account and no time
-- beside it, and no order of writing: only the last day.
CREATE TABLE known_sources (
    pair BLOB PRIMARY KEY NOT NULL,
    seen_on TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX known_sources_by_day ON known_sources (seen_on, pair);
