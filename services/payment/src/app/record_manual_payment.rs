//! Money a clerk saw: cash, or a transfer on the bank statement (contract row 50). Parts are
//! taken; what an invoice cannot use becomes the customer's credit.

use chrono::{DateTime, Utc};
use konveksi_db::transaction;
use konveksi_eventing::Envelope;
use konveksi_kernel::{InvoiceId, Money};

use super::receive_money::{Incoming, receive};
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

/// Records it for an invoice that waits for money or has expired, and answers what was told.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when the invoice is paid or cancelled;
/// [`AppError::Amount`]; [`AppError::Db`].
pub(crate) async fn record_manual_payment(
    app: &App,
    manual: ManualPayment,
) -> Result<(PaymentView, Vec<Envelope>), AppError> {
    let mut conn = app.pool.get().await?;
    let seen = store::invoices::find(&mut conn, manual.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    let answer = transaction(&mut conn, async |tx| {
        let now = app.clock.now();
        store::orders::find_money_for_update(tx, seen.order_id).await?;
        let invoice = store::invoices::find_for_update(tx, seen.id)
            .await?
            .ok_or(AppError::InvoiceNotFound)?;
        invoice
            .insist_open("take a manual payment")
            .map_err(|error| AppError::of(&invoice, error))?;
        let incoming = Incoming {
            invoice_id: invoice.id,
            order_id: invoice.order_id,
            source: PaymentSource::Manual,
            provider_ref: None,
            method: manual.method,
            amount: manual.amount,
            asked: None,
            on_replaced_link: false,
            contact_info: manual.contact_info,
            notes: manual.notes,
            paid_at: manual.paid_at.unwrap_or(now),
        };
        // Without a provider's reference nothing can have been booked before.
        let booked = receive(tx, now, incoming).await?;
        let (payment, told) = booked.ok_or(AppError::PaymentNotFound)?;
        let view = PaymentView { payment, invoice_code: invoice.code, invoice_kind: invoice.kind };
        Ok::<_, AppError>((view, vec![told]))
    })
    .await?;
    app.wake.relay();
    app.work.links();
    Ok(answer)
}
