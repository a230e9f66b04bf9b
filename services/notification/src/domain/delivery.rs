//! What follows from each attempt to send (`reliability.md` part B, outside effects).
//!
//! ```text
//! queued ─ claimed ─▶ sending ─ taken ─▶ sent
//!   ▲                  │ refused, or tried too often ─▶ failed
//!   └── try later ─────┤
//!                      └ outcome lost: once back to queued, flagged; again ─▶ unknown
//! ```
//! A lost outcome is one where the provider may have the message: no answer after we had written
//! to it, or our process died. Such a message is sent once more at most, and says so.

use chrono::{DateTime, Duration, Utc};

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Status {
    /// It waits for its time and for a worker.
    Queued,
    /// A worker has it.
    Sending,
    /// A provider took it.
    Sent,
    /// Given up.
    Failed,
    /// Nobody knows whether it arrived; not sent again.
    Unknown,
}

impl Status {
    /// Every status.
    pub(crate) const ALL: [Status; 5] =
        [Status::Queued, Status::Sending, Status::Sent, Status::Failed, Status::Unknown];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            Status::Queued => "queued",
            Status::Sending => "sending",
            Status::Sent => "sent",
            Status::Failed => "failed",
            Status::Unknown => "unknown",
        }
    }

    /// Reads what [`Status::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.as_wire() == text)
    }
}

/// Why an attempt, or the whole message, failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ErrorKind {
    /// The provider will never take it.
    Refused,
    /// The provider could not be reached or was broken; it has not got the message.
    Unreachable,
    /// The provider asks us to slow down.
    Throttled,
    /// The provider may have got the message; the outcome was lost.
    OutcomeLost,
    /// There is no address on this channel.
    NoContact,
    /// The person asked to be forgotten before it was sent.
    Erased,
    /// It asked for money that was paid, or no longer wanted, before it was sent.
    Outdated,
}

impl ErrorKind {
    /// Every kind.
    pub(crate) const ALL: [ErrorKind; 7] = [
        ErrorKind::Refused,
        ErrorKind::Unreachable,
        ErrorKind::Throttled,
        ErrorKind::OutcomeLost,
        ErrorKind::NoContact,
        ErrorKind::Erased,
        ErrorKind::Outdated,
    ];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ErrorKind::Refused => "refused",
            ErrorKind::Unreachable => "unreachable",
            ErrorKind::Throttled => "throttled",
            ErrorKind::OutcomeLost => "outcome_lost",
            ErrorKind::NoContact => "no_contact",
            ErrorKind::Erased => "erased",
            ErrorKind::Outdated => "outdated",
        }
    }

    /// Reads what [`ErrorKind::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<ErrorKind> {
        ErrorKind::ALL.into_iter().find(|kind| kind.as_wire() == text)
    }

    /// What staff read.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            ErrorKind::Refused => "Ditolak oleh penyedia layanan",
            ErrorKind::Unreachable => "Penyedia layanan tidak dapat dihubungi",
            ErrorKind::Throttled => "Penyedia layanan membatasi jumlah pesan",
            ErrorKind::OutcomeLost => "Tidak diketahui apakah pesan sampai",
            ErrorKind::NoContact => "Pelanggan tidak memiliki kontak untuk saluran ini",
            ErrorKind::Erased => "Data pelanggan sudah dihapus",
            ErrorKind::Outdated => "Tagihan sudah dibayar atau tidak berlaku lagi",
        }
    }
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Try again at this instant.
    Retry {
        /// When.
        due_at: DateTime<Utc>,
        /// Whether the person may then get it twice.
        maybe_duplicate: bool,
    },
    /// Give up.
    Fail,
    /// Leave it, marked that nobody knows.
    LeaveUnknown,
}

/// Tries before a message is given up; with the delays below they span half an hour.
pub(crate) const MAX_ATTEMPTS: u32 = 14;
const FIRST_DELAY_MS: i64 = 2_000;
const FIRST_THROTTLED_DELAY_MS: i64 = 15_000;
const LONGEST_DELAY_MS: i64 = 300_000;
/// Jitter is a share of the delay in thousandths, so that retries of one outage do not march in step.
pub(crate) const MAX_JITTER_PERMILLE: i64 = 250;

/// What follows when attempt `attempts` (from 1) failed with `kind` at `now`. `jitter_permille`,
/// 0 to [`MAX_JITTER_PERMILLE`], comes from the caller's dice.
pub(crate) fn after_failure(
    kind: ErrorKind,
    attempts: u32,
    maybe_duplicate: bool,
    now: DateTime<Utc>,
    jitter_permille: i64,
) -> Step {
    match kind {
        ErrorKind::Refused | ErrorKind::NoContact | ErrorKind::Erased | ErrorKind::Outdated => {
            Step::Fail
        }
        ErrorKind::OutcomeLost if maybe_duplicate => Step::LeaveUnknown,
        ErrorKind::OutcomeLost => {
            let due_at = now + delay(FIRST_DELAY_MS, 1, jitter_permille);
            Step::Retry { due_at, maybe_duplicate: true }
        }
        ErrorKind::Unreachable | ErrorKind::Throttled if attempts >= MAX_ATTEMPTS => Step::Fail,
        ErrorKind::Unreachable => {
            let due_at = now + delay(FIRST_DELAY_MS, attempts, jitter_permille);
            Step::Retry { due_at, maybe_duplicate }
        }
        ErrorKind::Throttled => {
            let due_at = now + delay(FIRST_THROTTLED_DELAY_MS, attempts, jitter_permille);
            Step::Retry { due_at, maybe_duplicate }
        }
    }
}

/// `first`, doubled with every attempt up to the longest, plus jitter.
fn delay(first_ms: i64, attempts: u32, jitter_permille: i64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(20);
    let plain = first_ms.saturating_mul(1_i64 << doublings).min(LONGEST_DELAY_MS);
    let jitter = plain.saturating_mul(jitter_permille.clamp(0, MAX_JITTER_PERMILLE)) / 1_000;
    Duration::milliseconds(plain + jitter)
}

#[cfg(test)]
mod tests {
    use konveksi_kernel::{Clock as _, SystemClock};
    use proptest::prelude::*;

    use super::*;

    fn retried(kind: ErrorKind, attempts: u32) -> Option<Duration> {
        let now = SystemClock.now();
        match after_failure(kind, attempts, false, now, 0) {
            Step::Retry { due_at, .. } => Some(due_at - now),
            Step::Fail | Step::LeaveUnknown => None,
        }
    }

    #[test]
    fn every_literal_reads_back() {
        for status in Status::ALL {
            assert_eq!(Status::from_wire(status.as_wire()), Some(status));
        }
        for kind in ErrorKind::ALL {
            assert_eq!(ErrorKind::from_wire(kind.as_wire()), Some(kind));
        }
    }

    #[test]
    fn an_unreachable_provider_is_tried_for_half_an_hour() {
        let total: Duration =
            (1..=MAX_ATTEMPTS).filter_map(|n| retried(ErrorKind::Unreachable, n)).sum();
        assert!(total > Duration::minutes(30), "{total}");
        assert_eq!(retried(ErrorKind::Unreachable, 1), Some(Duration::seconds(2)));
        assert_eq!(retried(ErrorKind::Unreachable, MAX_ATTEMPTS), None);
    }

    #[test]
    fn a_refusal_is_final() {
        assert_eq!(retried(ErrorKind::Refused, 1), None);
    }

    #[test]
    fn a_lost_outcome_is_sent_again_once_and_flagged() {
        let now = SystemClock.now();
        let first = after_failure(ErrorKind::OutcomeLost, 1, false, now, 0);
        assert!(matches!(first, Step::Retry { maybe_duplicate: true, .. }));
        let second = after_failure(ErrorKind::OutcomeLost, 2, true, now, 0);
        assert_eq!(second, Step::LeaveUnknown);
    }

    proptest! {
        #[test]
        fn a_retry_is_never_in_the_past_nor_far_away(
            kind in prop::sample::select(ErrorKind::ALL.to_vec()),
            attempts in 0_u32..1_000,
            flagged in any::<bool>(),
            jitter in any::<i64>(),
        ) {
            let now = SystemClock.now();
            if let Step::Retry { due_at, maybe_duplicate } = after_failure(kind, attempts, flagged, now, jitter) {
                prop_assert!(due_at > now);
                prop_assert!(due_at - now <= Duration::milliseconds(LONGEST_DELAY_MS * 5 / 4));
                // The flag is never taken back.
                prop_assert!(maybe_duplicate || !flagged);
            }
        }

        #[test]
        fn no_outcomes_make_a_message_go_on_for_ever(
            kinds in prop::collection::vec(
                prop::sample::select(vec![ErrorKind::Unreachable, ErrorKind::Throttled, ErrorKind::OutcomeLost]),
                40,
            ),
        ) {
            let mut flagged = false;
            let mut tries = 0;
            for kind in kinds {
                tries += 1;
                match after_failure(kind, tries, flagged, SystemClock.now(), 0) {
                    Step::Retry { maybe_duplicate, .. } => flagged = maybe_duplicate,
                    Step::Fail | Step::LeaveUnknown => break,
                }
            }
            prop_assert!(tries <= MAX_ATTEMPTS + 1);
        }
    }
}
