//! How much more, in percent.

use konveksi_kernel::Money;
use rust_decimal::{Decimal, RoundingStrategy};

/// The change from `before` to `now` in percent, one decimal, halves away from zero.
/// `None` when there was nothing before: growth from nothing has no percentage.
pub(crate) fn percent(now: Money, before: Money) -> Option<Decimal> {
    if before.is_zero() {
        return None;
    }
    let change = (now.as_decimal() - before.as_decimal()) * Decimal::ONE_HUNDRED;
    let percent = change.checked_div(before.as_decimal())?;
    Some(percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rupiah(amount: u64) -> Money {
        Money::from_rupiah(amount).unwrap()
    }

    #[test]
    fn growth_has_one_decimal_and_a_sign() {
        assert_eq!(percent(rupiah(1_125), rupiah(1_000)), Some(Decimal::new(125, 1)));
        assert_eq!(percent(rupiah(2), rupiah(3)), Some(Decimal::new(-333, 1)));
        assert_eq!(percent(rupiah(0), rupiah(3)), Some(Decimal::new(-100, 0)));
        assert_eq!(percent(rupiah(3), rupiah(3)), Some(Decimal::ZERO));
    }

    #[test]
    fn growth_from_nothing_is_unknown() {
        assert_eq!(percent(rupiah(5), rupiah(0)), None);
        assert_eq!(percent(rupiah(0), rupiah(0)), None);
    }
}
