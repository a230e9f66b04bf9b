//! What this service tells: one function a fact, appended to the outbox in the transaction of the
//! change. The invoice is the subject and its version the event's, so every fact needs a change.

mod state;

use chrono::{DateTime, Utc};
use konveksi_contracts::{to_timestamp, v1};
use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_eventing::outbox::{self, Subject};
use konveksi_kernel::InvoiceId;

use crate::domain::{Invoice, OrderMoney, OrderView, Payment};

/// What these events are about.
const INVOICE: &str = "invoice";

/// What was told about an invoice within the last moments, for whoever is about to be asked about
/// it.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn just_told(
    conn: &mut Connection,
    invoice: InvoiceId,
) -> Result<Vec<Envelope>, DbError> {
    outbox::recent(conn, INVOICE, invoice.as_uuid()).await
}

fn subject(invoice: &Invoice) -> Subject {
    Subject { kind: INVOICE, id: invoice.id.as_uuid(), version: invoice.version }
}

/// An invoice can be paid on `url` from now on; `notify` asks for a message to the customer.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn invoice_created(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    url: &str,
    notify: bool,
) -> Result<Envelope, DbError> {
    let message =
        v1::InvoiceCreated { invoice: Some(state::of(invoice, order, Some(url))), notify };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// An invoice's time passed before it was paid.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn invoice_expired(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &Invoice,
    order: &OrderView,
) -> Result<Envelope, DbError> {
    let message = v1::InvoiceExpired { invoice: Some(state::of(invoice, order, None)) };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// An invoice is no longer asked for.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn invoice_cancelled(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &Invoice,
    order: &OrderView,
) -> Result<Envelope, DbError> {
    let message = v1::InvoiceCancelled { invoice: Some(state::of(invoice, order, None)) };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// Money came, was verified and is booked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn payment_received(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    payment: &Payment,
    sums: &OrderMoney,
) -> Result<Envelope, DbError> {
    let message = v1::PaymentReceived {
        payment_id: payment.id.to_string(),
        invoice: Some(state::of(invoice, order, None)),
        amount_sen: payment.amount.to_sen(),
        method: payment.method.clone(),
        paid_at: Some(to_timestamp(payment.paid_at)),
        order_total_sen: order.total.to_sen(),
        order_paid_sen: sums.paid().to_sen(),
        money_version: sums.money_version,
        late: payment.late,
        notify: true,
        trigger: state::trigger(payment.source).into(),
    };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// Money came that is less than its link asked for; it waits in suspense.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn payment_rejected(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    payment: &Payment,
) -> Result<Envelope, DbError> {
    let message = v1::PaymentRejected {
        order_id: order.id.to_string(),
        order_code: order.code.clone(),
        invoice_id: invoice.id.to_string(),
        invoice_code: invoice.code.to_string(),
        amount_sen: payment.amount.to_sen(),
        reason: v1::RejectReason::AmountTooLow.into(),
    };
    outbox::append(tx, now, subject(invoice), &message).await
}
