//! What this service tells: one function a fact, appended to the outbox in the transaction of the
//! change. The invoice is the subject and its version the event's, so every fact needs a change.

mod state;

use chrono::{DateTime, Utc};
use konveksi_contracts::{to_timestamp, v1};
use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_eventing::outbox::{self, Subject};
use konveksi_kernel::InvoiceId;

use crate::domain::installment::Installment;
use crate::domain::{Invoice, OrderMoney, OrderView, Overdue, Payment, Refund};

/// How the event of a refund calls a manual entry that was taken back.
const CORRECTION: &str = "correction";

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
        // One message for money that pays several parts of a plan.
        notify: payment.part == 1,
        trigger: state::trigger(payment.source).into(),
    };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// A part of a plan is due in `days_left` days; `url` is where it can be paid, where there is a link.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn installment_due(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    part: &Installment,
    (url, days_left): (Option<&str>, i64),
) -> Result<Envelope, DbError> {
    let message = v1::InstallmentDue {
        installment_id: part.id.to_string(),
        plan_id: part.plan_id.to_string(),
        invoice: Some(state::of(invoice, order, url)),
        sequence: part.sequence,
        due_on: part.due_on().to_string(),
        days_left: i32::try_from(days_left).unwrap_or(i32::MAX),
        amount_due_sen: invoice.amount_due().to_sen(),
    };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// Money went back and is booked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn refund_completed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    refund: &Refund,
    sums: &OrderMoney,
) -> Result<Envelope, DbError> {
    let message = v1::RefundCompleted {
        refund_id: refund.id.to_string(),
        payment_id: refund.payment_id.to_string(),
        invoice: Some(state::of(invoice, order, None)),
        amount_sen: refund.amount.to_sen(),
        method: refund.method.as_wire().to_owned(),
        completed_at: Some(to_timestamp(refund.completed_at.unwrap_or(now))),
        order_total_sen: order.total.to_sen(),
        order_paid_sen: sums.paid().to_sen(),
        money_version: sums.money_version,
        notify: true,
        trigger: refund.provider.map_or(v1::Trigger::Admin, |_provider| v1::Trigger::System).into(),
    };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// A manual entry was a mistake and is taken back: for who hears it the same as money that went
/// back, but nobody is written to.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn payment_taken_back(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    payment: &Payment,
    sums: &OrderMoney,
) -> Result<Envelope, DbError> {
    let message = v1::RefundCompleted {
        refund_id: payment.id.to_string(),
        payment_id: payment.id.to_string(),
        invoice: Some(state::of(invoice, order, None)),
        amount_sen: payment.amount.to_sen(),
        method: CORRECTION.to_owned(),
        completed_at: Some(to_timestamp(now)),
        order_total_sen: order.total.to_sen(),
        order_paid_sen: sums.paid().to_sen(),
        money_version: sums.money_version,
        notify: false,
        trigger: v1::Trigger::Admin.into(),
    };
    outbox::append(tx, now, subject(invoice), &message).await
}

/// An invoice was due and is not paid: `step` of those that are set, `days` after `due_on`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn payment_overdue(
    tx: &mut Connection,
    now: DateTime<Utc>,
    (invoice, order): (&Invoice, &OrderView),
    url: Option<&str>,
    overdue: &Overdue,
) -> Result<Envelope, DbError> {
    let message = v1::PaymentOverdue {
        invoice: Some(state::of(invoice, order, url)),
        days_overdue: i32::try_from(overdue.days).unwrap_or(i32::MAX),
        step: overdue.step,
        amount_due_sen: invoice.amount_due().to_sen(),
        due_on: overdue.due_on.to_string(),
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
