//! What payment tells of an order's money.

use konveksi_db::Connection;
use konveksi_kernel::{InvoiceId, Money, OrderId, PaymentId};
use uuid::Uuid;

use super::apply_invoice::{because, find};
use super::record::{Because, record};
use super::{App, AppError, Heard};
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};
use crate::domain::invoice::InvoiceStatus;
use crate::domain::order::Order;
use crate::domain::standing::{Change, MoneyReceived};
use crate::domain::status::OrderStatus;

/// How payment calls a manual entry that was taken back.
const CORRECTION: &str = "correction";

/// A payment as it was told.
#[derive(Debug, Clone)]
pub(crate) struct PaymentFact {
    /// The order it is for.
    pub(crate) order_id: OrderId,
    /// Its id.
    pub(crate) payment_id: PaymentId,
    /// The invoice it paid.
    pub(crate) invoice_id: InvoiceId,
    /// That invoice's code.
    pub(crate) invoice_code: String,
    /// How much came.
    pub(crate) amount: Money,
    /// The provider's or the clerk's word for how it came.
    pub(crate) method: String,
    /// Whether the invoice had expired before.
    pub(crate) late: bool,
    /// Who caused it.
    pub(crate) trigger: TriggerSource,
    /// What it means for the order's money.
    pub(crate) money: MoneyReceived,
}

/// Money that was announced and not accepted as it is.
#[derive(Debug, Clone)]
pub(crate) struct RejectionFact {
    /// The order it was for.
    pub(crate) order_id: OrderId,
    /// The invoice it was for.
    pub(crate) invoice_id: InvoiceId,
    /// That invoice's code.
    pub(crate) invoice_code: String,
    /// How much came.
    pub(crate) amount: Money,
    /// Why, in Indonesian.
    pub(crate) reason: &'static str,
}

/// Money arrived: what is paid is copied, the status follows, the history says how it came.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn payment_received(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &PaymentFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let cancelled = order.standing.status() == OrderStatus::Cancelled;
    let total = order.details.total;
    let change = order.standing.money_received(total, &fact.money);
    let because = because(app, heard, fact.trigger);
    let mut rows = vec![payment_row(&because, &order, fact, cancelled)];
    if fact.money.invoice_settled {
        let before = if fact.late { InvoiceStatus::Expired } else { InvoiceStatus::Unpaid };
        let row = HistoryEntry {
            invoice_code: Some(fact.invoice_code.clone()),
            subject_id: Some(fact.invoice_id.as_uuid()),
            ..because.entry(&order, ChangeType::InvoiceStatus)
        };
        rows.push(row.moved(Some(before.as_wire()), InvoiceStatus::Paid.as_wire()));
    }
    record(tx, &mut order, change, &because, rows).await?;
    Ok(())
}

fn payment_row(
    because: &Because,
    order: &Order,
    fact: &PaymentFact,
    cancelled: bool,
) -> HistoryEntry {
    let mut notes = format!("Pembayaran {} melalui {}.", fact.money.kind.as_wire(), fact.method);
    if fact.late {
        notes.push_str(" Terlambat: tagihan sudah kadaluarsa saat dibayar.");
    }
    if cancelled {
        notes.push_str(" Perhatian: pesanan sudah dibatalkan.");
    }
    let row = HistoryEntry {
        notes: Some(notes),
        invoice_code: Some(fact.invoice_code.clone()),
        amount: Some(fact.amount),
        subject_id: Some(fact.payment_id.as_uuid()),
        ..because.entry(order, ChangeType::Payment)
    };
    row.moved(None, "diterima")
}

/// A refund as it was told.
#[derive(Debug, Clone)]
pub(crate) struct RefundFact {
    /// The order it is for.
    pub(crate) order_id: OrderId,
    /// Its id.
    pub(crate) refund_id: Uuid,
    /// The code of the refunded payment's invoice.
    pub(crate) invoice_code: String,
    /// How much went back.
    pub(crate) amount: Money,
    /// How, in payment's word.
    pub(crate) method: String,
    /// Who caused it.
    pub(crate) trigger: TriggerSource,
    /// All that was captured for the order, less refunds.
    pub(crate) order_paid: Money,
    /// Rises with every change of `order_paid`.
    pub(crate) money_version: i64,
}

/// Money went back: what is paid is copied, the history says so, the status stays.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn refund_completed(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &RefundFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let change = order.standing.money_refunded(fact.order_paid, fact.money_version);
    let because = because(app, heard, fact.trigger);
    let (notes, word) = if fact.method == CORRECTION {
        ("Pembayaran manual dibatalkan.".to_owned(), "dibatalkan")
    } else {
        (format!("Refund melalui {}.", fact.method), "dikembalikan")
    };
    let row = HistoryEntry {
        notes: Some(notes),
        invoice_code: Some(fact.invoice_code.clone()),
        amount: Some(fact.amount),
        subject_id: Some(fact.refund_id),
        ..because.entry(&order, ChangeType::Payment)
    };
    let rows = vec![row.moved(None, word)];
    record(tx, &mut order, change, &because, rows).await?;
    Ok(())
}

/// An invoice that was due and is not paid, as it was told.
#[derive(Debug, Clone)]
pub(crate) struct OverdueFact {
    /// The order it is for.
    pub(crate) order_id: OrderId,
    /// The invoice.
    pub(crate) invoice_id: InvoiceId,
    /// Its code.
    pub(crate) invoice_code: String,
    /// What is still due.
    pub(crate) amount_due: Money,
    /// Days since it was due.
    pub(crate) days: i32,
}

/// An invoice was due and is not paid: the order is flagged until money settles it, and the history
/// tells each step.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn payment_overdue(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &OverdueFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let change = order.standing.fell_overdue(order.details.total);
    let because = because(app, heard, TriggerSource::System);
    let row = HistoryEntry {
        notes: Some(format!("Terlambat {} hari.", fact.days)),
        invoice_code: Some(fact.invoice_code.clone()),
        amount: Some(fact.amount_due),
        subject_id: Some(fact.invoice_id.as_uuid()),
        ..because.entry(&order, ChangeType::Payment)
    };
    let rows = vec![row.moved(None, "payment_overdue")];
    record(tx, &mut order, change, &because, rows).await?;
    Ok(())
}

/// Money was announced that waits for staff; only the history changes.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn payment_rejected(
    app: &App,
    tx: &mut Connection,
    heard: Heard,
    fact: &RejectionFact,
) -> Result<(), AppError> {
    let mut order = find(tx, fact.order_id).await?;
    let because = because(app, heard, TriggerSource::Webhook);
    let row = HistoryEntry {
        notes: Some(fact.reason.to_owned()),
        invoice_code: Some(fact.invoice_code.clone()),
        amount: Some(fact.amount),
        subject_id: Some(fact.invoice_id.as_uuid()),
        ..because.entry(&order, ChangeType::Payment)
    };
    let rows = vec![row.moved(None, "ditolak")];
    record(tx, &mut order, Change::default(), &because, rows).await?;
    Ok(())
}
