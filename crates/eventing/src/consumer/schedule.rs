//! When an event that failed is tried again.

use chrono::{DateTime, TimeDelta, Utc};
use konveksi_db::DbError;

use crate::handlers::HandlerError;

/// Seconds after the first, second … failure; after the last one the event is parked.
const WAITS_SECONDS: [i64; 7] = [5, 30, 120, 600, 3_600, 3_600, 3_600];

/// When to try again an event that failed `failures` times by now; `None` means never.
pub(super) fn next_try(
    error: &HandlerError,
    failures: usize,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if is_final(error) {
        return None;
    }
    let wait = WAITS_SECONDS.get(failures.checked_sub(1)?)?;
    Some(now + TimeDelta::seconds(*wait))
}

/// Whether the same event can never succeed. A missing or doubled row may be a matter of order
/// and is tried again; a broken rule or an impossible value is not.
fn is_final(error: &HandlerError) -> bool {
    match error {
        HandlerError::Refuse(_)
        | HandlerError::Db(DbError::Corrupt(_) | DbError::CheckViolation { .. }) => true,
        HandlerError::Retry(_)
        | HandlerError::Db(
            DbError::Unavailable(_)
            | DbError::Contended(_)
            | DbError::UniqueViolation { .. }
            | DbError::ForeignKeyViolation { .. }
            | DbError::Query(_),
        ) => false,
    }
}

#[cfg(test)]
mod tests {
    use konveksi_kernel::{Clock as _, SystemClock};

    use super::*;

    #[test]
    fn a_failing_event_is_tried_eight_times_over_three_hours_then_parked() {
        let now = SystemClock.now();
        let error = HandlerError::Retry("busy".to_owned());
        let waits: Vec<i64> = (1..=7)
            .map(|failures| (next_try(&error, failures, now).unwrap() - now).num_seconds())
            .collect();
        assert_eq!(waits, [5, 30, 120, 600, 3_600, 3_600, 3_600]);
        assert_eq!(next_try(&error, 8, now), None);
    }

    #[test]
    fn a_refused_event_is_parked_at_once() {
        let now = SystemClock.now();
        assert_eq!(next_try(&HandlerError::Refuse("no".to_owned()), 1, now), None);
        let broken = DbError::CheckViolation { constraint: "positive".to_owned() };
        assert_eq!(next_try(&HandlerError::Db(broken), 1, now), None);
    }

    #[test]
    fn a_row_that_is_missing_may_still_come() {
        let missing = DbError::ForeignKeyViolation { constraint: "order".to_owned() };
        assert!(next_try(&HandlerError::Db(missing), 1, SystemClock.now()).is_some());
    }
}
