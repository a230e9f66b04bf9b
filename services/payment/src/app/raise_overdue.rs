//! The sweep that tells of invoices that were due and are not paid: once an invoice and step. What
//! to do about it (remind, call, wait) is for those who hear it.

use chrono::{DateTime, Days, Utc};
use konveksi_db::transaction;
use konveksi_kernel::{InvoiceId, OrderId, jakarta};

use super::{App, AppError};
use crate::store::overdue::Window;
use crate::{events, store};

/// Invoices looked at per round.
const BATCH: i64 = 200;
/// An invoice this many days past the last step was told often enough, or the service was away for
/// two months.
const GRACE_DAYS: i64 = 60;

/// Tells of every invoice that is due by the business clock; answers how many. Each in its own
/// transaction: one that cannot be told does not keep the others.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn raise_overdue(app: &App) -> Result<usize, AppError> {
    let mut told = 0;
    loop {
        let now = app.clock.now();
        let mut conn = app.pool.get().await?;
        let due = store::overdue::due(&mut conn, now, window(app, now), BATCH).await?;
        drop(conn);
        let found = due.len();
        let mut round = 0;
        for (invoice, order) in due {
            if raise(app, (invoice, order), now).await? {
                round += 1;
            }
        }
        told += round;
        if found < usize::try_from(BATCH).unwrap_or(usize::MAX) || round == 0 {
            break;
        }
    }
    if told > 0 {
        app.wake.relay();
        tracing::info!(invoices = told, "overdue invoices told");
    }
    Ok(told)
}

/// The ends of days between which an invoice's time must have ended.
fn window(app: &App, now: DateTime<Utc>) -> Window {
    let today = jakarta::day_of(now);
    let back = |days: i64| {
        let day = today.checked_sub_days(Days::new(days.unsigned_abs())).unwrap_or(today);
        jakarta::day_start(day)
    };
    let steps = &app.overdue_steps;
    Window { from: back(steps.last() + GRACE_DAYS), until: back(steps.first() - 1) }
}

async fn raise(
    app: &App,
    (id, order_id): (InvoiceId, OrderId),
    now: DateTime<Utc>,
) -> Result<bool, AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        store::orders::find_money_for_update(tx, order_id).await?;
        let order = store::orders::find(tx, order_id).await?.ok_or(AppError::OrderNotFound)?;
        let mut invoice =
            store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
        // It may have been paid, or given a longer life, since it was found.
        let reached = app.overdue_steps.reached(invoice.expires_at, now);
        let Some(overdue) = reached.filter(|_| invoice.status.is_open() && order.is_live()) else {
            return Ok(false);
        };
        let before = store::overdue::step_of(tx, id).await?;
        let step = before.max(overdue.step);
        let next = app.overdue_steps.next(invoice.expires_at, step);
        store::overdue::note(tx, id, step, (now, next)).await?;
        if overdue.step <= before {
            return Ok(false);
        }
        invoice.version += 1;
        store::invoices::update(tx, &invoice).await?;
        let live = store::links::live_of(tx, id).await?;
        let url = live.as_ref().and_then(|link| link.url.as_deref());
        events::payment_overdue(tx, now, (&invoice, &order), url, &overdue).await?;
        Ok(true)
    })
    .await
}
