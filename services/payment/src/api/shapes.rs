//! Invoices and payments as the contract writes them (section 5).

use chrono::{DateTime, Utc};
use konveksi_kernel::{InvoiceId, Money, OrderId, PaymentId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::{InvoiceView, PaymentView};

/// An invoice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Invoice)]
pub(super) struct InvoiceResponse {
    #[schema(value_type = uuid::Uuid)]
    id: InvoiceId,
    #[schema(example = "INV-123456-ABC")]
    invoice_code: String,
    #[schema(value_type = uuid::Uuid)]
    order: OrderId,
    /// `dp`, `pelunasan` or `full`.
    payment_type: &'static str,
    /// Only for deposits.
    #[schema(example = "50.00")]
    dp_percent: Option<String>,
    #[schema(value_type = String, example = "7500000.00")]
    invoice_amount: Money,
    #[schema(value_type = String, example = "0.00")]
    amount_paid: Money,
    #[schema(value_type = String, example = "7500000.00")]
    amount_due: Money,
    /// `belum dibayar`, `sudah dibayar`, `kadaluarsa` or `dibatalkan`.
    invoice_status: &'static str,
    /// Null until the provider made the link.
    payment_url: Option<String>,
    xendit_invoice_id: Option<String>,
    notification_channel: &'static str,
    /// Whether staff sent a message about it by hand.
    blast_notification: bool,
    invoice_created_at: DateTime<Utc>,
    invoice_expired_at: DateTime<Utc>,
    /// The same as `invoice_expired_at`.
    expired_at: DateTime<Utc>,
    invoice_paid_at: Option<DateTime<Utc>>,
}

impl From<&InvoiceView> for InvoiceResponse {
    fn from(view: &InvoiceView) -> InvoiceResponse {
        let invoice = &view.invoice;
        InvoiceResponse {
            id: invoice.id,
            invoice_code: invoice.code.to_string(),
            order: invoice.order_id,
            payment_type: invoice.kind.as_wire(),
            dp_percent: invoice.deposit_percent.map(|percent| format!("{percent:.2}")),
            invoice_amount: invoice.amount,
            amount_paid: invoice.amount_paid,
            amount_due: invoice.amount_due(),
            invoice_status: invoice.status.as_wire(),
            payment_url: view.payment_url().map(str::to_owned),
            xendit_invoice_id: view.provider_id().map(str::to_owned),
            notification_channel: invoice.channel.as_wire(),
            blast_notification: invoice.blast_notification,
            invoice_created_at: invoice.created_at,
            invoice_expired_at: invoice.expires_at,
            expired_at: invoice.expires_at,
            invoice_paid_at: invoice.paid_at,
        }
    }
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payment)]
pub(super) struct PaymentResponse {
    #[schema(value_type = uuid::Uuid)]
    id: PaymentId,
    #[schema(value_type = uuid::Uuid)]
    invoice: InvoiceId,
    #[schema(example = "INV-123456-ABC")]
    invoice_code: String,
    /// What its invoice asked for: `dp`, `pelunasan` or `full`.
    payment_type: &'static str,
    #[schema(example = "BANK_TRANSFER")]
    payment_method: String,
    #[schema(value_type = String, example = "7500000.00")]
    amount: Money,
    payment_time: DateTime<Utc>,
    /// The same as `payment_time`.
    paid_at: DateTime<Utc>,
    /// `success`; `suspended` when it was less than its link asked for and waits for staff;
    /// `reversed` when a manual entry was taken back.
    status: &'static str,
    /// What of it went back.
    #[schema(value_type = String, example = "0.00")]
    refunded_amount: Money,
    contact_info: String,
    notes: Option<String>,
}

impl From<&PaymentView> for PaymentResponse {
    fn from(view: &PaymentView) -> PaymentResponse {
        let payment = &view.payment;
        PaymentResponse {
            id: payment.id,
            invoice: payment.invoice_id,
            invoice_code: view.invoice_code.to_string(),
            payment_type: view.invoice_kind.as_wire(),
            payment_method: payment.method.clone(),
            amount: payment.amount,
            payment_time: payment.paid_at,
            paid_at: payment.paid_at,
            status: if view.reversed { "reversed" } else { payment.status.as_wire() },
            refunded_amount: view.refunded,
            contact_info: payment.contact_info.clone(),
            notes: payment.notes.clone(),
        }
    }
}
