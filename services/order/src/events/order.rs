//! Facts about orders; each carries the whole order as it is after the change.

use chrono::{DateTime, Utc};
use konveksi_contracts::{to_timestamp, v1};
use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_eventing::outbox::{self, Subject};

use super::words;
use crate::domain::history::TriggerSource;
use crate::domain::order::Order;
use crate::domain::production::ProductionStatus;
use crate::domain::standing::Step;
use crate::domain::status::OrderStatus;
use crate::domain::terms::DepositPercent;

/// Tells a new order.
pub(crate) async fn order_created(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &Order,
) -> Result<Envelope, DbError> {
    let message = v1::OrderCreated {
        order: Some(state(order)),
        notify: order.notify,
        design_file_id: order.design_file_id.map(|id| id.to_string()).unwrap_or_default(),
    };
    outbox::append(tx, now, subject(order), &message).await
}

/// Tells that something changed that has no event of its own: details, design, what was paid.
pub(crate) async fn order_updated(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &Order,
) -> Result<Envelope, DbError> {
    let message = v1::OrderUpdated { order: Some(state(order)) };
    outbox::append(tx, now, subject(order), &message).await
}

/// Tells that an order was deleted.
pub(crate) async fn order_deleted(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &Order,
) -> Result<Envelope, DbError> {
    let message = v1::OrderDeleted { order: Some(state(order)) };
    outbox::append(tx, now, subject(order), &message).await
}

/// Tells that an order was cancelled; the customer is written to about it.
pub(crate) async fn order_cancelled(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &Order,
) -> Result<Envelope, DbError> {
    let message = v1::OrderCancelled { order: Some(state(order)), notify: true };
    outbox::append(tx, now, subject(order), &message).await
}

/// Tells that `status_order` moved.
pub(crate) async fn status_changed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &Order,
    step: Step<OrderStatus>,
    trigger: TriggerSource,
) -> Result<Envelope, DbError> {
    let message = v1::OrderStatusChanged {
        order: Some(state(order)),
        from: words::status(step.from).into(),
        to: words::status(step.to).into(),
        trigger: words::trigger(trigger).into(),
    };
    outbox::append(tx, now, subject(order), &message).await
}

/// Tells that `production_status` moved; the customer is written to when the work is finished.
pub(crate) async fn production_changed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &Order,
    step: Step<ProductionStatus>,
    trigger: TriggerSource,
) -> Result<Envelope, DbError> {
    let message = v1::OrderProductionChanged {
        order: Some(state(order)),
        from: words::production(step.from).into(),
        to: words::production(step.to).into(),
        trigger: words::trigger(trigger).into(),
        notify: step.to == ProductionStatus::Finished,
    };
    outbox::append(tx, now, subject(order), &message).await
}

fn subject(order: &Order) -> Subject {
    Subject { kind: "order", id: order.id.as_uuid(), version: order.version }
}

fn state(order: &Order) -> v1::OrderState {
    let details = &order.details;
    v1::OrderState {
        order_id: order.id.to_string(),
        order_code: order.code.clone(),
        customer_id: order.customer_id.to_string(),
        product_name: details.product_name.clone(),
        quantity: i64::from(details.quantity),
        total_sen: details.total.to_sen(),
        payment_plan: words::plan(details.terms.payment_type()).into(),
        deposit_percent_hundredths: details
            .terms
            .deposit_percent()
            .map_or(0, DepositPercent::hundredths),
        channel: words::channel(details.channel).into(),
        status: words::status(order.standing.status()).into(),
        production_status: words::production(order.standing.production()).into(),
        paid_sen: order.standing.paid().to_sen(),
        created_at: Some(to_timestamp(order.created_at)),
        quiet: order.origin.is_quiet(),
    }
}
