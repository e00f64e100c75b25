-- Who is restricted is asked at every look at a request or a candidate. They are few.
CREATE INDEX people_restricted ON people (id) WHERE restricted;
