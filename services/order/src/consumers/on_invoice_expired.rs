//! `invoice.expired`: noted; the order keeps its status.

use konveksi_contracts::v1::InvoiceExpired;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_invoice::invoice_ended;
use crate::domain::invoice::InvoiceStatus;

/// Applies the event.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<InvoiceExpired>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = words::invoice(event.message.invoice.as_ref())?;
        let end = InvoiceStatus::Expired;
        words::answer(invoice_ended(app, tx, words::heard(event), &fact, end).await)
    })
}
