//! A new link for an invoice whose old one is dead or lost (contract row 43). Sends nothing.

use konveksi_db::Connection;
use konveksi_kernel::InvoiceId;

use super::invoicing::relink;
use super::{App, AppError};
use crate::domain::{Invoice, Link};
use crate::store;
use crate::store::links::TracedLink;

/// The invoice as it was, and the link that is to be made.
#[derive(Debug, Clone)]
pub(crate) struct Regenerating {
    /// Before.
    pub(crate) previous: Invoice,
    /// The link it had; absent when it had none.
    pub(crate) previous_link: Option<Link>,
    /// The new link, when it is this caller's to ask for.
    pub(crate) claimed: Option<TracedLink>,
}

/// Within `tx`: gives the invoice a new life and asks for a new link; the old one is dead at once.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when it is paid or cancelled;
/// [`AppError::Db`].
pub(crate) async fn regenerate_link(
    app: &App,
    tx: &mut Connection,
    id: InvoiceId,
) -> Result<Regenerating, AppError> {
    let now = app.clock.now();
    let seen = store::invoices::find(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let previous =
        store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    let mut invoice = previous.clone();
    invoice.reissue(now).map_err(|error| AppError::of(&previous, error))?;
    invoice.notify = false;
    store::invoices::update(tx, &invoice).await?;
    let previous_link = relink(tx, now, &invoice).await?;
    let claimed = store::links::claim_of_invoice(tx, id, now).await?;
    Ok(Regenerating { previous, previous_link, claimed })
}
