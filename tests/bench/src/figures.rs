//! Latencies and rates in whole numbers: microseconds, and tenths of one a second.

use std::time::Duration;

/// Latencies of many calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    micros: Vec<u64>,
}

impl Samples {
    /// Takes one more.
    pub(crate) fn add(&mut self, took: Duration) {
        self.micros.push(micros(took));
    }

    /// Takes microseconds that were measured elsewhere; what is negative counts as nothing.
    pub(crate) fn of_micros(micros: impl IntoIterator<Item = i64>) -> Samples {
        Samples { micros: micros.into_iter().map(|us| u64::try_from(us).unwrap_or(0)).collect() }
    }

    /// Takes all of another's.
    pub(crate) fn append(&mut self, other: Samples) {
        self.micros.extend(other.micros);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        u64::try_from(self.micros.len()).unwrap_or(u64::MAX)
    }

    /// The latency that `per_mille` of a thousand calls stay below, in microseconds; 0 without any.
    pub(crate) fn at(&self, per_mille: usize) -> u64 {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * per_mille).div_ceil(1000).saturating_sub(1);
        sorted.get(rank).copied().unwrap_or(0)
    }

    /// Half of the calls took less.
    pub(crate) fn p50(&self) -> u64 {
        self.at(500)
    }

    /// One call in a hundred took more.
    pub(crate) fn p99(&self) -> u64 {
        self.at(990)
    }

    /// Both, as people read them.
    pub(crate) fn shown(&self) -> String {
        format!("p50 {}, p99 {}", ms(self.p50()), ms(self.p99()))
    }
}

/// Whole microseconds.
pub(crate) fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// Microseconds as milliseconds: two decimals below ten, else one.
pub(crate) fn ms(us: u64) -> String {
    if us < 10_000 {
        format!("{}.{:02} ms", us / 1000, us % 1000 / 10)
    } else {
        format!("{}.{} ms", us / 1000, us % 1000 / 100)
    }
}

/// How much more the second is, as milliseconds; with a minus when it is less.
pub(crate) fn difference(less: u64, more: u64) -> String {
    let sign = if more < less { "-" } else { "" };
    format!("{sign}{}", ms(more.abs_diff(less)))
}

/// Seconds with one decimal.
pub(crate) fn seconds(took: Duration) -> String {
    tenths(micros(took) / 100_000)
}

/// How many a second, in tenths; 0 when no time has passed.
pub(crate) fn rate(count: u64, over: Duration) -> u64 {
    let tenths = u128::from(count) * 10_000_000;
    let rate = tenths.checked_div(over.as_micros()).unwrap_or(0);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// Tenths as a decimal number.
pub(crate) fn tenths(tenths: u64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A part of a whole in hundredths; 0 of nothing.
pub(crate) fn hundredths(part: u64, whole: u64) -> u64 {
    part.saturating_mul(100).checked_div(whole).unwrap_or(0)
}

/// Hundredths as a decimal number.
pub(crate) fn as_ratio(hundredths: u64) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_rank() {
        let samples = Samples::of_micros((1..=100).rev());
        assert_eq!((samples.p50(), samples.p99(), samples.at(1000)), (50, 99, 100));
        assert_eq!(Samples::default().p99(), 0);
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(ms(1_234), "1.23 ms");
        assert_eq!(ms(98_765), "98.7 ms");
        assert_eq!(difference(2_000, 1_500), "-0.50 ms");
        assert_eq!(tenths(rate(100, Duration::from_secs(8))), "12.5");
        assert_eq!(as_ratio(hundredths(3, 10)), "0.30");
    }
}
