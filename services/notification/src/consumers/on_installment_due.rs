//! `installment.due.v1`: keeps the invoice and reminds the customer, once a part and step.

use konveksi_contracts::v1::InstallmentDue;
use konveksi_db::Connection;
use konveksi_eventing::{HandlerFuture, Received};
use konveksi_kernel::InstallmentId;

use super::facts;
use crate::app::{self, App};

pub(super) fn handle<'a>(
    app: &'a App,
    tx: &'a mut Connection,
    event: &'a Received<InstallmentDue>,
) -> HandlerFuture<'a> {
    Box::pin(async move {
        let message = &event.message;
        let invoice = facts::invoice(message.invoice.as_ref(), event.version)?;
        let part: InstallmentId = facts::id("installment_id", &message.installment_id)?;
        app::hear_invoice(tx, &invoice).await?;
        app::announce_installment(app, tx, invoice.id, (part, &message.due_on, message.days_left))
            .await?;
        Ok(())
    })
}
