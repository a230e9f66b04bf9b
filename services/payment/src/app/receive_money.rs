//! Booking money that came, from a clerk, a confirmed callback, the bank's list, suspense or the
//! customer's own credit: payments, ledger, sums, invoices, links and events, in one transaction of
//! the caller's.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InvoiceId, Money, OrderId, PaymentId, TransferId, UnmatchedId};

use super::invoicing::{adjust_open, relink};
use super::{AppError, plan_steps};
use crate::domain::allocation::{Share, allocate};
use crate::domain::mutation::{Unmatched, UnmatchedReason, UnmatchedState};
use crate::domain::posting::{self, Parties};
use crate::domain::unique_amount::AmountState;
use crate::domain::{
    Account, Entry, Invoice, InvoiceStatus, OrderMoney, OrderView, Payment, PaymentSource,
    PaymentStatus, Transfer, TransferKind,
};
use crate::{events, store};

/// Where money is before it is booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// It came in.
    Outside,
    /// It waited in suspense.
    Suspense,
}

/// Money that came.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    /// For which invoice.
    pub(super) invoice_id: InvoiceId,
    /// For which order.
    pub(super) order_id: OrderId,
    /// Who says so.
    pub(super) source: PaymentSource,
    /// Where it is now.
    pub(super) from: From,
    /// The provider's id of the paid link.
    pub(super) provider_ref: Option<String>,
    /// The provider's or the clerk's word for how it was paid.
    pub(super) method: String,
    /// How much came for us.
    pub(super) amount: Money,
    /// What came beside it for the provider.
    pub(super) fee: Money,
    /// What came beside it because the transfer's amount was made unique.
    pub(super) unique_code: Money,
    /// What the link asked for; less than that waits in suspense. Absent when a clerk may take
    /// parts.
    pub(super) asked: Option<Money>,
    /// Whether it came on a link that had been replaced.
    pub(super) on_replaced_link: bool,
    /// Whom to ask about it.
    pub(super) contact_info: String,
    /// What the clerk noted.
    pub(super) notes: Option<String>,
    /// When it was paid.
    pub(super) paid_at: DateTime<Utc>,
}

/// Books it and answers what was told, with the payment of the invoice it came for. Money that
/// invoice cannot use goes on to the other open parts of its plan, then to the customer's credit.
/// `None` when the provider's payment was booked before.
pub(super) async fn receive(
    tx: &mut Connection,
    now: DateTime<Utc>,
    incoming: Incoming,
) -> Result<Option<(Payment, Vec<Envelope>)>, AppError> {
    let mut sums = store::orders::find_money_for_update(tx, incoming.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, incoming.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let invoice = store::invoices::find_for_update(tx, incoming.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    if let Some(reference) = &incoming.provider_ref
        && store::payments::is_known(tx, incoming.source, reference).await?
    {
        return Ok(None);
    }
    if incoming.asked.is_some_and(|asked| incoming.amount < asked) {
        return suspend(tx, now, &incoming, invoice, (&order, &sums)).await;
    }
    let others = plan_steps::other_open_parts(tx, &invoice).await?;
    let shares = allocate(incoming.amount, incoming.paid_at, invoice, others)?;
    let (mut first, mut told, mut dealt_with) = (None, Vec::new(), Vec::new());
    for (part, share) in (1..).zip(shares) {
        let payment = payment_of(&incoming, &share, part, now);
        if !store::payments::insert(tx, &payment).await? {
            return Ok(None);
        }
        book(tx, now, &order, (&sums, incoming.from), &payment).await?;
        sums.capture(share.allocated)?;
        store::orders::update_money(tx, &sums).await?;
        store::invoices::update(tx, &share.invoice).await?;
        let about = (&share.invoice, &order);
        told.push(events::payment_received(tx, now, about, &payment, &sums).await?);
        settle_link(tx, now, &share.invoice, payment.provider_ref.as_deref()).await?;
        store::unique_amounts::close(tx, share.invoice.id, AmountState::Used).await?;
        dealt_with.push(share.invoice.id);
        first.get_or_insert(payment);
    }
    adjust_open(tx, now, (&order, &sums), false, dealt_with.first().copied()).await?;
    plan_steps::follow(tx, &order, &sums).await?;
    Ok(first.map(|payment| (payment, told)))
}

/// Less than its link asked for: it waits in suspense, and in the queue of staff.
async fn suspend(
    tx: &mut Connection,
    now: DateTime<Utc>,
    incoming: &Incoming,
    mut invoice: Invoice,
    (order, sums): (&OrderView, &OrderMoney),
) -> Result<Option<(Payment, Vec<Envelope>)>, AppError> {
    invoice.version += 1;
    let share = Share {
        invoice,
        amount: incoming.amount,
        allocated: Money::ZERO,
        late: incoming.on_replaced_link,
    };
    let mut payment = payment_of(incoming, &share, 1, now);
    payment.status = PaymentStatus::Suspended;
    if !store::payments::insert(tx, &payment).await? {
        return Ok(None);
    }
    book(tx, now, order, (sums, incoming.from), &payment).await?;
    let waits = Unmatched {
        id: UnmatchedId::from_uuid(uuid_v7_at(now)),
        payment_id: Some(payment.id),
        mutation_id: None,
        amount: payment.amount,
        reason: UnmatchedReason::AmountTooLow,
        state: UnmatchedState::Waiting,
        order_id: Some(order.id),
        invoice_id: Some(share.invoice.id),
        received_at: payment.paid_at,
        became: None,
        settled: None,
        created_at: now,
    };
    store::unmatched::insert(tx, &waits).await?;
    store::invoices::update(tx, &share.invoice).await?;
    let told = events::payment_rejected(tx, now, (&share.invoice, order), &payment).await?;
    Ok(Some((payment, vec![told])))
}

/// What an invoice's share of the money is as a payment. What came beside it stands with the first.
fn payment_of(incoming: &Incoming, share: &Share, part: i32, now: DateTime<Utc>) -> Payment {
    let beside = |amount| if part == 1 { amount } else { Money::ZERO };
    Payment {
        id: PaymentId::from_uuid(uuid_v7_at(now)),
        invoice_id: share.invoice.id,
        order_id: incoming.order_id,
        source: incoming.source,
        provider_ref: incoming.provider_ref.clone(),
        part,
        method: incoming.method.clone(),
        amount: share.amount,
        fee: beside(incoming.fee),
        unique_code: beside(incoming.unique_code),
        allocated: share.allocated,
        status: PaymentStatus::Success,
        late: share.late || incoming.on_replaced_link,
        contact_info: incoming.contact_info.clone(),
        notes: incoming.notes.clone(),
        paid_at: incoming.paid_at,
        created_at: now,
    }
}

/// Posts the payment to the ledger. `sums` are those before it.
async fn book(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    (sums, from): (&OrderMoney, From),
    payment: &Payment,
) -> Result<(), AppError> {
    let (cash, received) = match (from, payment.source) {
        (From::Suspense, _) => (Account::Suspense, TransferKind::SuspenseMatched),
        (From::Outside, source) => (source.cash_account(order.customer_id), received_kind(source)),
    };
    let (kind, mut entries) = match payment.status {
        PaymentStatus::Suspended => {
            (TransferKind::PaymentSuspended, posting::payment_suspended(cash, payment.amount))
        }
        PaymentStatus::Success => {
            (received, received_entries(tx, cash, order, sums, payment).await?)
        }
    };
    entries.extend(posting::beside(cash, payment.fee, payment.unique_code));
    let transfer = Transfer {
        id: TransferId::from_uuid(uuid_v7_at(now)),
        kind,
        order_id: Some(order.id),
        source: format!("payment:{}", payment.id),
        at: payment.paid_at,
        entries,
    };
    store::ledger::post(tx, &transfer).await?;
    Ok(())
}

/// What accepted money that came from outside is booked as.
const fn received_kind(source: PaymentSource) -> TransferKind {
    match source {
        PaymentSource::Xendit
        | PaymentSource::Midtrans
        | PaymentSource::Manual
        | PaymentSource::Mutation => TransferKind::PaymentReceived,
        PaymentSource::Credit => TransferKind::CreditUsed,
    }
}

async fn received_entries(
    tx: &mut Connection,
    cash: Account,
    order: &OrderView,
    sums: &OrderMoney,
    payment: &Payment,
) -> Result<Vec<Entry>, AppError> {
    let receivable = if sums.is_delivered() {
        Some(store::ledger::balance(tx, Account::Receivable(order.id)).await?)
    } else {
        None
    };
    let parties = Parties { order: order.id, customer: order.customer_id };
    let excess = payment.amount.minus(payment.allocated)?;
    Ok(posting::payment_received(cash, parties, payment.allocated, excess, receivable))
}

/// A link that was not the one paid on is dead once the invoice no longer waits for it; while a
/// remainder is left, a new one asks for exactly that.
async fn settle_link(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &Invoice,
    paid_on: Option<&str>,
) -> Result<(), AppError> {
    if invoice.status == InvoiceStatus::Unpaid {
        relink(tx, now, invoice).await?;
        return Ok(());
    }
    let live = store::links::live_of(tx, invoice.id).await?;
    let is_paid_one =
        |id: Option<&str>| invoice.status == InvoiceStatus::Paid && id.is_some() && id == paid_on;
    if live.is_some_and(|link| !is_paid_one(link.provider_id.as_deref())) {
        store::links::supersede(tx, invoice.id, now).await?;
    }
    Ok(())
}
