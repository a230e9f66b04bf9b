//! Invoices and payments with what answers need beside them.

use konveksi_kernel::Money;

use crate::domain::{Invoice, InvoiceCode, InvoiceKind, Link, LinkState, OrderView, Payment};

/// An invoice, its order and its live link.
#[derive(Debug, Clone)]
pub(crate) struct InvoiceView {
    /// The invoice.
    pub(crate) invoice: Invoice,
    /// Its order.
    pub(crate) order: OrderView,
    /// The link it is paid on now or soon; absent when it has none.
    pub(crate) link: Option<Link>,
}

impl InvoiceView {
    /// Where it can be paid; absent until the provider answered.
    pub(crate) fn payment_url(&self) -> Option<&str> {
        self.ready().and_then(|link| link.url.as_deref())
    }

    /// The provider's id of that link.
    pub(crate) fn provider_id(&self) -> Option<&str> {
        self.ready().and_then(|link| link.provider_id.as_deref())
    }

    fn ready(&self) -> Option<&Link> {
        self.link.as_ref().filter(|link| link.state == LinkState::Ready)
    }
}

/// A payment and its invoice's names.
#[derive(Debug, Clone)]
pub(crate) struct PaymentView {
    /// The payment.
    pub(crate) payment: Payment,
    /// Its invoice's code.
    pub(crate) invoice_code: InvoiceCode,
    /// What its invoice asked for.
    pub(crate) invoice_kind: InvoiceKind,
    /// Whether it was a manual entry that was taken back.
    pub(crate) reversed: bool,
    /// What of it went back.
    pub(crate) refunded: Money,
}

impl PaymentView {
    /// A payment that was booked just now: nothing became of it since.
    pub(crate) fn booked(payment: Payment, invoice: &Invoice) -> PaymentView {
        PaymentView {
            payment,
            invoice_code: invoice.code.clone(),
            invoice_kind: invoice.kind,
            reversed: false,
            refunded: Money::ZERO,
        }
    }
}
