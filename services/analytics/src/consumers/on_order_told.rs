//! Every event that carries an order's state: the same rule for all, because each carries the
//! whole state and its version.

use konveksi_contracts::EventMessage;
use konveksi_contracts::v1::{
    OrderCancelled, OrderCreated, OrderDeleted, OrderProductionChanged, OrderState,
    OrderStatusChanged, OrderUpdated,
};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::read;
use crate::app::App;
use crate::app::record_order::record_order;
use crate::domain::order_fact::OrderFact;

/// An event with an order in it.
pub(super) trait TellsOrder: EventMessage {
    /// Whether the order is gone after it.
    const DELETED: bool = false;

    fn order(&self) -> Option<&OrderState>;
}

impl TellsOrder for OrderCreated {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsOrder for OrderUpdated {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsOrder for OrderDeleted {
    const DELETED: bool = true;

    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsOrder for OrderCancelled {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsOrder for OrderStatusChanged {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsOrder for OrderProductionChanged {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

pub(super) fn handle<'a, E: TellsOrder>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<E>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(event)?;
        Ok(record_order(tx, &fact).await?)
    })
}

fn fact<E: TellsOrder>(event: &Received<E>) -> Result<OrderFact, HandlerError> {
    let state = event.message.order().ok_or_else(|| read::refuse("the order"))?;
    Ok(OrderFact {
        order_id: read::id(&state.order_id, "the order's id")?,
        version: event.version,
        order_code: state.order_code.clone(),
        customer_id: read::id(&state.customer_id, "the customer's id")?,
        total: read::money(state.total_sen, "the order's total")?,
        paid: read::money(state.paid_sen, "the order's paid amount")?,
        status: read::status(state.status())?,
        production: read::production(state.production_status())?,
        created_at: read::instant(state.created_at.as_ref(), "the order's date")?,
        deleted: E::DELETED,
    })
}
