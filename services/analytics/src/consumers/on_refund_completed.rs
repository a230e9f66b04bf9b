//! `refund.completed.v1`: money that went back.

use konveksi_contracts::v1::RefundCompleted;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::read;
use crate::app::App;
use crate::app::book_refund::book_refund;
use crate::domain::payment_fact::RefundFact;

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<RefundCompleted>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(&event.message)?;
        Ok(book_refund(tx, &fact).await?)
    })
}

fn fact(message: &RefundCompleted) -> Result<RefundFact, HandlerError> {
    Ok(RefundFact {
        refund_id: read::id(&message.refund_id, "the refund's id")?,
        payment_id: read::id(&message.payment_id, "the payment's id")?,
        amount: read::money(message.amount_sen, "the refund's amount")?,
    })
}
