//! `invoice.created`: the order has a payment link.

use konveksi_contracts::v1::InvoiceCreated;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::words;
use crate::app::App;
use crate::app::apply_invoice::invoice_created;

/// Applies the event.
pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<InvoiceCreated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let fact = words::invoice(event.message.invoice.as_ref())?;
        words::answer(invoice_created(app, tx, words::heard(event), &fact).await)
    })
}
