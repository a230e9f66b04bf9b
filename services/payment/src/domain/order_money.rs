//! The money of one order: sums kept beside the ledger so that nobody has to add it up to answer
//! "how much was paid". A test compares them with the ledger.

use konveksi_kernel::{Money, MoneyError, OrderId};

/// What came in for one order and went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrderMoney {
    /// The order.
    pub(crate) order_id: OrderId,
    /// What its invoices received, in rupiah; customer credit and suspense are not in it.
    pub(crate) captured: Money,
    /// What of that was paid back.
    pub(crate) refunded: Money,
    /// The revenue booked when the goods left; absent before that.
    pub(crate) revenue_booked: Option<Money>,
    /// Rises with every change of the two sums.
    pub(crate) money_version: i64,
}

impl OrderMoney {
    /// What counts as paid: captured less refunded (`settled.md` 19).
    pub(crate) fn paid(&self) -> Money {
        // A CHECK keeps refunds below captures.
        self.captured.minus(self.refunded).unwrap_or(Money::ZERO)
    }

    /// Adds what an invoice received.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub(crate) fn capture(&mut self, amount: Money) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            self.captured = self.captured.plus(amount)?;
            self.money_version += 1;
        }
        Ok(())
    }

    /// Adds what went back of it.
    ///
    /// # Errors
    /// [`MoneyError`] when more would have gone back than came.
    pub(crate) fn refund(&mut self, amount: Money) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            let refunded = self.refunded.plus(amount)?;
            self.captured.minus(refunded)?;
            self.refunded = refunded;
            self.money_version += 1;
        }
        Ok(())
    }

    /// Takes back a capture that was a mistake.
    ///
    /// # Errors
    /// [`MoneyError`] when less came, or went back since.
    pub(crate) fn uncapture(&mut self, amount: Money) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            let captured = self.captured.minus(amount)?;
            captured.minus(self.refunded)?;
            self.captured = captured;
            self.money_version += 1;
        }
        Ok(())
    }

    /// Whether the goods have left and their revenue is booked.
    pub(crate) const fn is_delivered(&self) -> bool {
        self.revenue_booked.is_some()
    }
}
