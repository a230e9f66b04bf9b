//! `order.production_changed.v1`: goods that leave become revenue, once, even when the order has
//! moved on since.

use konveksi_contracts::v1::{OrderProductionChanged, ProductionStatus};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::{failed, read};
use crate::app::App;
use crate::app::hear_order::{Fact, hear_order};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderProductionChanged>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = read::order(event.message.order.as_ref(), event.version)?;
        let shipped = event.message.to() == ProductionStatus::Shipped;
        let fact = if shipped { Fact::Shipped } else { Fact::Changed };
        hear_order(app, tx, &order, fact).await.map_err(failed)
    })
}
