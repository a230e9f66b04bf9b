//! What the gateway hears, as far as sockets care.

use crate::json::At as _;
use chrono::{DateTime, Utc};
use konveksi_contracts::EventMessage;
use konveksi_contracts::v1::{
    OrderCancelled, OrderCreated, OrderDeleted, OrderProductionChanged, OrderState,
    OrderStatusChanged, OrderUpdated, PaymentReceived, RefundCompleted,
};
use konveksi_eventing::Envelope;
use serde_json::{Map, Value, json};

use super::words;

/// What happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Created,
    Updated,
    Deleted,
    Cancelled,
    /// From and to, in words of the wire.
    Status(&'static str, &'static str),
    /// From and to, in words of the wire.
    Production(&'static str, &'static str),
}

/// Something worth telling.
#[derive(Debug, Clone)]
pub(super) enum News {
    /// Order's own.
    Order { change: Change, order: OrderState, at: DateTime<Utc> },
    /// Money came; told once order has taken it in.
    Payment(PaymentReceived),
    /// Money went back; order tells its new figures itself.
    Refund(RefundCompleted),
    /// Only figures changed.
    Other,
}

impl News {
    /// Reads an event; `None` when it cannot be read, which is logged.
    pub(super) fn read(envelope: &Envelope) -> Option<News> {
        let event = envelope.attributes.event_type.as_str();
        match event {
            OrderCreated::TYPE => order(envelope, |e: OrderCreated| (Change::Created, e.order)),
            OrderUpdated::TYPE => order(envelope, |e: OrderUpdated| (Change::Updated, e.order)),
            OrderDeleted::TYPE => order(envelope, |e: OrderDeleted| (Change::Deleted, e.order)),
            OrderCancelled::TYPE => {
                order(envelope, |e: OrderCancelled| (Change::Cancelled, e.order))
            }
            OrderStatusChanged::TYPE => order(envelope, |e: OrderStatusChanged| {
                let words = (words::order_status(e.from), words::order_status(e.to));
                (Change::Status(words.0, words.1), e.order)
            }),
            OrderProductionChanged::TYPE => order(envelope, |e: OrderProductionChanged| {
                let words = (words::production_status(e.from), words::production_status(e.to));
                (Change::Production(words.0, words.1), e.order)
            }),
            PaymentReceived::TYPE => Some(News::Payment(decode(envelope)?.0)),
            RefundCompleted::TYPE => Some(News::Refund(decode(envelope)?.0)),
            _ => Some(News::Other),
        }
    }
}

fn order<E: EventMessage>(
    envelope: &Envelope,
    read: impl FnOnce(E) -> (Change, Option<OrderState>),
) -> Option<News> {
    let (message, at) = decode(envelope)?;
    let (change, order) = read(message);
    Some(News::Order { change, order: order?, at })
}

fn decode<E: EventMessage>(envelope: &Envelope) -> Option<(E, DateTime<Utc>)> {
    match envelope.decode::<E>() {
        Ok(received) => Some((received.message, received.occurred_at)),
        Err(error) => {
            tracing::error!(event.type = %envelope.attributes.event_type, %error, "unreadable event");
            None
        }
    }
}

/// What anybody with an order's code may see: never name, contact or amounts.
pub(super) fn public_data(order: &OrderState, updated_at: DateTime<Utc>) -> Map<String, Value> {
    let created_at = konveksi_contracts::from_timestamp(order.created_at.as_ref());
    let pairs = [
        ("order_code", json!(order.order_code)),
        ("product_name", json!(order.product_name)),
        ("status_order", json!(words::order_status(order.status))),
        ("production_status", json!(words::production_status(order.production_status))),
        ("created_at", json!(created_at)),
        ("updated_at", json!(updated_at)),
        ("quantity", json!(order.quantity)),
    ];
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The same, of an order as the order service answers it.
pub(super) fn public_data_of(order: &Value) -> Map<String, Value> {
    const SHOWN: [&str; 7] = [
        "order_code",
        "product_name",
        "status_order",
        "production_status",
        "created_at",
        "updated_at",
        "quantity",
    ];
    SHOWN.iter().map(|name| ((*name).to_owned(), order.at(name).clone())).collect()
}
