//! Bearer tokens for programs: EdDSA and nothing else, ten minutes, ids only. A token is a claim to a session; whether
//! the session lives is asked of the database every time.
//!
//! The signing key changes every 60 days by itself: each period's key is derived from one wrapped secret, and only the
//! keys of this period and the last are known here. A header must be exactly the one we write: whatever points to
//! another key (`jwk`, `jku`, `x5c`, `x5u`), names another algorithm, another kind or another key is not read further.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use crate::kernel::{AccountId, ApiError, SessionId, Timestamp};
use crate::vault::Secret;

/// How long a token lives, in seconds.
pub const LIFE: i64 = 600;
const LEEWAY: i64 = 30;
const PERIOD: i64 = 60 * 24 * 3600;
const KIND: &str = "relink-access+jwt";
const ISSUER: &str = "relink";
const AUDIENCE: &str = "relink-api";

/// What a token says. Every claim is needed, and of its type.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: AccountId,
    sid: SessionId,
    jti: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// A token that was ours and of now. The session decides the rest.
pub(super) struct Bearer {
    pub(super) account: AccountId,
    pub(super) session: SessionId,
    /// Of this one token: the session knows its newest.
    pub(super) number: String,
}

/// Signs and reads tokens.
pub struct Tokens {
    secret: Secret<Vec<u8>>,
}

impl Tokens {
    pub(super) fn new(secret: Secret<Vec<u8>>) -> Self {
        Self { secret }
    }

    fn key(&self, period: i64) -> crypto::signing::SigningKey {
        let seed = crypto::derive::hmac_sha256(self.secret.expose(), &period.to_be_bytes());
        crypto::signing::SigningKey::from_bytes(&seed)
    }

    fn header(period: i64) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(KIND.into());
        header.kid = Some(format!("period-{period}"));
        header
    }

    pub(super) fn sign(
        &self,
        account: AccountId,
        session: SessionId,
        number: &str,
        now: Timestamp,
    ) -> Result<String, ApiError> {
        let seconds = now.micros() / 1_000_000;
        let period = seconds / PERIOD;
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: account,
            sid: session,
            jti: number.into(),
            iat: seconds,
            nbf: seconds,
            exp: seconds + LIFE,
        };
        let key = EncodingKey::from_ed_der(self.key(period).to_pkcs8_der().expose());
        encode(&Self::header(period), &claims, &key).map_err(|_| ApiError::Unavailable)
    }

    /// `None` for everything that is not a token of ours, of now.
    pub(super) fn read(&self, token: &str, now: Timestamp) -> Option<Bearer> {
        if token.len() > 2048 {
            return None;
        }
        let seconds = now.micros() / 1_000_000;
        let header = decode_header(token).ok()?;
        let this = seconds / PERIOD;
        let period = [this, this - 1].into_iter().find(|period| Self::header(*period) == header)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        // Time is handed in: the three checks below are ours.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let key = DecodingKey::from_ed_der(&self.key(period).verifying_key().to_bytes());
        let claims = decode::<Claims>(token, &key, &validation).ok()?.claims;
        let in_time = claims.exp > seconds - LEEWAY
            && claims.nbf <= seconds + LEEWAY
            && claims.iat <= seconds + LEEWAY
            && claims.exp.checked_sub(claims.iat) == Some(LIFE);
        in_time.then_some(Bearer { account: claims.sub, session: claims.sid, number: claims.jti })
    }
}

/// What a session keeps of its newest token.
pub(super) fn number_hash(number: &str) -> [u8; 32] {
    crypto::derive::sha256(&[b"relink token", number.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Chance, FixedClock};
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp::from_micros(1_772_355_600_000_000);
    const SECONDS: i64 = 1_772_355_600;

    fn tokens() -> Tokens {
        Tokens::new(Secret::new(vec![7; 32]))
    }

    fn good() -> Value {
        let (clock, chance) = (FixedClock::at(NOW), Chance::seeded(1));
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": AccountId::new(&clock, &chance),
            "sid": SessionId::new(&clock, &chance), "jti": "n1", "iat": SECONDS, "nbf": SECONDS, "exp": SECONDS + LIFE,
        })
    }

    fn signed(header: &Header, claims: &Value) -> String {
        let key = EncodingKey::from_ed_der(tokens().key(SECONDS / PERIOD).to_pkcs8_der().expose());
        encode(header, claims, &key).unwrap()
    }

    fn is_read(token: &str) -> bool {
        tokens().read(token, NOW).is_some()
    }

    fn header() -> Header {
        Tokens::header(SECONDS / PERIOD)
    }

    #[test]
    fn our_own_token_is_read_until_it_ends() {
        assert!(is_read(&signed(&header(), &good())));
        let (clock, chance) = (FixedClock::at(NOW), Chance::seeded(1));
        let token = tokens()
            .sign(AccountId::new(&clock, &chance), SessionId::new(&clock, &chance), "n", NOW)
            .unwrap();
        assert!(is_read(&token));
        let after = |seconds| NOW.plus(chrono::Duration::seconds(seconds));
        assert!(tokens().read(&token, after(LIFE + LEEWAY - 1)).is_some());
        assert!(tokens().read(&token, after(LIFE + LEEWAY)).is_none());
        assert!(tokens().read(&token, after(-LEEWAY - 1)).is_none());
    }

    #[test]
    fn every_claim_is_needed_and_of_its_type() {
        for claim in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
            let mut without = good();
            without.as_object_mut().unwrap().remove(claim);
            assert!(!is_read(&signed(&header(), &without)), "{claim} absent");
            for wrong in [json!(null), json!(true), json!("x"), json!(-1.5), json!([]), json!({"a": 1})] {
                if claim == "jti" && wrong.is_string() {
                    continue;
                }
                let mut claims = good();
                claims[claim] = wrong;
                assert!(!is_read(&signed(&header(), &claims)), "{claim}: {claims}");
            }
        }
        let mut more = good();
        more["admin"] = json!(true);
        assert!(!is_read(&signed(&header(), &more)));
    }

    #[test]
    fn times_that_cannot_be_are_refused() {
        let with = |pairs: &[(&str, i64)]| {
            let mut claims = good();
            for (claim, value) in pairs {
                claims[*claim] = json!(value);
            }
            is_read(&signed(&header(), &claims))
        };
        assert!(!with(&[("iat", SECONDS + 60), ("exp", SECONDS + 60 + LIFE)]));
        assert!(!with(&[("nbf", SECONDS + 60)]));
        assert!(!with(&[("exp", SECONDS + LIFE + 1)]));
        assert!(!with(&[("exp", i64::MAX), ("iat", i64::MIN)]));
        assert!(!with(&[("iat", SECONDS - 2 * LIFE), ("exp", SECONDS - LIFE)]));
    }

    #[test]
    fn a_header_that_is_not_exactly_ours_is_refused() {
        let changed = |change: &dyn Fn(&mut Header)| {
            let mut header = header();
            change(&mut header);
            signed(&header, &good())
        };
        let other_keys: [&dyn Fn(&mut Header); 9] = [
            &|h| h.typ = Some("JWT".into()),
            &|h| h.typ = None,
            &|h| h.kid = None,
            &|h| h.kid = Some("period-1".into()),
            &|h| h.kid = Some("../../etc/passwd".into()),
            &|h| h.jku = Some("https://evil.example/keys".into()),
            &|h| h.x5u = Some("https://evil.example/cert".into()),
            &|h| h.x5c = Some(vec!["AAAA".into()]),
            &|h| h.crit = Some(vec!["exp".into()]),
        ];
        for change in other_keys {
            assert!(!is_read(&changed(change)));
        }
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        assert!(!is_read(&changed(&|h| h.jwk = serde_json::from_value(jwk.clone()).ok())));
    }

    #[test]
    fn other_algorithms_and_no_signature_are_refused() {
        use base64::Engine;
        use base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let kid = format!("period-{}", SECONDS / PERIOD);
        // The public key as an HMAC secret: the oldest confusion.
        let public = tokens().key(SECONDS / PERIOD).verifying_key().to_bytes();
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let mut header = Header::new(algorithm);
            header.typ = Some(KIND.into());
            header.kid = Some(kid.clone());
            let token = encode(&header, &good(), &EncodingKey::from_secret(&public)).unwrap();
            assert!(!is_read(&token));
        }
        for name in ["none", "None", "RS256", "ES256", "PS512", "HS256"] {
            let head = part(&json!({"alg": name, "typ": KIND, "kid": kid}));
            for signature in ["", "AAAA"] {
                assert!(!is_read(&format!("{head}.{}.{signature}", part(&good()))));
            }
        }
        let token = signed(&header(), &good());
        let (signed_part, _) = token.rsplit_once('.').unwrap();
        assert!(!is_read(&format!("{signed_part}.")));
        let other = Tokens::new(Secret::new(vec![8; 32]));
        assert!(other.read(&token, NOW).is_none());
        for text in ["", ".", "..", "a.b.c", &"x".repeat(5000)] {
            assert!(!is_read(text));
        }
    }
}
