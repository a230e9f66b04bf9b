//! Booking money that came, from a clerk or a confirmed callback: payment, ledger, sums, invoice,
//! link and event, in one transaction of the caller's.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InvoiceId, Money, OrderId, PaymentId, TransferId};

use super::AppError;
use super::invoicing::{adjust_open, relink};
use crate::domain::posting::{self, Parties};
use crate::domain::{
    Account, Entry, Invoice, InvoiceStatus, OrderMoney, OrderView, Payment, PaymentSource,
    PaymentStatus, Transfer, TransferKind,
};
use crate::{events, store};

/// Money that came.
#[derive(Debug, Clone)]
pub(super) struct Incoming {
    /// For which invoice.
    pub(super) invoice_id: InvoiceId,
    /// For which order.
    pub(super) order_id: OrderId,
    /// Who says so.
    pub(super) source: PaymentSource,
    /// The provider's id of the paid link.
    pub(super) provider_ref: Option<String>,
    /// The provider's or the clerk's word for how it was paid.
    pub(super) method: String,
    /// How much.
    pub(super) amount: Money,
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

/// Books it and answers what was told. `None` when the provider's payment was booked before.
pub(super) async fn receive(
    tx: &mut Connection,
    now: DateTime<Utc>,
    incoming: Incoming,
) -> Result<Option<(Payment, Envelope)>, AppError> {
    let mut sums = store::orders::find_money_for_update(tx, incoming.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, incoming.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let mut invoice = store::invoices::find_for_update(tx, incoming.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    if let Some(reference) = &incoming.provider_ref
        && store::payments::is_known(tx, incoming.source, reference).await?
    {
        return Ok(None);
    }
    let suspended = incoming.asked.is_some_and(|asked| incoming.amount < asked);
    let mut payment = payment_of(&incoming, now);
    if suspended {
        invoice.version += 1;
        payment.status = PaymentStatus::Suspended;
    } else {
        let receipt = invoice.receive(incoming.amount, incoming.paid_at)?;
        payment.allocated = receipt.allocated;
        payment.late = receipt.late || incoming.on_replaced_link;
        sums.capture(receipt.allocated)?;
    }
    if !store::payments::insert(tx, &payment).await? {
        return Ok(None);
    }
    book(tx, now, &order, &sums, &payment).await?;
    store::invoices::update(tx, &invoice).await?;
    if suspended {
        let told = events::payment_rejected(tx, now, (&invoice, &order), &payment).await?;
        return Ok(Some((payment, told)));
    }
    store::orders::update_money(tx, &sums).await?;
    let told = events::payment_received(tx, now, (&invoice, &order), &payment, &sums).await?;
    settle_link(tx, now, &invoice, payment.provider_ref.as_deref()).await?;
    adjust_open(tx, now, (&order, &sums), false, Some(invoice.id)).await?;
    Ok(Some((payment, told)))
}

fn payment_of(incoming: &Incoming, now: DateTime<Utc>) -> Payment {
    Payment {
        id: PaymentId::from_uuid(uuid_v7_at(now)),
        invoice_id: incoming.invoice_id,
        order_id: incoming.order_id,
        source: incoming.source,
        provider_ref: incoming.provider_ref.clone(),
        method: incoming.method.clone(),
        amount: incoming.amount,
        allocated: Money::ZERO,
        status: PaymentStatus::Success,
        late: false,
        contact_info: incoming.contact_info.clone(),
        notes: incoming.notes.clone(),
        paid_at: incoming.paid_at,
        created_at: now,
    }
}

/// Posts the payment to the ledger.
async fn book(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    sums: &OrderMoney,
    payment: &Payment,
) -> Result<(), AppError> {
    let cash = match payment.source {
        PaymentSource::Xendit => Account::XenditClearing,
        PaymentSource::Manual => Account::Bank,
    };
    let (kind, entries) = match payment.status {
        PaymentStatus::Suspended => {
            (TransferKind::PaymentSuspended, posting::payment_suspended(cash, payment.amount))
        }
        PaymentStatus::Success => {
            let entries = received_entries(tx, cash, order, sums, payment).await?;
            (TransferKind::PaymentReceived, entries)
        }
    };
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
    let live = store::links::live_of(tx, &[invoice.id]).await?;
    let is_paid_one =
        |id: Option<&str>| invoice.status == InvoiceStatus::Paid && id.is_some() && id == paid_on;
    if live.iter().any(|link| !is_paid_one(link.provider_id.as_deref())) {
        store::links::supersede(tx, invoice.id, now).await?;
    }
    Ok(())
}
