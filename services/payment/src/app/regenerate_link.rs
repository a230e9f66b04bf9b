//! A new link for an invoice whose old one is dead or lost (contract row 43). Sends nothing.

use konveksi_db::transaction;
use konveksi_kernel::InvoiceId;

use super::invoicing::relink;
use super::{App, AppError, InvoiceView, make_link, queries};
use crate::domain::{Invoice, Link};
use crate::store;

/// The invoice as it was, and as it is.
#[derive(Debug, Clone)]
pub(crate) struct Regenerated {
    /// Before.
    pub(crate) previous: Invoice,
    /// The link it had; absent when it had none.
    pub(crate) previous_link: Option<Link>,
    /// After.
    pub(crate) view: InvoiceView,
}

/// Gives the invoice a new life and a new link; the old link is dead at once.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when it is paid or cancelled;
/// [`AppError::Provider`] (the old link is dead all the same, a worker makes the new one);
/// [`AppError::LinkPending`]; [`AppError::Db`].
pub(crate) async fn regenerate_link(app: &App, id: InvoiceId) -> Result<Regenerated, AppError> {
    let mut conn = app.pool.get().await?;
    let seen = store::invoices::find(&mut conn, id).await?.ok_or(AppError::InvoiceNotFound)?;
    let (previous, previous_link, claimed) = transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        store::orders::find_money_for_update(tx, seen.order_id).await?;
        let previous =
            store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
        let mut invoice = previous.clone();
        invoice.reissue(now).map_err(|error| AppError::of(&previous, error))?;
        invoice.notify = false;
        store::invoices::update(tx, &invoice).await?;
        let previous_link = relink(tx, now, &invoice).await?;
        let claimed = store::links::claim_of_invoice(tx, id, now).await?;
        Ok::<_, AppError>((previous, previous_link, claimed))
    })
    .await?;
    drop(conn);
    app.work.links();
    make_link::now(app, id, claimed).await?;
    Ok(Regenerated { previous, previous_link, view: queries::invoice(app, id).await? })
}
