DROP TABLE consents;
DROP TABLE consent_texts;
DROP TABLE contact_services;
DROP TABLE contacts;
DROP TABLE group_members;
DROP TABLE travel_groups;
DROP TABLE assignments;
DROP TABLE people;
