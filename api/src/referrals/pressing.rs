//! What is most pressing among what is late: the order of the supervisor's list, and a place in it to go on from.

use std::fmt;
use std::str::FromStr;

use super::model::Urgency;
use crate::kernel::{InvalidId, ReferralId};

/// Emergencies before all others; of one urgency, whoever still waits to be helped before what is to be followed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rank {
    pub urgency: Urgency,
    /// The service was given or refused: what is late is the question how it went.
    pub is_served: bool,
}

impl Rank {
    /// All of them, the most pressing first.
    pub fn all() -> impl Iterator<Item = Self> {
        let both = |urgency: &Urgency| [false, true].map(|is_served| Self { urgency: *urgency, is_served });
        Urgency::ALL.iter().flat_map(both)
    }
}

/// Where a page of the list ends. Says when and how urgent, so that the next page begins there even when the referral
/// itself has moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateAt {
    pub rank: Rank,
    /// When the person was to be served.
    pub due: i64,
    pub id: ReferralId,
}

impl fmt::Display for LateAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rank = Rank::all().position(|rank| rank == self.rank).unwrap_or_default();
        write!(f, "{rank}.{}.{}", self.due, self.id)
    }
}

impl FromStr for LateAt {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let mut parts = text.splitn(3, '.');
        let (Some(rank), Some(due), Some(id)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(InvalidId);
        };
        if !(digits(rank) && digits(due)) {
            return Err(InvalidId);
        }
        let rank: usize = rank.parse().map_err(|_| InvalidId)?;
        let rank = Rank::all().nth(rank).ok_or(InvalidId)?;
        Ok(Self { rank, due: due.parse().map_err(|_| InvalidId)?, id: id.parse()? })
    }
}

impl<'de> serde::Deserialize<'de> for LateAt {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(|_| serde::de::Error::custom("expected the `next` of the page before"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_read_as_it_was_written_and_nothing_else_is_one() {
        let id: ReferralId = "ref_00000000000070008000000000000001".parse().unwrap();
        for rank in Rank::all() {
            let place = LateAt { rank, due: 1_772_355_600_000_000, id };
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        for text in
            ["", "0", "0.1", &format!("6.1.{id}"), &format!("+0.1.{id}"), &format!("0.-1.{id}"), "0.1.x"]
        {
            assert_eq!(text.parse::<LateAt>(), Err(InvalidId), "{text}");
        }
    }

    #[test]
    fn an_emergency_that_waits_is_first_and_a_normal_follow_up_last() {
        let all: Vec<Rank> = Rank::all().collect();
        assert_eq!(all.first(), Some(&Rank { urgency: Urgency::Emergency, is_served: false }));
        assert_eq!(all.last(), Some(&Rank { urgency: Urgency::Normal, is_served: true }));
    }
}
