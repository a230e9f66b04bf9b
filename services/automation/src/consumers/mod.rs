//! What we hear: everything that may become a rule's trigger. All of it is handled alike.

mod about;
mod on_any;

use konveksi_contracts::v1::{
    InstallmentDue, InvoiceCancelled, InvoiceCreated, InvoiceExpired, MediaQuarantined,
    MediaRejected, MediaStored, NotificationFailed, NotificationSent, OrderCancelled, OrderCreated,
    OrderDeleted, OrderProductionChanged, OrderStatusChanged, OrderUpdated, PaymentOverdue,
    PaymentReceived, PaymentRejected, RefundCompleted,
};
use konveksi_eventing::Handlers;

use crate::app::App;

/// Every event heard here.
pub(crate) fn handlers() -> Handlers<App> {
    Handlers::new()
        .on::<OrderCreated>(on_any::handle::<OrderCreated>)
        .on::<OrderUpdated>(on_any::handle::<OrderUpdated>)
        .on::<OrderDeleted>(on_any::handle::<OrderDeleted>)
        .on::<OrderCancelled>(on_any::handle::<OrderCancelled>)
        .on::<OrderStatusChanged>(on_any::handle::<OrderStatusChanged>)
        .on::<OrderProductionChanged>(on_any::handle::<OrderProductionChanged>)
        .on::<InvoiceCreated>(on_any::handle::<InvoiceCreated>)
        .on::<InvoiceExpired>(on_any::handle::<InvoiceExpired>)
        .on::<InvoiceCancelled>(on_any::handle::<InvoiceCancelled>)
        .on::<PaymentReceived>(on_any::handle::<PaymentReceived>)
        .on::<PaymentRejected>(on_any::handle::<PaymentRejected>)
        .on::<InstallmentDue>(on_any::handle::<InstallmentDue>)
        .on::<PaymentOverdue>(on_any::handle::<PaymentOverdue>)
        .on::<RefundCompleted>(on_any::handle::<RefundCompleted>)
        .on::<NotificationSent>(on_any::handle::<NotificationSent>)
        .on::<NotificationFailed>(on_any::handle::<NotificationFailed>)
        .on::<MediaStored>(on_any::handle::<MediaStored>)
        .on::<MediaQuarantined>(on_any::handle::<MediaQuarantined>)
        .on::<MediaRejected>(on_any::handle::<MediaRejected>)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_the_topology_brings_here_is_logged() {
        let handlers = handlers();
        let handled: BTreeSet<_> = handlers.types().collect();
        let brought: BTreeSet<_> =
            konveksi_eventing::topology::heard_by(crate::NAME).iter().copied().collect();
        assert_eq!(handled, brought);
    }
}
