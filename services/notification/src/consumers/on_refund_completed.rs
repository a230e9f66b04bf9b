//! `refund.completed.v1`: keeps the invoice and tells the customer.

use konveksi_contracts::from_timestamp;
use konveksi_contracts::v1::RefundCompleted;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};
use konveksi_kernel::RefundId;

use super::facts;
use crate::app::{self, App};
use crate::domain::variables::Receipt;

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<RefundCompleted>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        let invoice = facts::invoice(message.invoice.as_ref(), event.version)?;
        app::hear_invoice(tx, &invoice).await?;
        if !message.notify {
            return Ok(());
        }
        let receipt = Receipt {
            amount: facts::money("amount_sen", message.amount_sen)?,
            paid_at: from_timestamp(message.completed_at.as_ref())
                .ok_or_else(|| facts::missing("completed_at"))?,
            order_total: facts::money("order_total_sen", message.order_total_sen)?,
            order_paid: facts::money("order_paid_sen", message.order_paid_sen)?,
            kind: invoice.kind,
        };
        let refund_id: RefundId = facts::id("refund_id", &message.refund_id)?;
        app::announce_refund(app, tx, invoice.id, refund_id, &receipt).await?;
        Ok(())
    })
}
