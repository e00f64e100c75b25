CREATE TABLE point_sites (
    id BLOB PRIMARY KEY NOT NULL,
    point_id BLOB NOT NULL REFERENCES service_points (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    coverage TEXT,
    timetable TEXT,
    since INTEGER NOT NULL,
    until INTEGER,
    reason TEXT
) STRICT;
CREATE INDEX point_sites_by_point ON point_sites (point_id);
CREATE TABLE point_status (
    id BLOB PRIMARY KEY NOT NULL,
    point_id BLOB NOT NULL REFERENCES service_points (id),
    status TEXT NOT NULL,
    since TEXT NOT NULL,
    reason TEXT,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB
) STRICT;
CREATE INDEX point_status_by_point ON point_status (point_id, recorded_at);
CREATE TABLE point_services (
    point_id BLOB NOT NULL REFERENCES service_points (id),
    service TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    PRIMARY KEY (point_id, service, since)
) STRICT;
CREATE TABLE routes (
    id BLOB PRIMARY KEY NOT NULL,
    society_id BLOB NOT NULL REFERENCES societies (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE route_points (
    route_id BLOB NOT NULL REFERENCES routes (id),
    position INTEGER NOT NULL,
    point_id BLOB NOT NULL REFERENCES service_points (id),
    PRIMARY KEY (route_id, position)
) STRICT;
