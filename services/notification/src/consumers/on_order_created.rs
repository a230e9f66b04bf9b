//! `order.created.v1`: keeps the order and, where the workshop wants it, acknowledges it.
//! The link goes out with `invoice.created.v1`.

use konveksi_contracts::v1::OrderCreated;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderCreated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = facts::order(event.message.order.as_ref(), event.version, false)?;
        app::hear_order(tx, &order).await?;
        if event.message.notify {
            app::announce_order(app, tx, order.id).await?;
        }
        Ok(())
    })
}
