//! `order.updated.v1`: keeps the order.

use konveksi_contracts::v1::OrderUpdated;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderUpdated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = facts::order(event.message.order.as_ref(), event.version, false)?;
        app::hear_order(tx, &order).await?;
        Ok(())
    })
}
