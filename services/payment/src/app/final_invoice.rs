//! The final invoice, for the composition of contract row 32. The event that the order entered
//! `pengerjaan_selesai` makes the same one (`settled.md` 20).

use konveksi_db::transaction;
use konveksi_eventing::Envelope;
use konveksi_kernel::OrderId;

use super::invoicing::ensure_final;
use super::{App, AppError, InvoiceView, make_link, queries};
use crate::domain::InvoiceKind;
use crate::store;

/// Makes the order's final invoice and its link, if it has none yet, and sends nothing. Without an
/// answer from the provider the invoice has no link; a worker makes it later.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::OrderClosed`]; [`AppError::NothingLeft`];
/// [`AppError::Db`].
pub(crate) async fn final_invoice(
    app: &App,
    order: OrderId,
) -> Result<(InvoiceView, Vec<Envelope>), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let sums = store::orders::find_money_for_update(tx, order)
            .await?
            .ok_or(AppError::OrderNotFound)?;
        let order = store::orders::find(tx, order).await?.ok_or(AppError::OrderNotFound)?;
        if !order.is_live() {
            return Err(AppError::OrderClosed);
        }
        ensure_final(tx, app.clock.now(), (&order, &sums)).await
    })
    .await?;
    let existing = store::invoices::of_order(&mut conn, order).await?;
    drop(conn);
    let invoice = existing
        .into_iter()
        .rfind(|one| one.status.is_open() || one.kind == InvoiceKind::Final)
        .ok_or(AppError::NothingLeft)?;
    let told = match make_link::now(app, invoice.id).await {
        Ok(told) => told,
        Err(AppError::Provider(_) | AppError::LinkPending) => {
            app.work.links();
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    app.wake.relay();
    Ok((queries::invoice(app, invoice.id).await?, told))
}
