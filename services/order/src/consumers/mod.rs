//! What this service hears, one file a fact: the contract's message becomes a fact of ours, and a
//! use case applies it in the transaction that notes the event as heard.

mod on_invoice_cancelled;
mod on_invoice_created;
mod on_invoice_expired;
mod on_media_quarantined;
mod on_media_rejected;
mod on_media_stored;
mod on_notification_failed;
mod on_notification_sent;
mod on_payment_overdue;
mod on_payment_received;
mod on_payment_rejected;
mod on_refund_completed;
mod words;

use konveksi_contracts::v1;
use konveksi_eventing::Handlers;

use crate::app::App;

/// The events heard, each with its handler.
pub(crate) fn handlers() -> Handlers<App> {
    Handlers::new()
        .on::<v1::InvoiceCreated>(on_invoice_created::handle)
        .on::<v1::InvoiceExpired>(on_invoice_expired::handle)
        .on::<v1::InvoiceCancelled>(on_invoice_cancelled::handle)
        .on::<v1::PaymentReceived>(on_payment_received::handle)
        .on::<v1::PaymentRejected>(on_payment_rejected::handle)
        .on::<v1::PaymentOverdue>(on_payment_overdue::handle)
        .on::<v1::RefundCompleted>(on_refund_completed::handle)
        .on::<v1::NotificationSent>(on_notification_sent::handle)
        .on::<v1::NotificationFailed>(on_notification_failed::handle)
        .on::<v1::MediaStored>(on_media_stored::handle)
        .on::<v1::MediaQuarantined>(on_media_quarantined::handle)
        .on::<v1::MediaRejected>(on_media_rejected::handle)
}
