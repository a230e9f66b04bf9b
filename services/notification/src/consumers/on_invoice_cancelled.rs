//! `invoice.cancelled.v1`: keeps the invoice, so that nobody is asked to pay it.

use konveksi_contracts::v1::InvoiceCancelled;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    _app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<InvoiceCancelled>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let invoice = facts::invoice(event.message.invoice.as_ref(), event.version)?;
        app::hear_invoice(tx, &invoice).await?;
        Ok(())
    })
}
