//! Typed ids, each with a prefix that people can read aloud. Inside stands a UUIDv7, so rows made together lie
//! together; a handle that a stranger may see is a [`Reference`]: 128 random bits that tell nothing, not even when.

use std::fmt;
use std::str::FromStr;

use super::{Chance, Clock, Timestamp};

/// The text is not an id of the expected kind.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of this kind")]
pub struct InvalidId;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)*) => {
        $(
            migrations::define_id!($(#[$meta])* $name);

            impl $name {
                pub const PREFIX: &str = $prefix;

                pub fn new(clock: &dyn Clock, chance: &Chance) -> Self {
                    Self::from_uuid(uuid_v7(clock.now(), chance))
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, concat!($prefix, "_{}"), self.uuid().simple())
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }

            impl FromStr for $name {
                type Err = InvalidId;
                fn from_str(text: &str) -> Result<Self, InvalidId> {
                    parse(text, concat!($prefix, "_")).map(Self::from_uuid)
                }
            }

            impl serde::Serialize for $name {
                fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                    s.collect_str(self)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                    let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                    text.parse().map_err(|_| serde::de::Error::custom(
                        concat!("expected an id that starts with ", $prefix, "_")))
                }
            }
        )*
    };
}

ids! {
    /// A National Society.
    SocietyId = "soc";
    /// A Humanitarian Service Point.
    PointId = "hsp";
    /// One site or unit of a service point.
    SiteId = "site";
    /// A migration route: points in order.
    RouteId = "route";
    /// Somebody who signs in.
    AccountId = "acc";
    /// One signed-in session.
    SessionId = "ses";
    /// Anybody we keep something about: enquirer, sought person, or somebody met at a service point.
    PersonId = "per";
    /// People who travel or belong together.
    GroupId = "grp";
    /// One contact at a service point.
    ContactId = "con";
    /// One consent, given or refused.
    ConsentId = "cns";
    /// One version of the words a person agreed to.
    ConsentTextId = "ctx";
    /// A tracing request.
    RequestId = "req";
    /// One sought person of a tracing request.
    SoughtId = "sgt";
    /// Something done to trace somebody, or a step in a history.
    ActionId = "act";
    /// A scored pair of sought person and contact.
    CandidateId = "cnd";
    /// A service provider that people are referred to.
    ProviderId = "prv";
    /// A referral.
    ReferralId = "ref";
    /// One run of an import.
    ImportId = "imp";
    /// One run of matching over every open request.
    MatchRunId = "mrn";
}

fn uuid_v7(now: Timestamp, chance: &Chance) -> migrations::uuid::Uuid {
    let millis = u64::try_from(now.micros() / 1000).unwrap_or_default();
    let tail = chance.tail(millis);
    // The builder writes version and variant over the first bits of either part.
    let (first, rest) = ((tail >> 62) as u16, tail as u64);
    let mut bytes = [0; 10];
    bytes[..2].copy_from_slice(&first.to_be_bytes());
    bytes[2..].copy_from_slice(&rest.to_be_bytes());
    migrations::uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// Only the canonical spelling is taken: two spellings of one id would let a record look like two.
fn parse(text: &str, prefix: &str) -> Result<migrations::uuid::Uuid, InvalidId> {
    let rest = text.strip_prefix(prefix).ok_or(InvalidId)?;
    if rest.len() != 32 || !rest.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Err(InvalidId);
    }
    migrations::uuid::Uuid::try_parse(rest).map_err(|_| InvalidId)
}

/// Whether text has the shape of an id of some kind: then it may stand in a log, for it can hold nothing else.
pub fn is_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(kind, _)| {
        let kind_is_short = (2..=5).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_lowercase());
        kind_is_short && parse(text, &text[..=kind.len()]).is_ok()
    })
}

/// A handle that may be shown to strangers or printed on paper: 128 random bits in Crockford's base 32, in groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(String);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl Reference {
    pub fn new(chance: &Chance) -> Self {
        let mut bits = u128::from_be_bytes(chance.bytes());
        let mut text = String::with_capacity(32);
        for place in 0..26 {
            if place > 0 && place % 5 == 0 {
                text.push('-');
            }
            let symbol = ALPHABET.get((bits & 31) as usize).copied().unwrap_or(b'0');
            text.push(char::from(symbol));
            bits >>= 5;
        }
        Self(text)
    }

    /// Reads what somebody copied from paper: case does not matter, and neither do the blanks around it.
    ///
    /// # Errors
    /// Not 26 symbols in groups of five.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let text = text.trim().to_ascii_uppercase();
        let fits = |(place, symbol): (usize, u8)| {
            if place % 6 == 5 { symbol == b'-' } else { ALPHABET.contains(&symbol) }
        };
        if text.len() == 31 && text.bytes().enumerate().all(fits) { Ok(Self(text)) } else { Err(InvalidId) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::FixedClock;

    #[test]
    fn an_id_is_read_back_only_in_its_own_spelling() {
        let chance = Chance::seeded(1);
        let id = PersonId::new(&FixedClock::at(Timestamp::from_micros(1)), &chance);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse::<PersonId>(), Err(InvalidId));
        assert_eq!(id.to_string().replace("per_", "req_").parse::<PersonId>(), Err(InvalidId));
        assert_eq!(id.to_string().parse::<RequestId>(), Err(InvalidId));
        assert_eq!("per_".parse::<PersonId>(), Err(InvalidId));
    }

    #[test]
    fn what_is_made_one_after_the_other_stands_so_even_in_one_moment() {
        let (clock, chance) = (FixedClock::at(Timestamp::from_micros(1)), Chance::seeded(1));
        let made: Vec<SoughtId> = (0..1000).map(|_| SoughtId::new(&clock, &chance)).collect();
        assert!(made.is_sorted_by(|one, next| one < next));
        assert!(made.iter().all(|id| id.uuid().get_version_num() == 7));
    }

    #[test]
    fn only_ids_look_like_ids() {
        let id = PersonId::new(&FixedClock::at(Timestamp::from_micros(1)), &Chance::seeded(1)).to_string();
        assert!(is_id(&id));
        for other in ["", "_", "amina_diallo", "per_", &id.to_uppercase(), &id.replace("per", "per nom")] {
            assert!(!is_id(other), "{other}");
        }
    }

    #[test]
    fn references_are_long_and_never_repeat() {
        let chance = Chance::seeded(1);
        let made: std::collections::BTreeSet<_> = (0..1000).map(|_| Reference::new(&chance)).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|r| r.as_str().len() == 31));
        for reference in made {
            assert_eq!(
                Reference::parse(&format!(" {} ", reference.as_str().to_lowercase())),
                Ok(reference.clone())
            );
            assert_eq!(Reference::parse(&reference.as_str()[1..]), Err(InvalidId));
        }
    }
}
