//! Birth evidence as the interval of days it allows, and how far two intervals are apart.

use crate::rung::{NAMED, Rung};
use crate::{Birth, Date};

/// What is known of a birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Born {
    /// A date somebody knew. The first of January is not one: registers write it for "sometime that year".
    On { year: i16, month: u8, day: u8 },
    /// Some day of these years.
    Years { first: i16, last: i16 },
}

impl Born {
    /// What a recorded birth says; nonsense days say only their year.
    pub(crate) fn of(birth: &Birth) -> Self {
        match *birth {
            Birth::Day { year, month, day, estimated } => {
                let placeholder = estimated || (month, day) == (1, 1);
                match Date::new(year, month, day) {
                    Some(_) if !placeholder => Self::On { year, month, day },
                    _ => Self::Years { first: year, last: year },
                }
            }
            Birth::Month { year, .. } | Birth::Year { year, .. } => Self::Years { first: year, last: year },
            Birth::AgeOn { min_years, max_years, on } => {
                let (young, old) = (min_years.min(max_years), min_years.max(max_years));
                Self::Years {
                    first: on.year().saturating_sub(i16::from(old)).saturating_sub(1),
                    last: on.year().saturating_sub(i16::from(young)),
                }
            }
        }
    }

    /// The years that are possible, first and last.
    pub(crate) fn years(self) -> (i16, i16) {
        match self {
            Self::On { year, .. } => (year, year),
            Self::Years { first, last } => (first, last),
        }
    }

    /// Years between two births, 0 where they can be the same year.
    pub(crate) fn years_apart(self, other: Self) -> i16 {
        let ((first, last), (other_first, other_last)) = (self.years(), other.years());
        other_first.saturating_sub(last).max(first.saturating_sub(other_last)).max(0)
    }
}

/// The rung two births reach.
pub(crate) fn compare(request: Option<Born>, contact: Option<Born>) -> Rung {
    let (Some(a), Some(b)) = (request, contact) else { return NAMED.birth_not_recorded };
    let apart = a.years_apart(b);
    if let (Born::On { month, day, .. }, Born::On { month: other_month, day: other_day, .. }) = (a, b) {
        let same = (month, day) == (other_month, other_day);
        let exchanged = (month, day) == (other_day, other_month);
        match apart {
            0 if same => return NAMED.birth_same_day,
            1..=12 if same => return NAMED.birth_same_day_other_year,
            0 if exchanged => return NAMED.birth_exchanged,
            _ => {}
        }
    }
    match apart {
        0 => NAMED.birth_same_year,
        1 => NAMED.birth_one_year,
        2 => NAMED.birth_two_years,
        3..=4 => NAMED.birth_few_years,
        5..=7 => NAMED.birth_several_years,
        8..=12 => NAMED.birth_many_years,
        _ => NAMED.birth_another_age,
    }
}
