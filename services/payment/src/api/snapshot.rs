//! An order as the order service tells it to compositions; reading one keeps it like the order's
//! own events would.

use chrono::{DateTime, Utc};
use konveksi_kernel::{CustomerId, Money, OrderId};
use konveksi_web::{FieldErrors, Problem};
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::domain::{Channel, OrderStatus, OrderView, PaymentPlan, ProductionStatus};

/// The snapshot; keys that are not needed here are left out.
#[derive(Debug, Deserialize)]
pub(super) struct SnapshotRequest {
    order_id: OrderId,
    order_code: String,
    version: i64,
    customer_id: CustomerId,
    #[serde(default)]
    customer_name: String,
    product_name: String,
    quantity: i64,
    total_price: Money,
    payment_type: String,
    dp_percent: Option<Decimal>,
    notification_channel: String,
    status_order: String,
    production_status: String,
    created_at: DateTime<Utc>,
}

impl SnapshotRequest {
    /// The order, which must be the one of the path, and its customer's name.
    pub(super) fn into_order(self, id: OrderId) -> Result<(OrderView, String), Problem> {
        let plan = PaymentPlan::from_wire(&self.payment_type);
        let channel = Channel::from_wire(&self.notification_channel);
        let status = OrderStatus::from_wire(&self.status_order);
        let production = ProductionStatus::from_wire(&self.production_status);
        let (Some(plan), Some(channel), Some(status), Some(production), true) =
            (plan, channel, status, production, self.order_id == id)
        else {
            let errors = FieldErrors::new().add("snapshot", "Bukan keadaan order yang dikenal.");
            return Err(Problem::validation(errors));
        };
        let order = OrderView {
            id,
            version: self.version,
            code: self.order_code,
            customer_id: self.customer_id,
            product_name: self.product_name,
            quantity: self.quantity,
            total: self.total_price,
            plan,
            deposit_percent: self.dp_percent,
            channel,
            status,
            production,
            deleted: false,
            created_at: self.created_at,
        };
        Ok((order, self.customer_name))
    }
}
