//! What we hear. Order is never relied on: facts carry their version, payments their id.

mod on_customer_changed;
mod on_order_told;
mod on_payment_received;
mod on_refund_completed;
mod read;

use konveksi_contracts::v1::{
    CustomerChanged, OrderCancelled, OrderCreated, OrderDeleted, OrderProductionChanged,
    OrderStatusChanged, OrderUpdated, PaymentReceived, RefundCompleted,
};
use konveksi_eventing::Handlers;

use crate::app::App;

/// Every event heard here, with its handler.
pub(crate) fn handlers() -> Handlers<App> {
    Handlers::new()
        .on::<CustomerChanged>(on_customer_changed::handle)
        .on::<OrderCreated>(on_order_told::handle::<OrderCreated>)
        .on::<OrderUpdated>(on_order_told::handle::<OrderUpdated>)
        .on::<OrderDeleted>(on_order_told::handle::<OrderDeleted>)
        .on::<OrderCancelled>(on_order_told::handle::<OrderCancelled>)
        .on::<OrderStatusChanged>(on_order_told::handle::<OrderStatusChanged>)
        .on::<OrderProductionChanged>(on_order_told::handle::<OrderProductionChanged>)
        .on::<PaymentReceived>(on_payment_received::handle)
        .on::<RefundCompleted>(on_refund_completed::handle)
}
