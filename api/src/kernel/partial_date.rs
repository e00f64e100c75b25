//! Birth as people know it: a day, a month, a year, "about", or an age on a certain day. What is unknown stays unknown.

use zeroize::Zeroize;

use super::{Day, Invalid, Wrong};

/// When somebody was born, as far as anybody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "precision")]
pub enum PartialDate {
    Day {
        year: i16,
        month: u8,
        day: u8,
        estimated: bool,
    },
    Month {
        year: i16,
        month: u8,
    },
    Year {
        year: i16,
        about: bool,
    },
    /// Between two ages, in years, on a day.
    AgeOn {
        min: u8,
        max: u8,
        on_year: i16,
        on_month: u8,
        on_day: u8,
    },
}

impl Zeroize for PartialDate {
    fn zeroize(&mut self) {
        *self = Self::Year { year: 0, about: true };
    }
}

impl PartialDate {
    /// Reads `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
    ///
    /// # Errors
    /// Anything else, a day that does not exist, or one after `today` or more than 125 years before it.
    pub fn parse(field: &str, text: &str, estimated: bool, today: Day) -> Result<Self, Invalid> {
        const ACCEPTED: &str =
            "is not a date of birth; YYYY-MM-DD, YYYY-MM or YYYY is taken, not in the future";
        let wrong = || Invalid::at(field, Wrong::NotABirthDate.says(ACCEPTED));
        let parts: Vec<&str> = text.split('-').collect();
        let number = |s: &str, digits: usize| -> Option<i16> {
            (s.len() == digits && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse().ok()).flatten()
        };
        let today_year = i16::try_from(chrono::Datelike::year(&today.0)).unwrap_or(i16::MAX);
        let parsed = match parts.as_slice() {
            [y] => number(y, 4).map(|year| Self::Year { year, about: estimated }),
            [y, m] => match (number(y, 4), number(m, 2)) {
                (Some(year), Some(month @ 1..=12)) => Some(Self::Month { year, month: month as u8 }),
                _ => None,
            },
            [_, _, _] => Day::parse(text).filter(|day| *day <= today).and_then(|day| {
                Some(Self::Day {
                    year: i16::try_from(chrono::Datelike::year(&day.0)).ok()?,
                    month: u8::try_from(chrono::Datelike::month(&day.0)).ok()?,
                    day: u8::try_from(chrono::Datelike::day(&day.0)).ok()?,
                    estimated,
                })
            }),
            _ => None,
        };
        parsed.filter(|p| (today_year - 125..=today_year).contains(&p.latest_year())).ok_or_else(wrong)
    }

    /// # Errors
    /// Ages outside 0–125, or the lower above the upper.
    pub fn age(field: &str, min: u8, max: u8, on: Day) -> Result<Self, Invalid> {
        if min > max || max > 125 {
            return Err(Invalid::at(
                field,
                Wrong::NotAnAge.says("is not an age; 0 to 125 is taken, the lower first"),
            ));
        }
        Ok(Self::AgeOn {
            min,
            max,
            on_year: i16::try_from(chrono::Datelike::year(&on.0)).unwrap_or(i16::MAX),
            on_month: chrono::Datelike::month(&on.0) as u8,
            on_day: chrono::Datelike::day(&on.0) as u8,
        })
    }

    /// The latest year this can mean.
    pub fn latest_year(&self) -> i16 {
        match *self {
            Self::Day { year, .. } | Self::Month { year, .. } | Self::Year { year, .. } => year,
            Self::AgeOn { min, on_year, .. } => on_year - i16::from(min),
        }
    }

    /// The youngest this person can be on `day`, in whole years: doubt counts as younger.
    pub fn youngest_on(&self, day: Day) -> i16 {
        let year = i16::try_from(chrono::Datelike::year(&day.0)).unwrap_or(i16::MAX);
        let month_day = (chrono::Datelike::month(&day.0) as u8, chrono::Datelike::day(&day.0) as u8);
        match *self {
            Self::Day { year: born, month, day, estimated: false } => {
                year - born - i16::from((month, day) > month_day)
            }
            Self::AgeOn { min, on_year, on_month, on_day, .. } => {
                i16::from(min) + year - on_year - i16::from((on_month, on_day) > month_day)
            }
            _ => year - self.latest_year() - 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Day {
        Day::parse("2026-06-15").unwrap()
    }

    #[test]
    fn every_precision_is_read_and_impossible_dates_are_not() {
        for good in ["2001-02-28", "2001-02", "2001", "2026-06-15"] {
            assert!(PartialDate::parse("born", good, false, today()).is_ok(), "{good}");
        }
        for bad in
            ["2001-02-30", "2001-13", "201", "2027", "2026-06-16", "1850", "01-02-2001", "2001-2-3", ""]
        {
            assert!(PartialDate::parse("born", bad, false, today()).is_err(), "{bad}");
        }
    }

    #[test]
    fn doubt_about_age_counts_as_younger() {
        let youngest = |text| PartialDate::parse("born", text, false, today()).unwrap().youngest_on(today());
        assert_eq!(youngest("2008-06-15"), 18);
        assert_eq!(youngest("2008-06-16"), 17);
        assert_eq!(youngest("2008"), 17);
        assert_eq!(youngest("2007"), 18);
    }
}
