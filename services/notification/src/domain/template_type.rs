//! What messages are about: the five types of the spec and the seven older ones
//! (`contract.md` section 4 and section 12 row 16).

use crate::domain::invoice::InvoiceKind;

/// What a template, and a message made from it, is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TemplateType {
    /// A new order was noted; says nothing about paying.
    OrderCreated,
    /// Money arrived.
    PaymentReceived,
    /// Production is finished.
    ProductionComplete,
    /// An invoice waits to be paid.
    PaymentReminder,
    /// The order was cancelled.
    OrderCancelled,
    /// The deposit's payment link.
    DepositInvoice,
    /// The final payment's link.
    FinalInvoice,
    /// The link of an invoice over the whole amount.
    FullInvoice,
    /// The older name of a receipt; used when there is no active default for `payment_received`.
    PaymentConfirmation,
    /// Any change of an order.
    OrderStatusUpdate,
    /// Advertising.
    MarketingBlast,
    /// Anything else.
    Custom,
}

impl TemplateType {
    /// Every type, in the order staff see them.
    pub(crate) const ALL: [TemplateType; 12] = [
        TemplateType::OrderCreated,
        TemplateType::PaymentReceived,
        TemplateType::ProductionComplete,
        TemplateType::PaymentReminder,
        TemplateType::OrderCancelled,
        TemplateType::DepositInvoice,
        TemplateType::FinalInvoice,
        TemplateType::FullInvoice,
        TemplateType::PaymentConfirmation,
        TemplateType::OrderStatusUpdate,
        TemplateType::MarketingBlast,
        TemplateType::Custom,
    ];

    /// As it is written on the wire and in the database.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            TemplateType::OrderCreated => "order_created",
            TemplateType::PaymentReceived => "payment_received",
            TemplateType::ProductionComplete => "production_complete",
            TemplateType::PaymentReminder => "payment_reminder",
            TemplateType::OrderCancelled => "order_cancelled",
            TemplateType::DepositInvoice => "dp_invoice",
            TemplateType::FinalInvoice => "pelunasan_invoice",
            TemplateType::FullInvoice => "full_invoice",
            TemplateType::PaymentConfirmation => "payment_confirmation",
            TemplateType::OrderStatusUpdate => "order_status_update",
            TemplateType::MarketingBlast => "marketing_blast",
            TemplateType::Custom => "custom",
        }
    }

    /// Reads what [`TemplateType::as_wire`] writes.
    pub(crate) fn from_wire(text: &str) -> Option<TemplateType> {
        TemplateType::ALL.into_iter().find(|known| known.as_wire() == text)
    }

    /// What staff read in lists.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            TemplateType::OrderCreated => "Order Baru Dibuat",
            TemplateType::PaymentReceived => "Pembayaran Diterima",
            TemplateType::ProductionComplete => "Produksi Selesai",
            TemplateType::PaymentReminder => "Pengingat Pembayaran",
            TemplateType::OrderCancelled => "Order Dibatalkan",
            TemplateType::DepositInvoice => "Tagihan Down Payment",
            TemplateType::FinalInvoice => "Tagihan Pelunasan",
            TemplateType::FullInvoice => "Tagihan Full Payment",
            TemplateType::PaymentConfirmation => "Konfirmasi Pembayaran",
            TemplateType::OrderStatusUpdate => "Perubahan Status Order",
            TemplateType::MarketingBlast => "Promosi",
            TemplateType::Custom => "Lainnya",
        }
    }

    /// The type that carries the payment link of such an invoice.
    pub(crate) const fn for_invoice(kind: InvoiceKind) -> TemplateType {
        match kind {
            InvoiceKind::Deposit => TemplateType::DepositInvoice,
            InvoiceKind::Final => TemplateType::FinalInvoice,
            InvoiceKind::Full => TemplateType::FullInvoice,
        }
    }

    /// Whether the message asks for money, so that it needs an invoice that can still be paid.
    pub(crate) const fn asks_for_payment(self) -> bool {
        match self {
            TemplateType::PaymentReminder
            | TemplateType::DepositInvoice
            | TemplateType::FinalInvoice
            | TemplateType::FullInvoice => true,
            TemplateType::OrderCreated
            | TemplateType::PaymentReceived
            | TemplateType::ProductionComplete
            | TemplateType::OrderCancelled
            | TemplateType::PaymentConfirmation
            | TemplateType::OrderStatusUpdate
            | TemplateType::MarketingBlast
            | TemplateType::Custom => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_reads_back_and_is_named_once() {
        for known in TemplateType::ALL {
            assert_eq!(TemplateType::from_wire(known.as_wire()), Some(known));
        }
        assert_eq!(TemplateType::from_wire("lunas"), None);
    }

    #[test]
    fn every_invoice_kind_has_a_message_that_asks_for_payment() {
        for kind in InvoiceKind::ALL {
            assert!(TemplateType::for_invoice(kind).asks_for_payment());
        }
    }
}
