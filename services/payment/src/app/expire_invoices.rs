//! The sweep that ends unpaid invoices whose time has passed.

use chrono::{DateTime, Utc};
use konveksi_db::transaction;
use konveksi_kernel::{InvoiceId, OrderId};

use super::{App, AppError};
use crate::domain::InvoiceStatus;
use crate::{events, store};

/// Invoices looked at per round.
const BATCH: i64 = 200;

/// Ends every invoice that is due by the business clock; answers how many. Each in its own
/// transaction: one that cannot be ended does not keep the others.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn expire_invoices(app: &App) -> Result<usize, AppError> {
    let mut ended = 0;
    loop {
        let now = app.clock.now();
        let mut conn = app.pool.get().await?;
        let due = store::invoices::due_to_expire(&mut conn, now, BATCH).await?;
        drop(conn);
        let found = due.len();
        let mut round = 0;
        for (invoice, order) in due {
            if expire(app, invoice, order, now).await? {
                round += 1;
            }
        }
        ended += round;
        if found < usize::try_from(BATCH).unwrap_or(usize::MAX) || round == 0 {
            break;
        }
    }
    if ended > 0 {
        app.wake.relay();
        app.work.links();
        tracing::info!(invoices = ended, "invoices expired");
    }
    Ok(ended)
}

async fn expire(
    app: &App,
    id: InvoiceId,
    order: OrderId,
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        store::orders::find_money_for_update(tx, order).await?;
        let order = store::orders::find(tx, order).await?.ok_or(AppError::OrderNotFound)?;
        let mut invoice =
            store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
        // It may have been paid or given a longer life since it was found.
        if invoice.status != InvoiceStatus::Unpaid || invoice.expires_at > now {
            return Ok(false);
        }
        invoice.expire().map_err(|error| AppError::of(&invoice, error))?;
        store::invoices::update(tx, &invoice).await?;
        if let Some(link) = store::links::live_of(tx, id).await? {
            store::links::take_down(tx, link.id, now).await?;
        }
        events::invoice_expired(tx, now, &invoice, &order).await?;
        Ok(true)
    })
    .await
}
