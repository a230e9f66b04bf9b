//! An order's first invoice, for the composition that creates orders (`settled.md` 6). The
//! `order.created` event makes the same one when the composition does not get this far.

use konveksi_db::transaction;
use konveksi_eventing::Envelope;

use super::hear_order::{Fact, hear_order};
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
    let mut conn = app.pool.get().await?;
    let found = transaction(&mut conn, async |tx| {
        hear_order(app, tx, order, Fact::Created { notify }).await?;
        let newest = store::invoices::of_order(tx, order.id).await?;
        let Some(invoice) = newest.into_iter().rfind(|invoice| invoice.status.is_open()) else {
            return Ok(None);
        };
        // Claimed with the invoice's own commit, so that no worker is faster.
        let claimed = store::links::claim_of_invoice(tx, invoice.id, app.clock.now()).await?;
        Ok::<_, AppError>(Some((invoice.id, claimed)))
    })
    .await?;
    drop(conn);
    app.wake.relay();
    let Some((invoice, claimed)) = found else { return Ok((None, Vec::new())) };
    let told = make_link::or_later(make_link::now(app, invoice, claimed).await)?;
    app.work.links();
    Ok((Some(queries::invoice(app, invoice).await?), told))
}
