//! `payment.received`: what is paid is copied, and the status follows it.

use konveksi_contracts::v1::{self, PaymentReceived};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_payment::{PaymentFact, payment_received};
use crate::domain::standing::MoneyReceived;

/// Applies the event.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<PaymentReceived>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(&event.message)?;
        words::answer(payment_received(app, tx, words::heard(event), &fact).await)
    })
}

fn fact(message: &PaymentReceived) -> Result<PaymentFact, HandlerError> {
    let invoice = words::state(message.invoice.as_ref())?;
    Ok(PaymentFact {
        order_id: words::id(&invoice.order_id, "order_id")?,
        payment_id: words::id(&message.payment_id, "payment_id")?,
        invoice_id: words::id(&invoice.invoice_id, "invoice_id")?,
        invoice_code: invoice.invoice_code.clone(),
        amount: words::money(message.amount_sen, "amount_sen")?,
        method: message.method.clone(),
        late: message.late,
        trigger: words::trigger(message.trigger()),
        money: MoneyReceived {
            kind: words::kind(invoice.kind())?,
            invoice_settled: invoice.status() == v1::InvoiceStatus::Paid,
            order_total: words::money(message.order_total_sen, "order_total_sen")?,
            order_paid: words::money(message.order_paid_sen, "order_paid_sen")?,
            money_version: message.money_version,
        },
    })
}
