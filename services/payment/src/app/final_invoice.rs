//! The final invoice, for the composition of contract row 32. The event that the order entered
//! `pengerjaan_selesai` makes the same one (`settled.md` 20).

use konveksi_db::transaction;
use konveksi_eventing::Envelope;

use super::hear_order::{Fact, hear_order};
use super::invoicing::ensure_final;
use super::{App, AppError, InvoiceView, make_link, queries};
use crate::domain::{InvoiceKind, OrderView};
use crate::store;

/// Makes the order's final invoice and its link, if it has none yet, and sends nothing. Without an
/// answer from the provider the invoice has no link; a worker makes it later.
///
/// # Errors
/// [`AppError::OrderClosed`]; [`AppError::NothingLeft`]; [`AppError::Db`].
pub(crate) async fn final_invoice(
    app: &App,
    order: &OrderView,
) -> Result<(InvoiceView, Vec<Envelope>), AppError> {
    let mut conn = app.pool.get().await?;
    let (invoice, claimed) = transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        hear_order(app, tx, order, Fact::Changed).await?;
        let sums = store::orders::find_money_for_update(tx, order.id)
            .await?
            .ok_or(AppError::OrderNotFound)?;
        let newest = store::orders::find(tx, order.id).await?.ok_or(AppError::OrderNotFound)?;
        if !newest.is_live() {
            return Err(AppError::OrderClosed);
        }
        ensure_final(tx, now, (&newest, &sums)).await?;
        let existing = store::invoices::of_order(tx, order.id).await?;
        let invoice = existing
            .into_iter()
            .rfind(|one| one.status.is_open() || one.kind == InvoiceKind::Final)
            .ok_or(AppError::NothingLeft)?;
        let claimed = store::links::claim_of_invoice(tx, invoice.id, now).await?;
        Ok((invoice.id, claimed))
    })
    .await?;
    drop(conn);
    app.wake.relay();
    let told = make_link::or_later(make_link::now(app, invoice, claimed).await)?;
    app.work.links();
    Ok((queries::invoice(app, invoice).await?, told))
}
