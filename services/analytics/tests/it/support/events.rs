//! Events as the other services tell them.

use chrono::{DateTime, Utc};
use konveksi_contracts::to_timestamp;
use konveksi_contracts::v1::{
    InvoiceState, OrderState, OrderStatus, PaymentPlan, PaymentReceived, ProductionStatus,
};
use konveksi_kernel::{CustomerId, OrderId, PaymentId, SystemClock};

/// An order that lives through a test.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) customer: CustomerId,
    pub(crate) code: String,
    pub(crate) total_sen: i64,
    pub(crate) created_at: DateTime<Utc>,
}

impl Order {
    pub(crate) fn new(code: &str, rupiah: i64, created_at: DateTime<Utc>) -> Order {
        Order {
            id: OrderId::generate(&SystemClock),
            customer: CustomerId::generate(&SystemClock),
            code: code.to_owned(),
            total_sen: rupiah * 100,
            created_at,
        }
    }

    /// Its state with this status and so much paid.
    #[expect(clippy::unnecessary_wraps, reason = "as the generated field wants it")]
    pub(crate) fn state(&self, status: OrderStatus, paid_rupiah: i64) -> Option<OrderState> {
        Some(OrderState {
            order_id: self.id.to_string(),
            order_code: self.code.clone(),
            customer_id: self.customer.to_string(),
            product_name: "Kaos".to_owned(),
            quantity: 10,
            total_sen: self.total_sen,
            payment_plan: PaymentPlan::Full.into(),
            status: status.into(),
            production_status: ProductionStatus::Waiting.into(),
            paid_sen: paid_rupiah * 100,
            created_at: Some(to_timestamp(self.created_at)),
            ..OrderState::default()
        })
    }

    /// Money that came in for it.
    pub(crate) fn payment(
        &self,
        rupiah: i64,
        paid_at: DateTime<Utc>,
    ) -> (PaymentId, PaymentReceived) {
        let id = PaymentId::generate(&SystemClock);
        let event = PaymentReceived {
            payment_id: id.to_string(),
            invoice: Some(InvoiceState {
                order_id: self.id.to_string(),
                order_code: self.code.clone(),
                ..InvoiceState::default()
            }),
            amount_sen: rupiah * 100,
            paid_at: Some(to_timestamp(paid_at)),
            ..PaymentReceived::default()
        };
        (id, event)
    }
}
