//! The final invoice, for the composition of contract row 32. The event that the order entered
//! `pengerjaan_selesai` makes the same one (`settled.md` 20).

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, transaction};
use konveksi_eventing::Envelope;
use konveksi_kernel::OrderId;

use super::hear_order::{Fact, hear_order};
use super::invoicing::{NewInvoice, ensure_final, write};
use super::payment_link::revive;
use super::{App, AppError, InvoiceView, make_link, plan_steps, queries};
use crate::domain::{Invoice, InvoiceKind, InvoiceStatus, OrderMoney, OrderView};
use crate::store;

/// Makes the order's final invoice and its link, if it has none yet, and sends nothing. An order
/// with a plan is asked for the part that is due next. Without an
/// answer from the provider the invoice has no link; a worker makes it later.
///
/// `fresh` says that staff ask again: an invoice that can still be paid is then refused, one that
/// expired lives again, and one that was cancelled is followed by another.
///
/// # Errors
/// [`AppError::FinalExists`]; [`AppError::OrderClosed`]; [`AppError::NothingLeft`];
/// [`AppError::Db`].
pub(crate) async fn final_invoice(
    app: &App,
    order: &OrderView,
    fresh: bool,
) -> Result<(InvoiceView, Vec<Envelope>), AppError> {
    let mut conn = app.pool.get().await?;
    let (invoice, claimed) = transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        if fresh {
            // Before the order's state makes the missing one.
            refuse_payable(tx, order.id, now).await?;
        }
        hear_order(app, tx, order, Fact::Changed).await?;
        let sums = store::orders::find_money_for_update(tx, order.id)
            .await?
            .ok_or(AppError::OrderNotFound)?;
        let newest = store::orders::find(tx, order.id).await?.ok_or(AppError::OrderNotFound)?;
        if !newest.is_live() {
            return Err(AppError::OrderClosed);
        }
        ensure_final(tx, now, (&newest, &sums)).await?;
        let invoice = match plan_steps::next_open_part(tx, order.id).await? {
            Some(part) => part,
            None => store::invoices::of_order(tx, order.id)
                .await?
                .into_iter()
                .rfind(|one| one.status.is_open() || one.kind == InvoiceKind::Final)
                .ok_or(AppError::NothingLeft)?,
        };
        let invoice =
            if fresh { again(tx, now, (&newest, &sums), invoice).await? } else { invoice };
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

/// Insists that no final invoice of the order waits for its money.
async fn refuse_payable(
    tx: &mut Connection,
    order: OrderId,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    // Held, so that nobody makes one meanwhile. An order unknown here has no invoice.
    store::orders::find_money_for_update(tx, order).await?;
    let payable = |one: &Invoice| {
        one.kind == InvoiceKind::Final
            && one.status == InvoiceStatus::Unpaid
            && one.expires_at > now
    };
    let existing = store::invoices::of_order(tx, order).await?;
    match existing.into_iter().rfind(payable) {
        Some(invoice) => Err(AppError::FinalExists { code: invoice.code.to_string() }),
        None => Ok(()),
    }
}

/// The invoice that is asked for again, such that it can be paid.
async fn again(
    tx: &mut Connection,
    now: DateTime<Utc>,
    about: (&OrderView, &OrderMoney),
    invoice: Invoice,
) -> Result<Invoice, AppError> {
    match invoice.status {
        InvoiceStatus::Unpaid | InvoiceStatus::Expired => {
            let (invoice, _payable_before) = revive(tx, now, invoice, None).await?;
            Ok(invoice)
        }
        InvoiceStatus::Paid | InvoiceStatus::Cancelled => {
            let channel = about.0.channel;
            let kind = InvoiceKind::Final;
            write(
                tx,
                now,
                about,
                NewInvoice { kind, deposit_percent: None, channel, notify: false },
            )
            .await
        }
    }
}
