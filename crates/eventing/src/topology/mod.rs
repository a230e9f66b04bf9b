//! Who hears what, and the exchanges and queues that follow from it: the one table.
//!
//! `konveksi migrate` and `konveksi up` declare all of it before any relay starts, because an
//! event published before its hearer first bound is lost to that hearer (`settled.md` 14).

mod declare;
mod differences;
mod plan;

use konveksi_contracts::EventMessage as _;
use konveksi_contracts::v1::{
    CustomerChanged, InstallmentDue, InvoiceCancelled, InvoiceCreated, InvoiceExpired,
    MediaQuarantined, MediaRejected, MediaStored, NotificationFailed, NotificationSent,
    OrderCancelled, OrderCreated, OrderDeleted, OrderProductionChanged, OrderStatusChanged,
    OrderUpdated, PaymentOverdue, PaymentReceived, PaymentRejected, RefundCompleted,
};

pub use declare::declare;
pub(crate) use declare::{declare_replica_queue, ensure_exchanges, ensure_own_queue};
pub use differences::differences;

/// Where every event is published; a topic exchange.
pub const EVENTS: &str = "kv.events";
/// Where events go that no queue is bound for, and the queue that keeps them for a person.
pub const UNROUTED: &str = "kv.unrouted";
/// Where queues send what they give up on; a direct exchange.
pub const DEAD: &str = "kv.dead";
/// The hearer whose replicas each have a queue of their own that dies with them.
pub const GATEWAY: &str = "gateway";

/// One service and the events it hears.
#[derive(Debug, Clone, Copy)]
pub struct Hearer {
    /// The service's name.
    pub service: &'static str,
    /// The event types its queue is bound for.
    pub types: &'static [&'static str],
}

/// The table, after `design.md` section 7.
pub const HEARERS: &[Hearer] = &[
    Hearer {
        service: "order",
        types: &[
            InvoiceCreated::TYPE,
            InvoiceExpired::TYPE,
            InvoiceCancelled::TYPE,
            PaymentReceived::TYPE,
            PaymentRejected::TYPE,
            PaymentOverdue::TYPE,
            RefundCompleted::TYPE,
            NotificationSent::TYPE,
            NotificationFailed::TYPE,
            MediaStored::TYPE,
            MediaQuarantined::TYPE,
            MediaRejected::TYPE,
        ],
    },
    Hearer {
        service: "payment",
        types: &[
            CustomerChanged::TYPE,
            OrderCreated::TYPE,
            OrderUpdated::TYPE,
            OrderDeleted::TYPE,
            OrderCancelled::TYPE,
            OrderStatusChanged::TYPE,
            OrderProductionChanged::TYPE,
            MediaStored::TYPE,
            MediaQuarantined::TYPE,
            MediaRejected::TYPE,
        ],
    },
    Hearer {
        service: "notification",
        types: &[
            CustomerChanged::TYPE,
            OrderCreated::TYPE,
            OrderUpdated::TYPE,
            OrderDeleted::TYPE,
            OrderCancelled::TYPE,
            OrderStatusChanged::TYPE,
            OrderProductionChanged::TYPE,
            InvoiceCreated::TYPE,
            InvoiceExpired::TYPE,
            InvoiceCancelled::TYPE,
            PaymentReceived::TYPE,
            PaymentRejected::TYPE,
            InstallmentDue::TYPE,
            PaymentOverdue::TYPE,
            RefundCompleted::TYPE,
        ],
    },
    Hearer { service: "media", types: &[OrderCreated::TYPE] },
    Hearer {
        service: "analytics",
        types: &[
            CustomerChanged::TYPE,
            OrderCreated::TYPE,
            OrderUpdated::TYPE,
            OrderDeleted::TYPE,
            OrderCancelled::TYPE,
            OrderStatusChanged::TYPE,
            OrderProductionChanged::TYPE,
            InvoiceCreated::TYPE,
            InvoiceExpired::TYPE,
            InvoiceCancelled::TYPE,
            PaymentReceived::TYPE,
            PaymentRejected::TYPE,
            PaymentOverdue::TYPE,
            RefundCompleted::TYPE,
            NotificationSent::TYPE,
            NotificationFailed::TYPE,
        ],
    },
    Hearer {
        service: "automation",
        types: &[
            OrderCreated::TYPE,
            OrderUpdated::TYPE,
            OrderDeleted::TYPE,
            OrderCancelled::TYPE,
            OrderStatusChanged::TYPE,
            OrderProductionChanged::TYPE,
            InvoiceCreated::TYPE,
            InvoiceExpired::TYPE,
            InvoiceCancelled::TYPE,
            PaymentReceived::TYPE,
            PaymentRejected::TYPE,
            InstallmentDue::TYPE,
            PaymentOverdue::TYPE,
            RefundCompleted::TYPE,
            NotificationSent::TYPE,
            NotificationFailed::TYPE,
            MediaStored::TYPE,
            MediaQuarantined::TYPE,
            MediaRejected::TYPE,
        ],
    },
    Hearer {
        service: GATEWAY,
        types: &[
            OrderCreated::TYPE,
            OrderUpdated::TYPE,
            OrderDeleted::TYPE,
            OrderCancelled::TYPE,
            OrderStatusChanged::TYPE,
            OrderProductionChanged::TYPE,
            InvoiceCreated::TYPE,
            InvoiceExpired::TYPE,
            InvoiceCancelled::TYPE,
            PaymentReceived::TYPE,
            PaymentRejected::TYPE,
            PaymentOverdue::TYPE,
            RefundCompleted::TYPE,
            MediaStored::TYPE,
            MediaQuarantined::TYPE,
            MediaRejected::TYPE,
        ],
    },
];

/// The event types `service` hears; none for a service that hears nothing.
pub fn heard_by(service: &str) -> &'static [&'static str] {
    HEARERS.iter().find(|hearer| hearer.service == service).map_or(&[], |hearer| hearer.types)
}

/// Whether `service` has a queue that outlives its processes.
pub fn has_lasting_queue(service: &str) -> bool {
    service != GATEWAY && !heard_by(service).is_empty()
}

/// The queue of `service`.
pub fn queue_name(service: &str) -> String {
    format!("kv.{service}")
}

/// Where the broker puts what `service` cannot read or what kills it.
pub fn dead_queue_name(service: &str) -> String {
    format!("kv.{service}.dead")
}

/// What one service's broker user may do, as three regular expressions over names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permissions {
    /// What it may declare and delete.
    pub configure: String,
    /// What it may publish to and bind.
    pub write: String,
    /// What it may consume from and bind to.
    pub read: String,
}

/// The rights of the broker user of `service`: it writes to the events exchange and uses its own
/// queues. Writing to the dead exchange belongs to declaring a queue that dead-letters to it.
pub fn permissions(service: &str) -> Permissions {
    let own = if service == GATEWAY {
        r"kv\.gateway\..+".to_owned()
    } else {
        format!(r"kv\.{service}(\.dead)?")
    };
    Permissions {
        configure: format!("^{own}$"),
        write: format!(r"^(kv\.events|kv\.dead|{own})$"),
        read: format!(r"^(kv\.events|kv\.dead|{own})$"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use konveksi_contracts::ALL_TYPES;

    use super::*;

    #[test]
    fn every_event_is_heard_by_somebody_else_than_its_producer() {
        for (event, producer) in ALL_TYPES {
            let hearers: Vec<_> =
                HEARERS.iter().filter(|hearer| hearer.types.contains(event)).collect();
            assert!(!hearers.is_empty(), "{event} is heard by nobody");
            assert!(hearers.iter().all(|hearer| hearer.service != *producer), "{event}");
        }
    }

    #[test]
    fn nobody_hears_an_event_twice_or_one_that_does_not_exist() {
        let known: HashSet<&str> = ALL_TYPES.iter().map(|(event, _)| *event).collect();
        for hearer in HEARERS {
            let heard: HashSet<&str> = hearer.types.iter().copied().collect();
            assert_eq!(heard.len(), hearer.types.len(), "{}", hearer.service);
            assert!(heard.is_subset(&known), "{}", hearer.service);
        }
    }

    #[test]
    fn a_service_may_use_its_own_queues_only() {
        let rights = permissions("order");
        assert_eq!(rights.configure, r"^kv\.order(\.dead)?$");
        assert_eq!(rights.read, r"^(kv\.events|kv\.dead|kv\.order(\.dead)?)$");
        assert_eq!(permissions("gateway").configure, r"^kv\.gateway\..+$");
    }
}
