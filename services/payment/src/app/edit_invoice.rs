//! What staff may change of an invoice: its channel, its end, and that it is asked for at all
//! (contract rows 37-39). Amounts follow the order; money is never edited.

use chrono::{DateTime, Utc};
use konveksi_db::transaction;
use konveksi_kernel::InvoiceId;

use super::invoicing::{cancel, relink};
use super::{App, AppError, InvoiceView, make_link, queries};
use crate::domain::{Channel, InvoiceStatus};
use crate::store;

/// What is to be changed; what is absent stays.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Edit {
    /// Where the customer is written to.
    pub(crate) channel: Option<Channel>,
    /// Until when it can be paid; a new link is made, because the old one ends by itself.
    pub(crate) expires_at: Option<DateTime<Utc>>,
    /// Whether it is cancelled.
    pub(crate) cancel: bool,
}

/// Changes an invoice.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when its state forbids the change;
/// [`AppError::ExpiryPassed`]; [`AppError::PartOfPlan`] for cancelling what a plan asks for;
/// [`AppError::Db`].
pub(crate) async fn edit_invoice(
    app: &App,
    id: InvoiceId,
    edit: Edit,
) -> Result<InvoiceView, AppError> {
    let mut conn = app.pool.get().await?;
    let seen = store::invoices::find(&mut conn, id).await?.ok_or(AppError::InvoiceNotFound)?;
    let claimed = transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        store::orders::find_money_for_update(tx, seen.order_id).await?;
        let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
        let mut invoice =
            store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
        if let Some(channel) = edit.channel.filter(|&channel| channel != invoice.channel) {
            invoice.channel = channel;
            invoice.version += 1;
            store::invoices::update(tx, &invoice).await?;
        }
        if let Some(expires_at) = edit.expires_at.filter(|&at| at != invoice.expires_at) {
            invoice
                .insist_open("change its expiry")
                .map_err(|error| AppError::of(&invoice, error))?;
            if expires_at <= now {
                return Err(AppError::ExpiryPassed);
            }
            invoice.status = InvoiceStatus::Unpaid;
            invoice.expires_at = expires_at;
            invoice.version += 1;
            store::invoices::update(tx, &invoice).await?;
            relink(tx, now, &invoice).await?;
        }
        if edit.cancel && invoice.status != InvoiceStatus::Cancelled {
            if invoice.installment_id.is_some() {
                return Err(AppError::PartOfPlan);
            }
            cancel(tx, now, &order, &mut invoice).await?;
        }
        Ok(store::links::claim_of_invoice(tx, id, now).await?)
    })
    .await?;
    drop(conn);
    app.wake.relay();
    if let Some(claimed) = claimed {
        make_link::or_later(make_link::now(app, id, Some(claimed)).await)?;
    }
    app.work.links();
    queries::invoice(app, id).await
}

/// Notes that staff sent a message about the invoice by hand.
///
/// # Errors
/// [`AppError::InvoiceNotFound`], [`AppError::Db`].
pub(crate) async fn mark_blasted(app: &App, id: InvoiceId) -> Result<InvoiceView, AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let mut invoice =
            store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
        if !invoice.blast_notification {
            invoice.blast_notification = true;
            invoice.version += 1;
            store::invoices::update(tx, &invoice).await?;
        }
        Ok::<_, AppError>(())
    })
    .await?;
    drop(conn);
    queries::invoice(app, id).await
}
