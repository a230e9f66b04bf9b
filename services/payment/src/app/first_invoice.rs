//! An order's first invoice, for the composition that creates orders (`settled.md` 6). The
//! `order.created` event makes the same one when the composition does not get this far.

use konveksi_eventing::Envelope;

use super::hear_order::Fact;
use super::note_order::note_order;
use super::{App, AppError, InvoiceView, make_link, queries};
use crate::domain::OrderView;
use crate::store;

/// Makes the first invoice of `order` and its link, if it has none yet. A provider that fails is
/// no error: the answer has no link then, and a worker makes it later.
///
/// Absent when the order takes no first invoice (cancelled, or past its first payment).
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn first_invoice(
    app: &App,
    order: &OrderView,
    notify: bool,
) -> Result<(Option<InvoiceView>, Vec<Envelope>), AppError> {
    note_order(app, order, Fact::Created { notify }).await?;
    let mut conn = app.pool.get().await?;
    let newest = store::invoices::of_order(&mut conn, order.id).await?;
    drop(conn);
    let Some(invoice) = newest.into_iter().rfind(|invoice| invoice.status.is_open()) else {
        return Ok((None, Vec::new()));
    };
    let told = match make_link::now(app, invoice.id).await {
        Ok(told) => told,
        Err(AppError::Provider(_) | AppError::LinkPending) => {
            app.work.links();
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    Ok((Some(queries::invoice(app, invoice.id).await?), told))
}
