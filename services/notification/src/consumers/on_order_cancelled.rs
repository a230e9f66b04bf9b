//! `order.cancelled.v1`: keeps the order and tells the customer.

use konveksi_contracts::v1::OrderCancelled;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderCancelled>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = facts::order(event.message.order.as_ref(), event.version, false)?;
        app::hear_order(tx, &order).await?;
        if event.message.notify {
            app::announce_cancelled(app, tx, order.id).await?;
        }
        Ok(())
    })
}
