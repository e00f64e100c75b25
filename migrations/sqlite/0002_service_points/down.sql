DROP TABLE route_points;
DROP TABLE routes;
DROP TABLE point_services;
DROP TABLE point_status;
DROP TABLE point_sites;
