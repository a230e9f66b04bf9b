//! The sweep that tells which parts of plans are due: once a part and step, whoever sweeps.

use konveksi_db::{Connection, transaction};
use konveksi_kernel::{InstallmentId, OrderId, jakarta};

use super::{App, AppError};
use crate::domain::LinkState;
use crate::domain::installment::{Installment, next_reminder, reached_step};
use crate::{events, store};

/// Parts looked at per round.
const BATCH: i64 = 200;

/// Tells of every part whose step has come by the business clock; answers how many were told. Each
/// in its own transaction: one that cannot be told does not keep the others.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn remind_installments(app: &App) -> Result<usize, AppError> {
    let mut told = 0;
    loop {
        let today = jakarta::day_of(app.clock.now());
        let mut conn = app.pool.get().await?;
        let due = store::installments::due_to_tell(&mut conn, today, BATCH).await?;
        drop(conn);
        let found = due.len();
        let mut settled = 0;
        for (part, order) in due {
            match remind(app, part, order).await? {
                Reminded::Told => {
                    told += 1;
                    settled += 1;
                }
                Reminded::Dropped => settled += 1,
                Reminded::BySomebodyElse => {}
            }
        }
        if found < usize::try_from(BATCH).unwrap_or(usize::MAX) || settled == 0 {
            break;
        }
    }
    if told > 0 {
        app.wake.relay();
        tracing::info!(installments = told, "parts of plans are due");
    }
    Ok(told)
}

enum Reminded {
    Told,
    /// Nothing to tell: it is paid, or its day has passed.
    Dropped,
    BySomebodyElse,
}

async fn remind(app: &App, id: InstallmentId, order: OrderId) -> Result<Reminded, AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        let today = jakarta::day_of(now);
        store::orders::find_money_for_update(tx, order).await?;
        let Some(mut part) = store::installments::claim_to_tell(tx, id, today).await? else {
            return Ok(Reminded::BySomebodyElse);
        };
        let step = reached_step(part.due_on(), &app.reminder_steps, today);
        let after = today.succ_opt().unwrap_or(today);
        part.remind_on =
            next_reminder(part.due_on(), &app.reminder_steps, after).map(|(day, _)| day);
        store::installments::update(tx, &part).await?;
        let Some(step) = step else { return Ok(Reminded::Dropped) };
        let step = i32::try_from(step).unwrap_or(i32::MAX);
        if part.waived.is_some() || !store::installments::note_told(tx, id, step, now).await? {
            return Ok(Reminded::Dropped);
        }
        tell(app, tx, &part).await
    })
    .await
}

async fn tell(app: &App, tx: &mut Connection, part: &Installment) -> Result<Reminded, AppError> {
    let now = app.clock.now();
    let order = store::orders::find(tx, part.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let mut invoice = store::invoices::find_for_update(tx, part.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    if !order.is_live() || !invoice.status.is_open() {
        return Ok(Reminded::Dropped);
    }
    let live = store::links::live_of(tx, invoice.id).await?;
    let url = live.filter(|link| link.state == LinkState::Ready).and_then(|link| link.url);
    // A fact about the invoice, so its version rises with it.
    invoice.version += 1;
    store::invoices::update(tx, &invoice).await?;
    let days_left = (part.due_on() - jakarta::day_of(now)).num_days();
    events::installment_due(tx, now, (&invoice, &order), part, (url.as_deref(), days_left)).await?;
    Ok(Reminded::Told)
}
