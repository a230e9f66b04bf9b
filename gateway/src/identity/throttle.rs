//! Slows guessing down without locking the owner out (`reliability.md` E4).
//!
//! Every attempt is charged as a failure *before* the password is looked at and forgiven when it
//! was right, so that many attempts at once cannot slip through together.

use chrono::{DateTime, Duration, Utc};

/// Failures after which an account waits, counted from one network.
const FREE_PER_NETWORK: u32 = 5;
/// Failures in an hour after which only browsers that logged in before may try an account.
const FREE_PER_ACCOUNT: u32 = 50;
/// Failures this old no longer count.
const FORGOTTEN_AFTER: Duration = Duration::hours(24);

/// What is known about one subject's failed logins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failures {
    pub(crate) count: u32,
    pub(crate) first_at: DateTime<Utc>,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) blocked_until: Option<DateTime<Utc>>,
}

/// Not now; try again at this instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wait(pub(crate) DateTime<Utc>);

/// The subject of an account tried from one network.
pub(crate) fn per_network(username: &str, network: &str) -> String {
    format!("from {network} {username}")
}

/// The subject of an account tried from anywhere.
pub(crate) fn per_account(username: &str) -> String {
    format!("any {username}")
}

impl Failures {
    /// Charges one attempt on an account from one network: five are free, then one minute,
    /// doubling to fifteen.
    pub(crate) fn charge_network(self, now: DateTime<Utc>) -> Result<Failures, Wait> {
        if let Some(until) = self.blocked_until.filter(|until| *until > now) {
            return Err(Wait(until));
        }
        let count = if now - self.last_at > FORGOTTEN_AFTER { 1 } else { self.count + 1 };
        let doublings = count.checked_sub(FREE_PER_NETWORK);
        let minutes = doublings.map(|times| 1_i64 << times.min(4)).map(|minutes| minutes.min(15));
        let first_at = if count == 1 { now } else { self.first_at };
        let blocked_until = minutes.map(|minutes| now + Duration::minutes(minutes));
        Ok(Failures { count, first_at, last_at: now, blocked_until })
    }

    /// Charges one attempt on an account from anywhere: fifty an hour, then only browsers that
    /// logged in before.
    pub(crate) fn charge_account(
        self,
        now: DateTime<Utc>,
        known_browser: bool,
    ) -> Result<Failures, Wait> {
        let hour_ends = self.first_at + Duration::hours(1);
        if self.count == 0 || hour_ends <= now {
            return Ok(Failures { count: 1, first_at: now, last_at: now, blocked_until: None });
        }
        if self.count >= FREE_PER_ACCOUNT && !known_browser {
            return Err(Wait(hour_ends));
        }
        Ok(Failures { count: self.count + 1, last_at: now, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn at(minute: i64) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap() + Duration::minutes(minute)
    }

    fn fresh() -> Failures {
        Failures { count: 0, first_at: at(0), last_at: at(0), blocked_until: None }
    }

    #[test]
    fn five_are_free_then_the_wait_doubles_to_fifteen_minutes() {
        let mut state = fresh();
        let mut now = at(0);
        let mut waits = Vec::new();
        for _ in 0..11 {
            state = state.charge_network(now).unwrap();
            let until = state.blocked_until.unwrap_or(now);
            assert_eq!(state.blocked_until.is_some(), state.charge_network(now).is_err());
            waits.push((until - now).num_minutes());
            now = until;
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]);
    }

    #[test]
    fn a_day_later_all_is_forgotten() {
        let mut state = fresh();
        for _ in 0..4 {
            state = state.charge_network(at(0)).unwrap();
        }
        assert_eq!(state.charge_network(at(24 * 60 + 1)).unwrap().count, 1);
    }

    #[test]
    fn an_account_under_attack_stays_open_to_its_owners_browser() {
        let mut state = fresh();
        for _ in 0..50 {
            state = state.charge_account(at(1), false).unwrap();
        }
        assert_eq!(state.charge_account(at(2), false), Err(Wait(at(61))));
        assert!(state.charge_account(at(2), true).is_ok());
        assert_eq!(state.charge_account(at(61), false).unwrap().count, 1);
    }
}
