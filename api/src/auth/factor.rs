//! The second factor: codes that change every 30 seconds (RFC 6238), each good once; and recovery codes on paper, each
//! good once, of which only a hash is kept.

use qrcode::QrCode;
use qrcode::render::svg;
use totp_rs::{Builder, Totp};

use crate::kernel::{Chance, Reference, Timestamp};
use crate::vault::Secret;

const SEED_BYTES: usize = 20;
pub(super) const RECOVERY_CODES: usize = 10;

/// A fresh seed.
pub(super) fn new_seed(chance: &Chance) -> Secret<Vec<u8>> {
    Secret::new(chance.bytes::<SEED_BYTES>().to_vec())
}

fn totp(seed: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(seed.to_vec()).with_skew(1).build().ok()
}

fn seconds(now: Timestamp) -> u64 {
    u64::try_from(now.micros() / 1_000_000).unwrap_or_default()
}

/// The step a code belongs to, when it is one of now or its neighbours. A step that was used is the caller's to refuse.
pub(super) fn matching_step(seed: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    totp(seed)?.check(&code, seconds(now)).and_then(|step| i64::try_from(step).ok())
}

/// The code at a time: what a phone would show. For tests and the invented world.
pub fn code_at(seed: &[u8], now: Timestamp) -> Option<String> {
    Some(totp(seed)?.generate(seconds(now)).to_string())
}

/// What somebody needs to set up their phone.
pub struct Setup {
    /// To type by hand, in groups of four.
    pub text: String,
    /// The address behind the picture.
    pub address: String,
    /// The picture to scan.
    pub picture: String,
}

impl Setup {
    pub(super) fn of(seed: &[u8], login: &str) -> Self {
        let base32 = totp_rs::Secret::from(seed.to_vec()).to_base32();
        let address = format!("otpauth://totp/relink:{login}?secret={base32}&issuer=relink");
        let picture = QrCode::new(&address).map(|code| {
            let svg = code.render::<svg::Color<'_>>().min_dimensions(200, 200).quiet_zone(true).build();
            // Only the element: a declaration has no place inside a page.
            svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default().to_owned()
        });
        let text = base32.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
        Self { text, address, picture: picture.unwrap_or_default() }
    }
}

/// How a secret on paper is kept: 128 random bits need no slow hash.
pub(super) fn paper_hash(code: &str) -> [u8; 32] {
    let plain: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    crypto::derive::sha256(&[b"relink paper code", plain.as_bytes()])
}

pub(super) fn new_recovery_codes(chance: &Chance) -> Vec<Reference> {
    (0..RECOVERY_CODES).map(|_| Reference::new(chance)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_the_published_vector() {
        // RFC 6238, appendix B, SHA-1, cut to six digits.
        let seed = b"12345678901234567890";
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        assert_eq!(code_at(seed, at(59)).unwrap(), "287082");
        assert_eq!(code_at(seed, at(1_111_111_109)).unwrap(), "081804");
        assert_eq!(matching_step(seed, "287 082", at(59)), Some(1));
        assert_eq!(matching_step(seed, "287082", at(59 + 120)), None);
        for wrong in ["", "28708", "2870822", "abcdef", "287083"] {
            assert_eq!(matching_step(seed, wrong, at(59)), None);
        }
    }

    #[test]
    fn a_code_on_paper_is_read_however_it_is_typed() {
        assert_eq!(paper_hash("ABCDE-FGH12"), paper_hash("abcde fgh12"));
        assert_ne!(paper_hash("ABCDE-FGH12"), paper_hash("ABCDE-FGH13"));
    }

    #[test]
    fn the_picture_is_one_svg_element() {
        let setup = Setup::of(&[1; 20], "intake-1");
        assert!(setup.picture.starts_with("<svg") && setup.picture.ends_with("</svg>"));
        assert!(!setup.picture.contains("style="));
        assert!(setup.address.contains("relink:intake-1"));
    }
}
