//! One payment, as revenue sees it.

use chrono::{DateTime, NaiveDate, Utc};
use konveksi_kernel::{Money, OrderId, PaymentId, RefundId, jakarta};

/// Money that arrived and was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaymentFact {
    pub(crate) payment_id: PaymentId,
    pub(crate) order_id: OrderId,
    pub(crate) amount: Money,
    pub(crate) paid_at: DateTime<Utc>,
}

impl PaymentFact {
    /// The Jakarta day whose revenue this is.
    pub(crate) fn paid_on(&self) -> NaiveDate {
        jakarta::day_of(self.paid_at)
    }
}

/// Money that went back to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefundFact {
    pub(crate) refund_id: RefundId,
    pub(crate) payment_id: PaymentId,
    pub(crate) amount: Money,
}
