//! Money a clerk saw: cash, or a transfer on the bank statement (contract row 50). Parts are
//! taken; what an invoice cannot use becomes the customer's credit.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::{InvoiceId, Money};

use super::receive_money::{From, Incoming, receive};
use super::{App, AppError, PaymentView};
use crate::domain::PaymentSource;
use crate::store;

/// What the clerk says.
#[derive(Debug, Clone)]
pub(crate) struct ManualPayment {
    /// For which invoice.
    pub(crate) invoice_id: InvoiceId,
    /// How it was paid, such as `BANK_TRANSFER`.
    pub(crate) method: String,
    /// How much; whole rupiah.
    pub(crate) amount: Money,
    /// When it was paid; now when absent.
    pub(crate) paid_at: Option<DateTime<Utc>>,
    /// Whom to ask about it.
    pub(crate) contact_info: String,
    /// A note.
    pub(crate) notes: Option<String>,
}

/// Records it within `tx` for an invoice that waits for money or has expired, and answers what was
/// told.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when the invoice is paid or cancelled;
/// [`AppError::Amount`]; [`AppError::Db`].
pub(crate) async fn record_manual_payment(
    app: &App,
    tx: &mut Connection,
    manual: ManualPayment,
) -> Result<(PaymentView, Vec<Envelope>), AppError> {
    let now = app.clock.now();
    let seen =
        store::invoices::find(tx, manual.invoice_id).await?.ok_or(AppError::InvoiceNotFound)?;
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let invoice =
        store::invoices::find_for_update(tx, seen.id).await?.ok_or(AppError::InvoiceNotFound)?;
    invoice.insist_open("take a manual payment").map_err(|error| AppError::of(&invoice, error))?;
    let incoming = Incoming {
        invoice_id: invoice.id,
        order_id: invoice.order_id,
        source: PaymentSource::Manual,
        from: From::Outside,
        provider_ref: None,
        method: manual.method,
        amount: manual.amount,
        fee: Money::ZERO,
        unique_code: Money::ZERO,
        asked: None,
        on_replaced_link: false,
        contact_info: manual.contact_info,
        notes: manual.notes,
        paid_at: manual.paid_at.unwrap_or(now),
    };
    // Without a provider's reference nothing can have been booked before.
    let booked = receive(tx, now, incoming).await?;
    let (payment, told) = booked.ok_or(AppError::PaymentNotFound)?;
    let view = PaymentView::booked(payment, &invoice);
    Ok((view, told))
}
