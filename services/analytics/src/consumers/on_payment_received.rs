//! `payment.received.v1`: money that came in.

use konveksi_contracts::v1::PaymentReceived;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::read;
use crate::app::App;
use crate::app::book_payment::book_payment;
use crate::domain::payment_fact::PaymentFact;

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<PaymentReceived>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(&event.message)?;
        Ok(book_payment(tx, &fact).await?)
    })
}

fn fact(message: &PaymentReceived) -> Result<PaymentFact, HandlerError> {
    let invoice = message.invoice.as_ref().ok_or_else(|| read::refuse("the invoice"))?;
    Ok(PaymentFact {
        payment_id: read::id(&message.payment_id, "the payment's id")?,
        order_id: read::id(&invoice.order_id, "the order's id")?,
        amount: read::money(message.amount_sen, "the payment's amount")?,
        paid_at: read::instant(message.paid_at.as_ref(), "the payment's time")?,
    })
}
