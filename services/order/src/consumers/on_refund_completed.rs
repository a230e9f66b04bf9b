//! `refund.completed`: what is paid is copied; the status stays.

use konveksi_contracts::v1::RefundCompleted;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_payment::{RefundFact, refund_completed};

/// Applies the event.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<RefundCompleted>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(&event.message)?;
        words::answer(refund_completed(app, tx, words::heard(event), &fact).await)
    })
}

fn fact(message: &RefundCompleted) -> Result<RefundFact, HandlerError> {
    let invoice = words::state(message.invoice.as_ref())?;
    Ok(RefundFact {
        order_id: words::id(&invoice.order_id, "order_id")?,
        refund_id: words::id(&message.refund_id, "refund_id")?,
        invoice_code: invoice.invoice_code.clone(),
        amount: words::money(message.amount_sen, "amount_sen")?,
        method: message.method.clone(),
        trigger: words::trigger(message.trigger()),
        order_paid: words::money(message.order_paid_sen, "order_paid_sen")?,
        money_version: message.money_version,
    })
}
