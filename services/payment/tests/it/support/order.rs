//! Orders as the order service tells them, in snapshots and events.

use chrono::{DateTime, Utc};
use konveksi_contracts::to_timestamp;
use konveksi_contracts::v1::{
    Channel, OrderCancelled, OrderCreated, OrderDeleted, OrderProductionChanged, OrderState,
    OrderStatus, OrderStatusChanged, OrderUpdated, PaymentPlan, ProductionStatus,
};
use konveksi_eventing::Envelope;
use konveksi_kernel::{Clock as _, CustomerId, OrderId, SystemClock};
use konveksi_test_support::random_word;
use serde_json::{Value, json};

use super::{Answer, World};

/// An order that lives through a test.
#[derive(Clone)]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) customer: CustomerId,
    pub(crate) code: String,
    pub(crate) rupiah: i64,
    pub(crate) version: i64,
    pub(crate) plan: PaymentPlan,
    /// Hundredths of a percent.
    pub(crate) percent: i32,
    pub(crate) status: OrderStatus,
    pub(crate) production: ProductionStatus,
    pub(crate) created_at: DateTime<Utc>,
}

impl Order {
    /// Rp 7.500.000, paid by a deposit of 60 %.
    pub(crate) fn with_deposit() -> Order {
        let id = OrderId::generate(&SystemClock);
        Order {
            id,
            customer: CustomerId::generate(&SystemClock),
            code: format!("ORD-20261123-{}", random_word().to_uppercase().split_off(13)),
            rupiah: 7_500_000,
            version: 1,
            plan: PaymentPlan::Deposit,
            percent: 6_000,
            status: OrderStatus::AwaitingLink,
            production: ProductionStatus::Waiting,
            created_at: SystemClock.now(),
        }
    }

    /// Rp 7.500.000 at once.
    pub(crate) fn paid_at_once() -> Order {
        Order { plan: PaymentPlan::Full, percent: 0, ..Order::with_deposit() }
    }

    /// Of another price, in rupiah.
    pub(crate) fn of(self, rupiah: i64) -> Order {
        Order { rupiah, ..self }
    }

    /// The next version of it.
    pub(crate) fn next(&self) -> Order {
        Order { version: self.version + 1, ..self.clone() }
    }

    pub(crate) fn state(&self) -> OrderState {
        OrderState {
            order_id: self.id.to_string(),
            order_code: self.code.clone(),
            customer_id: self.customer.to_string(),
            product_name: "Kaos".to_owned(),
            quantity: 100,
            total_sen: self.rupiah * 100,
            payment_plan: self.plan.into(),
            deposit_percent_hundredths: self.percent,
            channel: Channel::Whatsapp.into(),
            status: self.status.into(),
            production_status: self.production.into(),
            paid_sen: 0,
            created_at: Some(to_timestamp(self.created_at)),
            quiet: false,
        }
    }

    pub(crate) fn snapshot(&self) -> Value {
        json!({
            "order_id": self.id,
            "order_code": self.code,
            "version": self.version,
            "customer_id": self.customer,
            "customer_name": "Budi Santoso",
            "contact_information": "081234567890",
            "product_name": "Kaos",
            "quantity": 100,
            "total_price": format!("{}.00", self.rupiah),
            "paid_amount": "0.00",
            "payment_type": if self.plan == PaymentPlan::Full { "full" } else { "dp" },
            "dp_percent": (self.percent > 0).then(|| format!("{}.00", self.percent / 100)),
            "notification_channel": "whatsapp",
            "status_order": status_word(self.status),
            "production_status": production_word(self.production),
            "is_fully_paid": false,
            "created_at": self.created_at,
        })
    }

    /// Asks for the first invoice as the gateway does.
    pub(crate) async fn ask_first_invoice(&self, world: &World) -> Answer {
        let path = format!("/internal/v1/orders/{}/first-invoice", self.id);
        world.compose(&path, json!({ "snapshot": self.snapshot() })).await
    }

    /// The first invoice with its link.
    pub(crate) async fn first_invoice(&self, world: &World) -> Value {
        let body = self.ask_first_invoice(world).await.expect(200);
        assert!(body["payment_url"].is_string(), "{body}");
        body["invoice"].clone()
    }

    pub(crate) async fn tell_created(&self, world: &World) -> Envelope {
        let event =
            OrderCreated { order: Some(self.state()), notify: true, ..OrderCreated::default() };
        world.tell(self.id.as_uuid(), self.version, &event).await
    }

    pub(crate) async fn tell_updated(&self, world: &World) {
        let event = OrderUpdated { order: Some(self.state()) };
        world.tell(self.id.as_uuid(), self.version, &event).await;
    }

    pub(crate) async fn tell_status(&self, world: &World, to: OrderStatus) {
        let event = OrderStatusChanged {
            order: Some(self.state()),
            to: to.into(),
            ..OrderStatusChanged::default()
        };
        world.tell(self.id.as_uuid(), self.version, &event).await;
    }

    pub(crate) async fn tell_shipped(&self, world: &World) {
        let event = OrderProductionChanged {
            order: Some(self.state()),
            to: ProductionStatus::Shipped.into(),
            ..OrderProductionChanged::default()
        };
        world.tell(self.id.as_uuid(), self.version, &event).await;
    }

    pub(crate) async fn tell_cancelled(&self, world: &World) {
        let event = OrderCancelled { order: Some(self.state()), notify: false };
        world.tell(self.id.as_uuid(), self.version, &event).await;
    }

    pub(crate) async fn tell_deleted(&self, world: &World) {
        let event = OrderDeleted { order: Some(self.state()) };
        world.tell(self.id.as_uuid(), self.version, &event).await;
    }

    /// Its money as the public pages ask for it.
    pub(crate) async fn money(&self, world: &World) -> Value {
        world.look(&format!("/internal/v1/orders/{}/money", self.id)).await
    }
}

fn status_word(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::DepositPaid => "dp_dibayar",
        OrderStatus::WorkDone => "pengerjaan_selesai",
        OrderStatus::Cancelled => "dibatalkan",
        _ => "menunggu_link",
    }
}

fn production_word(status: ProductionStatus) -> &'static str {
    match status {
        ProductionStatus::Shipped => "dikirim",
        ProductionStatus::Finished => "selesai",
        _ => "menunggu",
    }
}
