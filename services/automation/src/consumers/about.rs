//! Which order an event concerns, for each event.

use konveksi_contracts::EventMessage;
use konveksi_contracts::v1::{
    InstallmentDue, InvoiceCancelled, InvoiceCreated, InvoiceExpired, InvoiceState,
    MediaQuarantined, MediaRejected, MediaStored, NotificationFailed, NotificationSent,
    OrderCancelled, OrderCreated, OrderDeleted, OrderProductionChanged, OrderState,
    OrderStatusChanged, OrderUpdated, PaymentOverdue, PaymentReceived, PaymentRejected,
    RefundCompleted,
};

/// An order as an event names it; either part is empty when the event does not say.
#[derive(Default)]
pub(super) struct OrderRef<'a> {
    pub(super) id: &'a str,
    pub(super) code: &'a str,
}

impl<'a> OrderRef<'a> {
    fn of_order(order: Option<&'a OrderState>) -> OrderRef<'a> {
        order
            .map(|order| OrderRef { id: &order.order_id, code: &order.order_code })
            .unwrap_or_default()
    }

    fn of_invoice(invoice: Option<&'a InvoiceState>) -> OrderRef<'a> {
        invoice
            .map(|invoice| OrderRef { id: &invoice.order_id, code: &invoice.order_code })
            .unwrap_or_default()
    }
}

/// An event that may concern an order.
pub(super) trait AboutOrder: EventMessage {
    fn order(&self) -> OrderRef<'_>;
}

impl AboutOrder for OrderCreated {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_order(self.order.as_ref())
    }
}

impl AboutOrder for OrderUpdated {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_order(self.order.as_ref())
    }
}

impl AboutOrder for OrderDeleted {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_order(self.order.as_ref())
    }
}

impl AboutOrder for OrderCancelled {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_order(self.order.as_ref())
    }
}

impl AboutOrder for OrderStatusChanged {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_order(self.order.as_ref())
    }
}

impl AboutOrder for OrderProductionChanged {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_order(self.order.as_ref())
    }
}

impl AboutOrder for InvoiceCreated {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for InvoiceExpired {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for InvoiceCancelled {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for PaymentReceived {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for InstallmentDue {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for PaymentOverdue {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for RefundCompleted {
    fn order(&self) -> OrderRef<'_> {
        OrderRef::of_invoice(self.invoice.as_ref())
    }
}

impl AboutOrder for PaymentRejected {
    fn order(&self) -> OrderRef<'_> {
        OrderRef { id: &self.order_id, code: &self.order_code }
    }
}

impl AboutOrder for NotificationSent {
    fn order(&self) -> OrderRef<'_> {
        OrderRef { id: &self.order_id, code: &self.order_code }
    }
}

impl AboutOrder for NotificationFailed {
    fn order(&self) -> OrderRef<'_> {
        OrderRef { id: &self.order_id, code: &self.order_code }
    }
}

impl AboutOrder for MediaStored {
    fn order(&self) -> OrderRef<'_> {
        OrderRef { id: &self.order_id, code: "" }
    }
}

impl AboutOrder for MediaQuarantined {
    fn order(&self) -> OrderRef<'_> {
        OrderRef { id: &self.order_id, code: "" }
    }
}

impl AboutOrder for MediaRejected {
    fn order(&self) -> OrderRef<'_> {
        OrderRef { id: &self.order_id, code: "" }
    }
}
