//! `order.created.v1`: the order's first invoice, unless a composition has made it already.

use konveksi_contracts::v1::OrderCreated;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::{failed, read};
use crate::app::App;
use crate::app::hear_order::{Fact, hear_order};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderCreated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = read::order(event.message.order.as_ref(), event.version)?;
        let fact = Fact::Created { notify: event.message.notify };
        hear_order(app, tx, &order, fact).await.map_err(failed)
    })
}
