CREATE TABLE point_sites (
    id UUID PRIMARY KEY NOT NULL,
    point_id UUID NOT NULL REFERENCES service_points (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    coverage TEXT,
    timetable TEXT,
    since BIGINT NOT NULL,
    until BIGINT,
    reason TEXT
);
CREATE INDEX point_sites_by_point ON point_sites (point_id);
CREATE TABLE point_status (
    id UUID PRIMARY KEY NOT NULL,
    point_id UUID NOT NULL REFERENCES service_points (id),
    status TEXT NOT NULL,
    since TEXT NOT NULL,
    reason TEXT,
    recorded_at BIGINT NOT NULL,
    recorded_by UUID
);
CREATE INDEX point_status_by_point ON point_status (point_id, recorded_at);
CREATE TABLE point_services (
    point_id UUID NOT NULL REFERENCES service_points (id),
    service TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    PRIMARY KEY (point_id, service, since)
);
CREATE TABLE routes (
    id UUID PRIMARY KEY NOT NULL,
    society_id UUID NOT NULL REFERENCES societies (id),
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE route_points (
    route_id UUID NOT NULL REFERENCES routes (id),
    position INTEGER NOT NULL,
    point_id UUID NOT NULL REFERENCES service_points (id),
    PRIMARY KEY (route_id, position)
);
