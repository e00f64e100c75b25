//! Which pairs may exist at all. The rule stands here once; the index asks it before anything is written down.

use crate::kernel::{AccountId, PersonId, RequestId, SocietyId, SoughtId};
use crate::requests::{Circulation, Recipient};

/// A sought person in the index: of a request that is being searched, not located yet.
#[derive(Clone, Debug)]
pub struct Sought {
    pub person: PersonId,
    pub sought: SoughtId,
    pub request: RequestId,
    pub society: SocietyId,
    /// In which what matching compares of them last changed.
    pub version: i64,
    pub circulation: Circulation,
}

/// Somebody met, in the index: consents to tracing.
#[derive(Clone, Debug)]
pub struct Met {
    pub person: PersonId,
    /// The society that met them, and its country.
    pub home: Recipient,
    /// In which what matching compares of them last changed.
    pub version: i64,
    /// Consents to being found from other societies of the network.
    pub shared: bool,
    /// For whom alone somebody restricted exists.
    pub team: Option<Vec<AccountId>>,
}

impl Met {
    /// Whether an account of a society may learn that this person is on record anywhere: of their own society, or of
    /// any when they agreed; of somebody restricted, their team.
    pub fn known_to(&self, account: AccountId, society: SocietyId) -> bool {
        match &self.team {
            Some(team) => team.contains(&account),
            None => self.home.society == society || self.shared,
        }
    }
}

/// Whether these two may be shown to anybody as a pair. Within one society: yes, and to the team alone when one of them
/// is restricted. Across societies: the person met agreed to be found from elsewhere and is not restricted, and the
/// request does not block the society that met them.
pub fn may_pair(sought: &Sought, met: &Met) -> bool {
    let from_elsewhere = met.shared && met.team.is_none();
    met.home.society == sought.society || (from_elsewhere && !sought.circulation.blocks(&met.home))
}

/// How a stored pair compares with what matching says now. Each side has the version in which what matching
/// compares of it last changed, and the weight: something that matching compares has changed, and it counts for this
/// pair. Neither an edit of anything else nor a name that grew rarer brings a rejected pair back.
pub fn evidence_changed(stored: (i64, i64, f64), now: (i64, i64, f64)) -> bool {
    (stored.0, stored.1) != (now.0, now.1) && (stored.2 - now.2).abs() > 0.05
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{Chance, FixedClock, Timestamp};
    use crate::requests::{EntryForm, RecipientKind, Rule};

    #[test]
    fn a_pair_across_societies_needs_the_persons_yes_and_no_block() {
        let chance = Chance::seeded(4);
        let clock = FixedClock::at(Timestamp::from_micros(1));
        let (kenya, uganda) = (SocietyId::new(&clock, &chance), SocietyId::new(&clock, &chance));
        let block = EntryForm { kind: RecipientKind::Country, recipient: "UGA".into(), rule: Rule::Block };
        let blocked = Circulation::parse(vec![block]).unwrap();
        for (met_by, country) in [(kenya, "KEN"), (uganda, "UGA")] {
            for shared in [false, true] {
                for circulation in [Circulation::default(), blocked.clone()] {
                    let is_blocked = circulation == blocked;
                    let sought = Sought {
                        person: PersonId::new(&clock, &chance),
                        sought: SoughtId::new(&clock, &chance),
                        request: RequestId::new(&clock, &chance),
                        society: kenya,
                        version: 1,
                        circulation,
                    };
                    let met = Met {
                        person: PersonId::new(&clock, &chance),
                        home: Recipient { society: met_by, country: country.into() },
                        version: 1,
                        shared,
                        team: None,
                    };
                    let expected = met_by == kenya || (shared && !is_blocked);
                    assert_eq!(may_pair(&sought, &met), expected, "{country} {shared} {is_blocked}");
                    let restricted = Met { team: Some(Vec::new()), ..met };
                    assert_eq!(may_pair(&sought, &restricted), met_by == kenya, "{country}, restricted");
                }
            }
        }
    }

    #[test]
    fn somebody_restricted_is_known_to_their_team_alone() {
        let chance = Chance::seeded(5);
        let clock = FixedClock::at(Timestamp::from_micros(1));
        let society = SocietyId::new(&clock, &chance);
        let (guard, other) = (AccountId::new(&clock, &chance), AccountId::new(&clock, &chance));
        let mut met = Met {
            person: PersonId::new(&clock, &chance),
            home: Recipient { society, country: "KEN".into() },
            version: 1,
            shared: true,
            team: None,
        };
        assert!(met.known_to(guard, society) && met.known_to(other, society));
        met.team = Some(vec![guard]);
        assert!(met.known_to(guard, society) && !met.known_to(other, society));
    }

    #[test]
    fn only_a_change_that_counts_is_a_change() {
        assert!(!evidence_changed((1, 1, 4.0), (1, 1, 9.0)));
        assert!(!evidence_changed((1, 1, 4.0), (2, 1, 4.01)));
        assert!(evidence_changed((1, 1, 4.0), (2, 1, 9.0)));
        assert!(evidence_changed((1, 1, 4.0), (1, 3, 1.0)));
    }
}
