//! When an unpaid invoice is overdue, and which step of telling it that is. Days are Jakarta's.

use chrono::{DateTime, Days, NaiveDate, Utc};
use konveksi_kernel::jakarta;
use thiserror::Error;

/// How far overdue an invoice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overdue {
    /// The last day on which it could be paid.
    pub(crate) due_on: NaiveDate,
    /// Days since then.
    pub(crate) days: i64,
    /// The highest step reached, from 1.
    pub(crate) step: i32,
}

/// After how many days it is told, rising.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OverdueSteps(Vec<i64>);

/// Steps that are no steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("give rising whole numbers of days from 1 to 365, separated by commas")]
pub(crate) struct BadSteps;

impl OverdueSteps {
    /// Reads `1,3,7,14`.
    ///
    /// # Errors
    /// [`BadSteps`].
    pub(crate) fn parse(text: &str) -> Result<OverdueSteps, BadSteps> {
        let days: Result<Vec<i64>, _> = text.split(',').map(|part| part.trim().parse()).collect();
        let days = days.map_err(|_no_number| BadSteps)?;
        let fits =
            days.iter().all(|day| (1..=365).contains(day)) && days.is_sorted_by(|a, b| a < b);
        if days.is_empty() || !fits { Err(BadSteps) } else { Ok(OverdueSteps(days)) }
    }

    /// The first step's days.
    pub(crate) fn first(&self) -> i64 {
        self.0.first().copied().unwrap_or(1)
    }

    /// The last step's days.
    pub(crate) fn last(&self) -> i64 {
        self.0.last().copied().unwrap_or(1)
    }

    /// How far an invoice is at `now` whose time ended at `expires_at`; `None` before the first
    /// step. Steps that passed while nobody looked are one: the highest.
    pub(crate) fn reached(&self, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Overdue> {
        let due_on = jakarta::day_of(expires_at);
        let days = (jakarta::day_of(now) - due_on).num_days();
        let step = self.0.iter().filter(|step| **step <= days).count();
        let step = i32::try_from(step).ok().filter(|step| *step > 0)?;
        Some(Overdue { due_on, days, step })
    }

    /// When the step after `step` comes for an invoice whose time ended at `expires_at`.
    pub(crate) fn next(&self, expires_at: DateTime<Utc>, step: i32) -> Option<DateTime<Utc>> {
        let days = self.0.get(usize::try_from(step).ok()?)?;
        let day = jakarta::day_of(expires_at).checked_add_days(Days::new(days.unsigned_abs()))?;
        Some(jakarta::day_start(day))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    fn steps() -> OverdueSteps {
        OverdueSteps::parse("1,3, 7,14").unwrap()
    }

    #[test]
    fn only_rising_days_are_steps() {
        for text in ["", "0", "3,1", "1,1", "1,x", "-1", "400"] {
            assert_eq!(OverdueSteps::parse(text), Err(BadSteps), "{text}");
        }
    }

    #[test]
    fn a_step_comes_with_its_day_in_jakarta() {
        // 27 November, 23:30 in Jakarta.
        let expired = Utc.with_ymd_and_hms(2026, 11, 27, 16, 30, 0).unwrap();
        assert_eq!(steps().reached(expired, expired), None);
        let next_day = Utc.with_ymd_and_hms(2026, 11, 27, 17, 0, 0).unwrap();
        let reached = steps().reached(expired, next_day).unwrap();
        assert_eq!((reached.days, reached.step), (1, 1));
        assert_eq!(steps().next(expired, 0), Some(next_day));
        assert_eq!(steps().next(expired, 4), None);
    }

    proptest! {
        #[test]
        fn the_step_never_falls_as_days_go_by(hours in prop::collection::vec(0_i64..72, 1..20)) {
            let expired = Utc.with_ymd_and_hms(2026, 11, 27, 3, 0, 0).unwrap();
            let mut now = expired;
            let mut step = 0;
            for more in hours {
                now += chrono::Duration::hours(more);
                let reached = steps().reached(expired, now).map_or(0, |one| one.step);
                prop_assert!(reached >= step);
                step = reached;
                let next = steps().next(expired, step);
                prop_assert!(next.is_none_or(|at| at > now), "a step that has come was not reached");
            }
        }
    }
}
