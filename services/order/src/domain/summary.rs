//! Figures over a filtered list (`contract.md` 6.2 A).

use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive as _};

/// Counts and sums over everything a filter finds. Sums are plain decimals: over years of orders
/// they may exceed what one amount of money may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Orders found.
    pub(crate) count: i64,
    /// Rupiah paid for all of them.
    pub(crate) paid: Decimal,
    /// How many are `lunas`.
    pub(crate) settled: i64,
    /// How many are `dibatalkan`.
    pub(crate) cancelled: i64,
}

impl Summary {
    /// Both together.
    pub(crate) fn plus(self, other: Summary) -> Summary {
        Summary {
            count: self.count + other.count,
            paid: self.paid + other.paid,
            settled: self.settled + other.settled,
            cancelled: self.cancelled + other.cancelled,
        }
    }

    /// The first without the second.
    pub(crate) fn minus(self, other: Summary) -> Summary {
        Summary {
            count: self.count - other.count,
            paid: self.paid - other.paid,
            settled: self.settled - other.settled,
            cancelled: self.cancelled - other.cancelled,
        }
    }

    /// What was paid, in rupiah with two places.
    pub(crate) fn total_revenue(&self) -> String {
        format!("{:.2}", self.paid)
    }

    /// What was paid for one order on average, halves to even; nothing when there are none.
    pub(crate) fn average_value(&self) -> String {
        let mean = self.paid.checked_div(Decimal::from(self.count)).unwrap_or_default();
        format!("{:.2}", mean.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven))
    }

    /// Settled orders in per cent of those not cancelled, one decimal.
    pub(crate) fn completion_rate(&self) -> f64 {
        let remaining = Decimal::from(self.count - self.cancelled);
        let rate = Decimal::from(self.settled * 100).checked_div(remaining).unwrap_or_default();
        rate.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
            .to_f64()
            .unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_the_sum_over_the_count() {
        let summary = Summary { count: 3, paid: Decimal::from(100), settled: 2, cancelled: 1 };
        assert_eq!(summary.total_revenue(), "100.00");
        assert_eq!(summary.average_value(), "33.33");
        assert!((summary.completion_rate() - 100.0).abs() < f64::EPSILON);
    }

    #[test]
    fn nothing_has_an_average_and_a_rate_of_nothing() {
        let summary = Summary { count: 0, paid: Decimal::ZERO, settled: 0, cancelled: 0 };
        assert_eq!(summary.average_value(), "0.00");
        assert!(summary.completion_rate().abs() < f64::EPSILON);
    }

    #[test]
    fn the_rate_has_one_decimal() {
        let summary = Summary { count: 7, paid: Decimal::ZERO, settled: 6, cancelled: 0 };
        assert_eq!(summary.completion_rate().to_string(), "85.7");
    }
}
