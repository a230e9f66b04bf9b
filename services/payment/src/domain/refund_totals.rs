//! What of one payment went back or is held for going back. Refunds of one payment take turns on
//! this row, so that together they never exceed what came (`reliability.md` part C, I4).

use konveksi_kernel::{Money, MoneyError, PaymentId};
use thiserror::Error;

use super::RefundParts;

/// The sums of one payment's refunds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefundTotals {
    /// The payment.
    pub(crate) payment_id: PaymentId,
    /// What came.
    pub(crate) captured: Money,
    /// What open refunds hold.
    pub(crate) pending: Money,
    /// What went back.
    pub(crate) refunded: Money,
    /// What of both was the customer's credit.
    pub(crate) credit_taken: Money,
}

/// Why a payment gives nothing back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum HoldError {
    /// More than what is left of it.
    #[error("more than what is left of the payment ({0})")]
    TooMuch(Money),
    /// What it left over was spent on another order meanwhile.
    #[error("the rest of the payment was the customer's credit and has been used")]
    CreditUsed,
    /// Sums left the range of money.
    #[error("an amount is out of range")]
    Amount(#[from] MoneyError),
}

/// What a hold needs to know of the payment and the books.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payable {
    /// What of the payment its invoice used.
    pub(crate) allocated: Money,
    /// What the customer's credit holds now.
    pub(crate) credit_balance: Money,
    /// Whether the order's goods have left.
    pub(crate) delivered: bool,
}

impl RefundTotals {
    /// What can still be given back.
    pub(crate) fn left(&self) -> Money {
        let taken = self.pending.plus(self.refunded).unwrap_or(self.captured);
        self.captured.minus(taken).unwrap_or(Money::ZERO)
    }

    /// Holds `amount`: first out of what the payment left over as credit, so that an order stays
    /// paid as long as it can, then out of what its order used.
    ///
    /// # Errors
    /// [`HoldError`]; nothing is held then.
    pub(crate) fn hold(
        &mut self,
        amount: Money,
        payable: Payable,
    ) -> Result<RefundParts, HoldError> {
        let left = self.left();
        if amount > left {
            return Err(HoldError::TooMuch(left));
        }
        let excess = self.captured.minus(payable.allocated)?;
        let credit_left = excess.minus(self.credit_taken).unwrap_or(Money::ZERO);
        let credit = amount.min(credit_left).min(payable.credit_balance);
        let order = amount.minus(credit)?;
        let taken = self.pending.plus(self.refunded)?;
        let order_taken = taken.minus(self.credit_taken)?;
        if order > payable.allocated.minus(order_taken).unwrap_or(Money::ZERO) {
            return Err(HoldError::CreditUsed);
        }
        self.pending = self.pending.plus(amount)?;
        self.credit_taken = self.credit_taken.plus(credit)?;
        Ok(RefundParts { credit, order, from_revenue: payable.delivered })
    }

    /// What was held went back.
    ///
    /// # Errors
    /// [`MoneyError`] when it was not held.
    pub(crate) fn settle(&mut self, amount: Money) -> Result<(), MoneyError> {
        self.pending = self.pending.minus(amount)?;
        self.refunded = self.refunded.plus(amount)?;
        Ok(())
    }

    /// What was held is free again.
    ///
    /// # Errors
    /// [`MoneyError`] when it was not held.
    pub(crate) fn release(&mut self, amount: Money, parts: RefundParts) -> Result<(), MoneyError> {
        self.pending = self.pending.minus(amount)?;
        self.credit_taken = self.credit_taken.minus(parts.credit)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use konveksi_kernel::SystemClock;
    use proptest::prelude::*;

    use super::*;

    fn rupiah(amount: u64) -> Money {
        Money::from_rupiah(amount).unwrap()
    }

    fn totals(captured: u64) -> RefundTotals {
        RefundTotals {
            payment_id: PaymentId::generate(&SystemClock),
            captured: rupiah(captured),
            pending: Money::ZERO,
            refunded: Money::ZERO,
            credit_taken: Money::ZERO,
        }
    }

    fn payable(allocated: u64, credit: u64) -> Payable {
        Payable { allocated: rupiah(allocated), credit_balance: rupiah(credit), delivered: false }
    }

    #[test]
    fn three_millions_and_no_fourth_go_back_of_3_750_000() {
        let mut totals = totals(3_750_000);
        let million = rupiah(1_000_000);
        for _ in 0..3 {
            totals.hold(million, payable(3_750_000, 0)).unwrap();
        }
        let fourth = totals.hold(million, payable(3_750_000, 0));
        assert_eq!(fourth, Err(HoldError::TooMuch(rupiah(750_000))));
    }

    #[test]
    fn what_was_too_much_goes_back_first() {
        let mut totals = totals(5_000_000);
        let parts = totals.hold(rupiah(700_000), payable(4_500_000, 500_000)).unwrap();
        assert_eq!((parts.credit, parts.order), (rupiah(500_000), rupiah(200_000)));
    }

    #[test]
    fn credit_that_was_spent_elsewhere_is_not_paid_twice() {
        let mut totals = totals(5_000_000);
        let all = totals.hold(rupiah(5_000_000), payable(4_500_000, 0));
        assert_eq!(all, Err(HoldError::CreditUsed));
        totals.hold(rupiah(4_500_000), payable(4_500_000, 0)).unwrap();
    }

    proptest! {
        #[test]
        fn holds_and_ends_never_exceed_the_payment(
            captured in 1_u64..10_000, share in 0_u64..=100,
            steps in prop::collection::vec((1_u64..5_000, 0_u8..3), 0..40),
        ) {
            let allocated = captured * share / 100;
            let mut totals = totals(captured);
            let mut held = Vec::new();
            for (amount, step) in steps {
                match (step, held.pop()) {
                    (0, last) => {
                        held.extend(last);
                        let credit = captured - allocated;
                        if let Ok(parts) = totals.hold(rupiah(amount), payable(allocated, credit)) {
                            prop_assert_eq!(parts.credit.plus(parts.order).unwrap(), rupiah(amount));
                            held.push((rupiah(amount), parts));
                        }
                    }
                    (1, Some((amount, _))) => totals.settle(amount).unwrap(),
                    (_, Some((amount, parts))) => totals.release(amount, parts).unwrap(),
                    (_, None) => {}
                }
                let taken = totals.pending.plus(totals.refunded).unwrap();
                prop_assert!(taken <= totals.captured);
                prop_assert!(totals.credit_taken <= taken);
                let pending = held.iter().fold(Money::ZERO, |sum, (one, _)| sum.plus(*one).unwrap());
                prop_assert_eq!(pending, totals.pending);
            }
        }
    }
}
