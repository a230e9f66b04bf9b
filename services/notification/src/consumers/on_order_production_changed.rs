//! `order.production_changed.v1`: keeps the order; tells the customer when production is
//! finished.

use konveksi_contracts::v1::{OrderProductionChanged, ProductionStatus};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<OrderProductionChanged>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let order = facts::order(event.message.order.as_ref(), event.version, false)?;
        app::hear_order(tx, &order).await?;
        if event.message.notify && event.message.to() == ProductionStatus::Finished {
            app::announce_finished(app, tx, order.id).await?;
        }
        Ok(())
    })
}
