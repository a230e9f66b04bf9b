//! Events as the broker brings them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use konveksi_contracts::v1::{OrderState, OrderStatus, PaymentPlan, ProductionStatus};
use konveksi_contracts::{EventMessage, to_timestamp};
use konveksi_eventing::topology::EVENTS;
use konveksi_kernel::{Clock as _, EventId, OrderId, SystemClock};
use serde_json::json;

use super::World;

/// The state of an order with this code.
pub(crate) fn order_state(id: OrderId, code: &str, status: OrderStatus) -> OrderState {
    OrderState {
        order_id: id.to_string(),
        order_code: code.to_owned(),
        product_name: "Kaos Polos".to_owned(),
        quantity: 24,
        total_sen: 240_000_000,
        payment_plan: PaymentPlan::Full.into(),
        status: status.into(),
        production_status: ProductionStatus::Waiting.into(),
        created_at: Some(to_timestamp(SystemClock.now())),
        ..OrderState::default()
    }
}

/// Publishes an event about `subject`.
pub(crate) async fn publish<E: EventMessage>(world: &World, subject: OrderId, event: &E) {
    let id = EventId::generate(&SystemClock).to_string();
    let properties = json!({
        "content_type": "application/protobuf",
        "message_id": id,
        "type": E::TYPE,
        "headers": {
            "cloudEvents_id": id,
            "cloudEvents_source": format!("/konveksi/{}", E::PRODUCER),
            "cloudEvents_type": E::TYPE,
            "cloudEvents_subject": subject.to_string(),
            "cloudEvents_subjectkind": "order",
            "cloudEvents_sequence": "1",
            "cloudEvents_time": SystemClock.now().to_rfc3339(),
        },
    });
    let body = STANDARD.encode(event.encode_to_vec());
    let broker = world.broker.as_ref().unwrap();
    assert!(broker.publish(EVENTS, E::TYPE, &properties, &body).await, "nobody heard {}", E::TYPE);
}
