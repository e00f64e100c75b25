DROP INDEX consents_by_status;
DROP TABLE referral_consents;
