ALTER TABLE consent_texts DROP COLUMN society_id;
