-- Whose words these are: a society's own, or, without one, those that come with the service and serve everybody.
ALTER TABLE consent_texts ADD COLUMN society_id BLOB REFERENCES societies (id);
