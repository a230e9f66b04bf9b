//! `payment.rejected`: noted for staff.

use konveksi_contracts::v1::{PaymentRejected, RejectReason};
use konveksi_db::Connection;
use konveksi_eventing::{HandlerError, HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_payment::{RejectionFact, payment_rejected};

/// Applies the event.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<PaymentRejected>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = fact(&event.message)?;
        words::answer(payment_rejected(app, tx, words::heard(event), &fact).await)
    })
}

fn fact(message: &PaymentRejected) -> Result<RejectionFact, HandlerError> {
    Ok(RejectionFact {
        order_id: words::id(&message.order_id, "order_id")?,
        invoice_id: words::id(&message.invoice_id, "invoice_id")?,
        invoice_code: message.invoice_code.clone(),
        amount: words::money(message.amount_sen, "amount_sen")?,
        reason: match message.reason() {
            RejectReason::AmountTooLow => "Jumlah kurang dari tagihan; menunggu pemeriksaan staf.",
            RejectReason::Unspecified => "Pembayaran menunggu pemeriksaan staf.",
        },
    })
}
