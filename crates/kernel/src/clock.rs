//! Time as an argument: the one place that reads the machine's clock.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, SubsecRound, Utc};

/// Tells the present instant, in UTC, cut to whole microseconds as PostgreSQL keeps it.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// The machine's clock moved by an offset that can be changed while it runs; for tests that
/// travel through days of reminders and expiries in seconds.
#[derive(Debug, Default)]
pub struct SteeredClock {
    offset_us: AtomicI64,
}

impl SteeredClock {
    /// Moves the clock by `step` (backwards when negative). Steps beyond the range of an `i64`
    /// of microseconds are cut to it.
    pub fn advance(&self, step: Duration) {
        let step_us = step.num_microseconds().unwrap_or(i64::MAX);
        let moved = self.offset_us.load(Ordering::SeqCst).saturating_add(step_us);
        self.offset_us.store(moved, Ordering::SeqCst);
    }

    /// Sets the clock so that it now shows `instant`; it runs on from there.
    pub fn set(&self, instant: DateTime<Utc>) {
        let offset = instant - SystemClock.now();
        self.offset_us.store(offset.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }
}

impl Clock for SteeredClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + Duration::microseconds(self.offset_us.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steered_clock_moves_by_what_it_is_told_and_runs_on() {
        let clock = SteeredClock::default();
        let before = clock.now();
        clock.advance(Duration::days(3));
        let after = clock.now();
        assert!(after - before >= Duration::days(3));
        assert!(after - before < Duration::days(3) + Duration::minutes(1));
    }

    #[test]
    fn a_steered_clock_can_be_set() {
        let clock = SteeredClock::default();
        let target = SystemClock.now() + Duration::days(400);
        clock.set(target);
        assert!(clock.now() - target < Duration::minutes(1));
    }
}
