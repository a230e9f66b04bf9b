//! How much an invoice asks for.

use konveksi_kernel::{Money, MoneyError};
use rust_decimal::Decimal;

use super::InvoiceKind;

/// The deposit's share when neither the order nor the request names one (`contract.md` section 4).
pub(crate) const DEFAULT_DEPOSIT_PERCENT: Decimal = Decimal::from_parts(60, 0, 0, false, 0);

/// What an invoice of `kind` asks for an order of `total`, of which `paid` came by other invoices.
///
/// A deposit is floored to a whole rupiah, the fraction stays with the last part (`settled.md`
/// 26), and it never asks for more than what is left. Zero means that nothing is left to ask for.
///
/// # Errors
/// [`MoneyError`] for percents outside sense.
pub(crate) fn invoice_amount(
    kind: InvoiceKind,
    total: Money,
    paid: Money,
    deposit_percent: Option<Decimal>,
) -> Result<Money, MoneyError> {
    let left = total.minus(paid).unwrap_or(Money::ZERO);
    match kind {
        InvoiceKind::Deposit => {
            let percent = deposit_percent.unwrap_or(DEFAULT_DEPOSIT_PERCENT);
            Ok(total.percent_whole_rupiah(percent)?.min(left))
        }
        InvoiceKind::Final | InvoiceKind::Full => Ok(left),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_of_an_odd_total_leaves_the_odd_rupiah_to_the_end() {
        let total = Money::from_rupiah(333_333).unwrap();
        let deposit =
            invoice_amount(InvoiceKind::Deposit, total, Money::ZERO, Some(Decimal::from(50)))
                .unwrap();
        assert_eq!(deposit, Money::from_rupiah(166_666).unwrap());
        let rest = invoice_amount(InvoiceKind::Final, total, deposit, None).unwrap();
        assert_eq!(rest, Money::from_rupiah(166_667).unwrap());
    }

    #[test]
    fn nothing_is_asked_for_when_everything_was_paid() {
        let total = Money::from_rupiah(100).unwrap();
        for kind in InvoiceKind::ALL {
            assert!(invoice_amount(kind, total, total, None).unwrap().is_zero());
        }
    }

    proptest! {
        #[test]
        fn deposit_and_remainder_make_the_total(
            rupiah in 1_u64..=999_999_999_999, hundredths in 5_000_i64..=10_000,
        ) {
            let total = Money::from_rupiah(rupiah).unwrap();
            let percent = Some(Decimal::new(hundredths, 2));
            let deposit =
                invoice_amount(InvoiceKind::Deposit, total, Money::ZERO, percent).unwrap();
            let rest = invoice_amount(InvoiceKind::Final, total, deposit, None).unwrap();
            prop_assert_eq!(deposit.plus(rest).unwrap(), total);
            prop_assert!(deposit.whole_rupiah().is_ok() && rest.whole_rupiah().is_ok());
        }
    }
}
