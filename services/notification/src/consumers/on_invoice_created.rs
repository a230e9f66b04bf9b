//! `invoice.created.v1`: keeps the invoice and sends its link.

use konveksi_contracts::v1::InvoiceCreated;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<InvoiceCreated>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let invoice = facts::invoice(event.message.invoice.as_ref(), event.version)?;
        app::hear_invoice(tx, &invoice).await?;
        if event.message.notify {
            app::announce_invoice(app, tx, invoice.id, invoice.version).await?;
        }
        Ok(())
    })
}
