//! Growing pauses with a spread, so that replicas do not come back in step.

use std::time::Duration;

use rand::RngExt as _;

/// `base` made up to a fifth shorter or longer.
pub(crate) fn jittered(base: Duration) -> Duration {
    let percent = rand::rng().random_range(80_u32..=120);
    base.saturating_mul(percent) / 100
}

/// `first` doubled `attempts` times, at most `most`, with a spread.
pub(crate) fn doubled(first: Duration, attempts: u32, most: Duration) -> Duration {
    let factor = 1_u32.checked_shl(attempts.min(31)).unwrap_or(u32::MAX);
    jittered(first.saturating_mul(factor).min(most))
}

/// Pauses of one loop: grow with each failure, start over after a success.
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) const fn new(first: Duration, most: Duration) -> Backoff {
        Backoff { first, most, failures: 0 }
    }

    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The next pause.
    pub(crate) fn failed(&mut self) -> Duration {
        let pause = doubled(self.first, self.failures, self.most);
        self.failures = self.failures.saturating_add(1);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_to_their_limit_and_start_over() {
        let (first, most) = (Duration::from_millis(250), Duration::from_secs(30));
        let mut backoff = Backoff::new(first, most);
        for expected_ms in [250_u64, 500, 1_000, 2_000] {
            let pause = backoff.failed();
            let expected = Duration::from_millis(expected_ms);
            assert!(pause >= expected * 8 / 10 && pause <= expected * 12 / 10, "{pause:?}");
        }
        for _ in 0..100 {
            assert!(backoff.failed() <= most * 12 / 10);
        }
        backoff.succeeded();
        assert!(backoff.failed() <= first * 12 / 10);
    }
}
