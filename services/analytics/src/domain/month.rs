//! Calendar months in Asia/Jakarta.

use std::fmt;

use chrono::{Datelike as _, Months, NaiveDate};

/// One month, known by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month(NaiveDate);

impl Month {
    /// The month of a Jakarta day.
    pub(crate) fn of(day: NaiveDate) -> Month {
        Month(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub(crate) const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The month `count` months earlier.
    pub(crate) fn back(self, count: u32) -> Month {
        Month(self.0.checked_sub_months(Months::new(count)).unwrap_or(self.0))
    }

    /// This month and the `count - 1` before it, oldest first.
    pub(crate) fn last(self, count: u32) -> Vec<Month> {
        (0..count).rev().map(|ago| self.back(ago)).collect()
    }
}

impl fmt::Display for Month {
    /// `2025-01`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.year(), self.0.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_end_with_this_one_and_cross_the_year() {
        let march = Month::of(NaiveDate::from_ymd_opt(2026, 3, 31).unwrap());
        let months: Vec<String> = march.last(12).iter().map(ToString::to_string).collect();
        assert_eq!(months.len(), 12);
        assert_eq!(months[0], "2025-04");
        assert_eq!(months[9], "2026-01");
        assert_eq!(months[11], "2026-03");
    }
}
