//! `payment.overdue`: the order is flagged.

use konveksi_contracts::v1::PaymentOverdue;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_payment::{OverdueFact, payment_overdue};

/// Applies the event.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<PaymentOverdue>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(&event.message)?;
        words::answer(payment_overdue(app, tx, words::heard(event), &fact).await)
    })
}

fn fact(message: &PaymentOverdue) -> Result<OverdueFact, HandlerError> {
    let invoice = words::state(message.invoice.as_ref())?;
    Ok(OverdueFact {
        order_id: words::id(&invoice.order_id, "order_id")?,
        invoice_id: words::id(&invoice.invoice_id, "invoice_id")?,
        invoice_code: invoice.invoice_code.clone(),
        amount_due: words::money(message.amount_due_sen, "amount_due_sen")?,
        days: message.days_overdue,
    })
}
