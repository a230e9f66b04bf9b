//! Working out what lines of the bank's list mean: an amount that an open invoice holds pays it by
//! itself; any other money that came waits in suspense for staff.

use konveksi_db::{Connection, transaction};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{Money, TransferId, UnmatchedId};

use super::receive_money::{From, Incoming, receive};
use super::{App, AppError};
use crate::domain::mutation::{Mutation, MutationEnd, Unmatched, UnmatchedReason, UnmatchedState};
use crate::domain::unique_amount::UniqueAmount;
use crate::domain::{Account, Invoice, PaymentSource, Transfer, TransferKind, posting};
use crate::store;

/// Lines worked on per round.
const BATCH: i64 = 20;
/// How a transfer is named as a way of paying.
const METHOD: &str = "BANK_TRANSFER";

/// Works on lines that are due; answers how many were tried. Each in its own transaction.
///
/// # Errors
/// [`AppError::Db`] when they cannot be claimed.
pub(crate) async fn due(app: &App) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let claimed = transaction(&mut conn, async |tx| {
        Ok::<_, AppError>(store::mutations::claim(tx, app.clock.now(), BATCH).await?)
    })
    .await?;
    let tried = claimed.len();
    for line in claimed {
        let settled = transaction(&mut conn, async |tx| settle(app, tx, &line).await).await;
        if let Err(error) = settled {
            // Its claim runs out by itself, then it is tried again.
            tracing::warn!(
                error = %konveksi_web::error_chain(&error),
                mutation.id = %line.id,
                "a bank mutation waits for another try",
            );
        }
    }
    if tried > 0 {
        app.wake.relay();
        app.work.links();
    }
    Ok(tried)
}

async fn settle(app: &App, tx: &mut Connection, line: &Mutation) -> Result<(), AppError> {
    let ours = app.bank_accounts.iter().any(|account| account.number == line.bank_account);
    if !line.is_credit || !ours {
        store::mutations::finish(tx, line.id, MutationEnd::Ignored).await?;
        return Ok(());
    }
    let holder =
        store::unique_amounts::holder(tx, &line.bank_account, line.amount, line.happened_at)
            .await?;
    match holder {
        None => suspend(app, tx, line, (UnmatchedReason::NoSuchAmount, None)).await,
        Some(holder) => {
            let seen = store::invoices::find(tx, holder.invoice_id)
                .await?
                .ok_or(AppError::InvoiceNotFound)?;
            store::orders::find_money_for_update(tx, seen.order_id).await?;
            let invoice = store::invoices::find_for_update(tx, seen.id)
                .await?
                .ok_or(AppError::InvoiceNotFound)?;
            // The invoice may have been paid in part another way since it took the amount.
            if invoice.status.is_open() && invoice.amount_due() == holder.due()? {
                pay(app, tx, line, (&invoice, &holder)).await
            } else {
                suspend(app, tx, line, (UnmatchedReason::InvoiceClosed, Some(&invoice))).await
            }
        }
    }
}

async fn pay(
    app: &App,
    tx: &mut Connection,
    line: &Mutation,
    (invoice, holder): (&Invoice, &UniqueAmount),
) -> Result<(), AppError> {
    let incoming = Incoming {
        invoice_id: invoice.id,
        order_id: invoice.order_id,
        source: PaymentSource::Mutation,
        from: From::Outside,
        provider_ref: Some(format!("{}:{}", line.bank_account, line.reference)),
        method: METHOD.to_owned(),
        amount: holder.due()?,
        fee: Money::ZERO,
        unique_code: holder.code(),
        asked: None,
        on_replaced_link: false,
        contact_info: String::new(),
        notes: None,
        paid_at: line.happened_at,
    };
    receive(tx, app.clock.now(), incoming).await?;
    store::mutations::finish(tx, line.id, MutationEnd::Settled).await?;
    Ok(())
}

async fn suspend(
    app: &App,
    tx: &mut Connection,
    line: &Mutation,
    (reason, invoice): (UnmatchedReason, Option<&Invoice>),
) -> Result<(), AppError> {
    if !store::mutations::finish(tx, line.id, MutationEnd::Unmatched).await? {
        return Ok(());
    }
    let now = app.clock.now();
    let transfer = Transfer {
        id: TransferId::from_uuid(uuid_v7_at(now)),
        kind: TransferKind::PaymentSuspended,
        order_id: invoice.map(|invoice| invoice.order_id),
        source: format!("mutation:{}", line.id),
        at: line.happened_at,
        entries: posting::payment_suspended(Account::Bank, line.amount),
    };
    store::ledger::post(tx, &transfer).await?;
    let waits = Unmatched {
        id: UnmatchedId::from_uuid(uuid_v7_at(now)),
        payment_id: None,
        mutation_id: Some(line.id),
        amount: line.amount,
        reason,
        state: UnmatchedState::Waiting,
        order_id: invoice.map(|invoice| invoice.order_id),
        invoice_id: invoice.map(|invoice| invoice.id),
        received_at: line.happened_at,
        became: None,
        settled: None,
        created_at: now,
    };
    Ok(store::unmatched::insert(tx, &waits).await?)
}
