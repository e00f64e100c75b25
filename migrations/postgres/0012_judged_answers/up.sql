-- The very answers a referral left under: a later one, however near in time, was not judged.
CREATE TABLE referral_consents (
    referral_id UUID NOT NULL REFERENCES referrals (id) ON DELETE CASCADE,
    consent_id UUID NOT NULL REFERENCES consents (id) ON DELETE CASCADE,
    PRIMARY KEY (referral_id, consent_id)
);
CREATE INDEX referral_consents_by_consent ON referral_consents (consent_id);
INSERT INTO referral_consents (referral_id, consent_id)
SELECT referrals.id, consents.id
FROM referrals
JOIN consents ON consents.person_id = referrals.person_id
WHERE consents.recorded_at <= referrals.sent_at
    AND NOT EXISTS (
        SELECT 1 FROM consents AS newer
        WHERE newer.person_id = consents.person_id AND newer.kind = consents.kind
            AND newer.revision > consents.revision AND newer.recorded_at <= referrals.sent_at
    );
-- Whoever agrees to be kept no longer is listed, however many agree.
CREATE INDEX consents_by_status ON consents (kind, status, person_id);
