//! `order.deleted.v1`: nothing is asked for it any more.

use konveksi_contracts::v1::OrderDeleted;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::{failed, read};
use crate::app::App;
use crate::app::hear_order::{Fact, hear_order};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderDeleted>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let mut order = read::order(event.message.order.as_ref(), event.version)?;
        order.deleted = true;
        hear_order(app, tx, &order, Fact::Changed).await.map_err(failed)
    })
}
