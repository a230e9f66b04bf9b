//! `order.updated.v1`, `order.status_changed.v1`, `order.cancelled.v1`: the order's new state says
//! everything.

use konveksi_contracts::EventMessage;
use konveksi_contracts::v1::{OrderCancelled, OrderState, OrderStatusChanged, OrderUpdated};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::{failed, read};
use crate::app::App;
use crate::app::hear_order::{Fact, hear_order};

/// An event that is all said by the order's state.
pub(super) trait TellsState: EventMessage {
    fn order(&self) -> Option<&OrderState>;
}

impl TellsState for OrderUpdated {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsState for OrderStatusChanged {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

impl TellsState for OrderCancelled {
    fn order(&self) -> Option<&OrderState> {
        self.order.as_ref()
    }
}

pub(super) fn handle<'a, E: TellsState>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<E>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = read::order(event.message.order(), event.version)?;
        hear_order(app, tx, &order, Fact::Changed).await.map_err(failed)
    })
}
