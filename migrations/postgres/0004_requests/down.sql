DROP TABLE request_states;
DROP TABLE request_actions;
DROP TABLE request_circulation;
DROP TABLE sought_persons;
DROP TABLE tracing_requests;
