//! The money of one order: sums kept beside the ledger so that nobody has to add it up to answer
//! "how much was paid". A test compares them with the ledger.

use konveksi_kernel::{Money, MoneyError, OrderId};

/// What came in for one order and went back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderMoney {
    /// The order.
    pub order_id: OrderId,
    /// What its invoices received, in rupiah; customer credit and suspense are not in it.
    pub captured: Money,
    /// What of that was paid back.
    pub refunded: Money,
    /// The revenue booked when the goods left; absent before that.
    pub revenue_booked: Option<Money>,
    /// Rises with every change of the two sums.
    pub money_version: i64,
}

impl OrderMoney {
    /// An order for which nothing came yet.
    pub const fn nothing(order_id: OrderId) -> OrderMoney {
        OrderMoney {
            order_id,
            captured: Money::ZERO,
            refunded: Money::ZERO,
            revenue_booked: None,
            money_version: 0,
        }
    }

    /// What counts as paid: captured less refunded (`settled.md` 19).
    pub fn paid(&self) -> Money {
        // A CHECK keeps refunds below captures.
        self.captured.minus(self.refunded).unwrap_or(Money::ZERO)
    }

    /// Adds what an invoice received.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn capture(&mut self, amount: Money) -> Result<(), MoneyError> {
        if !amount.is_zero() {
            self.captured = self.captured.plus(amount)?;
            self.money_version += 1;
        }
        Ok(())
    }

    /// Whether the goods have left and their revenue is booked.
    pub const fn is_delivered(&self) -> bool {
        self.revenue_booked.is_some()
    }
}
