//! What may be changed of a payment once it is recorded (contract rows 47-49): whom to ask and the
//! note. Amount, invoice and time never; a manual entry that was a mistake is taken back by a
//! transfer of its own.

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, DbError, transaction};
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{PaymentId, TransferId};

use super::invoicing::{adjust_open, cancel, relink};
use super::{App, AppError, PaymentView, plan_steps, queries};
use crate::domain::posting::{self, Parties};
use crate::domain::{
    Actor, Invoice, InvoiceStatus, OrderMoney, OrderView, Payment, PaymentSource, PaymentStatus,
    Transfer, TransferKind,
};
use crate::store::reversals::Remark;
use crate::{events, store};

/// What is to be changed; what is absent stays.
#[derive(Debug, Clone, Default)]
pub(crate) struct Correction {
    /// Whom to ask about it.
    pub(crate) contact_info: Option<String>,
    /// The note; an empty one is none.
    pub(crate) notes: Option<String>,
}

/// Changes what staff wrote about a payment.
///
/// # Errors
/// [`AppError::PaymentNotFound`], [`AppError::Db`].
pub(crate) async fn correct(
    app: &App,
    id: PaymentId,
    correction: Correction,
    actor: &Actor,
) -> Result<PaymentView, AppError> {
    let seen = queries::payment(app, id).await?;
    let remark = Remark {
        payment_id: id,
        contact_info: correction.contact_info.unwrap_or(seen.payment.contact_info),
        notes: correction.notes.or(seen.payment.notes).filter(|notes| !notes.is_empty()),
    };
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        Ok::<_, AppError>(store::reversals::remark(tx, &remark, &actor.name, now).await?)
    })
    .await?;
    drop(conn);
    queries::payment(app, id).await
}

/// Takes a manual entry back: its money leaves the books, its invoice waits for it again, its
/// order learns that less is paid. Where nobody asks for the invoice any more, because its order
/// or the plan it is a part of was given up, it is cancelled instead. Doing it twice changes
/// nothing.
///
/// # Errors
/// [`AppError::PaymentNotFound`]; [`AppError::NotManual`] for money that a provider, the bank or
/// the ledger itself confirmed; [`AppError::PaymentInUse`] when it went back, or its credit was spent; [`AppError::Db`].
pub(crate) async fn take_back(app: &App, id: PaymentId, actor: &Actor) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    let seen = store::payments::find(&mut conn, id).await?.ok_or(AppError::PaymentNotFound)?;
    match (seen.source, seen.status) {
        (PaymentSource::Manual, PaymentStatus::Success) => {}
        (
            PaymentSource::Xendit
            | PaymentSource::Midtrans
            | PaymentSource::Mutation
            | PaymentSource::Credit,
            _,
        )
        | (PaymentSource::Manual, PaymentStatus::Suspended) => return Err(AppError::NotManual),
    }
    // Money that waited in suspense came for certain, whatever staff matched it with.
    let source = format!("payment:{id}");
    if store::ledger::is_booked_as(&mut conn, &source, TransferKind::SuspenseMatched).await? {
        return Err(AppError::NotManual);
    }
    transaction(&mut conn, async |tx| reverse(tx, app.clock.now(), &seen, actor).await).await?;
    app.wake.relay();
    app.work.links();
    Ok(())
}

async fn reverse(
    tx: &mut Connection,
    now: DateTime<Utc>,
    payment: &Payment,
    actor: &Actor,
) -> Result<(), AppError> {
    let mut sums = store::orders::find_money_for_update(tx, payment.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, payment.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let mut invoice = store::invoices::find_for_update(tx, payment.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    let totals = store::refunds::totals_for_update(tx, payment).await?;
    if totals.left() != totals.captured {
        return Err(AppError::PaymentInUse);
    }
    if !store::reversals::insert(tx, payment.id, &actor.name, now).await? {
        return Ok(());
    }
    sums.uncapture(payment.allocated).map_err(|_less_came| AppError::PaymentInUse)?;
    invoice.give_back(payment.allocated, now)?;
    let is_asked = order.is_live() && plan_steps::take_up(tx, now, &mut invoice).await?;
    post(tx, now, (&order, &sums), payment).await?;
    store::orders::update_money(tx, &sums).await?;
    store::invoices::update(tx, &invoice).await?;
    let about = (&invoice, &order);
    events::payment_taken_back(tx, now, about, payment, &sums).await?;
    if !is_asked && invoice.status.is_open() {
        cancel(tx, now, &order, &mut invoice).await?;
    }
    reopen(tx, now, (&order, &sums), &invoice).await
}

async fn post(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
    payment: &Payment,
) -> Result<(), AppError> {
    let parties = Parties { order: order.id, customer: order.customer_id };
    let excess = payment.amount.minus(payment.allocated)?;
    let cash = payment.source.cash_account(order.customer_id);
    let delivered = sums.is_delivered();
    let mut entries =
        posting::payment_reversed(cash, parties, payment.allocated, excess, delivered);
    entries.extend(posting::beside_reversed(cash, payment.fee, payment.unique_code));
    let transfer = Transfer {
        id: TransferId::from_uuid(uuid_v7_at(now)),
        kind: TransferKind::Correction,
        order_id: Some(order.id),
        source: format!("correction:{}", payment.id),
        at: now,
        entries,
    };
    match store::ledger::post_reversal(tx, &transfer, &format!("payment:{}", payment.id)).await {
        Ok(_booked) => Ok(()),
        // What it left over as credit was spent.
        Err(DbError::CheckViolation { constraint }) if constraint == "account_floor_zero" => {
            Err(AppError::PaymentInUse)
        }
        Err(error) => Err(error.into()),
    }
}

/// An invoice that waits again gets a link for what is due; the order's other open invoices ask
/// for what is left now, and its plan follows.
async fn reopen(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (order, sums): (&OrderView, &OrderMoney),
    invoice: &Invoice,
) -> Result<(), AppError> {
    if !order.is_live() {
        return Ok(());
    }
    if invoice.status == InvoiceStatus::Unpaid {
        relink(tx, now, invoice).await?;
    }
    adjust_open(tx, now, (order, sums), false, Some(invoice.id)).await?;
    plan_steps::follow(tx, order, sums).await
}
