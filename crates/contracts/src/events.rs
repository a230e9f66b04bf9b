//! Which message travels under which name, and who tells it.

use crate::v1;

/// A protobuf message that is published as an event.
pub trait EventMessage: prost::Message + Default + 'static {
    /// `CloudEvents` type and AMQP routing key, such as `order.created.v1`.
    const TYPE: &'static str;
    /// The one service that tells it.
    const PRODUCER: &'static str;
}

/// One line an event; a macro only because Rust has no shorter way to say the same impl for each of them.
macro_rules! events {
    ($($producer:literal { $($message:ident = $type:literal,)+ })+) => {
        $($(
            impl EventMessage for v1::$message {
                const TYPE: &'static str = $type;
                const PRODUCER: &'static str = $producer;
            }
        )+)+

        /// Every event type there is, with the service that tells it.
        pub const ALL_TYPES: &[(&str, &str)] = &[$($(($type, $producer),)+)+];
    };
}

events! {
    "order" {
        CustomerChanged = "customer.changed.v1",
        OrderCreated = "order.created.v1",
        OrderUpdated = "order.updated.v1",
        OrderDeleted = "order.deleted.v1",
        OrderCancelled = "order.cancelled.v1",
        OrderStatusChanged = "order.status_changed.v1",
        OrderProductionChanged = "order.production_changed.v1",
    }
    "payment" {
        InvoiceCreated = "invoice.created.v1",
        InvoiceExpired = "invoice.expired.v1",
        InvoiceCancelled = "invoice.cancelled.v1",
        PaymentReceived = "payment.received.v1",
        PaymentRejected = "payment.rejected.v1",
        InstallmentDue = "installment.due.v1",
        PaymentOverdue = "payment.overdue.v1",
        RefundCompleted = "refund.completed.v1",
    }
    "notification" {
        NotificationSent = "notification.sent.v1",
        NotificationFailed = "notification.failed.v1",
    }
    "media" {
        MediaStored = "media.stored.v1",
        MediaQuarantined = "media.quarantined.v1",
        MediaRejected = "media.rejected.v1",
    }
}
