DROP TABLE request_endings;
