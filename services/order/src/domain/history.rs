//! One row for everything that happened to an order: the timeline and the audit trail.

use chrono::{DateTime, Utc};
use konveksi_kernel::{EventId, Money, OrderId};
use uuid::Uuid;

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum ChangeType {
    /// `order_status` moved; the first row of every order is one.
    OrderStatus,
    /// `production_status` moved.
    ProductionStatus,
    /// An invoice came to be or changed its status.
    InvoiceStatus,
    /// Money arrived, or was announced and not accepted.
    Payment,
    /// A message was sent, or given up.
    Notification,
    /// A design file was stored or rejected.
    Design,
    /// Staff changed details of the order.
    OrderDetails,
    /// Staff left a note.
    Note,
    /// The order was deleted.
    Deleted,
    /// A deleted order came back.
    Restored,
    /// The floor reported pieces, or sent rejects back.
    ProductionReport,
    /// Stages, their days or the promised day were set.
    ProductionPlan,
}

impl ChangeType {
    /// Every value.
    pub(crate) const ALL: [ChangeType; 12] = [
        ChangeType::OrderStatus,
        ChangeType::ProductionStatus,
        ChangeType::InvoiceStatus,
        ChangeType::Payment,
        ChangeType::Notification,
        ChangeType::Design,
        ChangeType::OrderDetails,
        ChangeType::Note,
        ChangeType::Deleted,
        ChangeType::Restored,
        ChangeType::ProductionReport,
        ChangeType::ProductionPlan,
    ];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            ChangeType::OrderStatus => "order_status",
            ChangeType::ProductionStatus => "production_status",
            ChangeType::InvoiceStatus => "invoice_status",
            ChangeType::Payment => "payment",
            ChangeType::Notification => "notification",
            ChangeType::Design => "design",
            ChangeType::OrderDetails => "order_details",
            ChangeType::Note => "note",
            ChangeType::Deleted => "deleted",
            ChangeType::Restored => "restored",
            ChangeType::ProductionReport => "production_report",
            ChangeType::ProductionPlan => "production_plan",
        }
    }

    /// Reads the word.
    pub(crate) fn from_wire(text: &str) -> Option<ChangeType> {
        ChangeType::ALL.into_iter().find(|value| value.as_wire() == text)
    }
}

/// Who caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TriggerSource {
    /// Staff.
    Admin,
    /// A provider's callback.
    Webhook,
    /// The system itself.
    System,
    /// The customer.
    Customer,
}

impl TriggerSource {
    /// Every value.
    pub(crate) const ALL: [TriggerSource; 4] = [
        TriggerSource::Admin,
        TriggerSource::Webhook,
        TriggerSource::System,
        TriggerSource::Customer,
    ];

    /// The word on the wire and in the table.
    pub(crate) const fn as_wire(self) -> &'static str {
        match self {
            TriggerSource::Admin => "admin",
            TriggerSource::Webhook => "webhook",
            TriggerSource::System => "system",
            TriggerSource::Customer => "customer",
        }
    }

    /// Reads the word.
    pub(crate) fn from_wire(text: &str) -> Option<TriggerSource> {
        TriggerSource::ALL.into_iter().find(|value| value.as_wire() == text)
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HistoryEntry {
    /// Its own id, ordered by time.
    pub(crate) id: Uuid,
    /// The order.
    pub(crate) order_id: OrderId,
    /// What kind of thing happened.
    pub(crate) change: ChangeType,
    /// The state before, in the words of the wire; absent when there was none.
    pub(crate) previous: Option<String>,
    /// The state after.
    pub(crate) new: Option<String>,
    /// Who caused it.
    pub(crate) trigger: TriggerSource,
    /// Free text: what staff wrote, or what the machine has to say. Shown to the public only when
    /// the row is visible.
    pub(crate) notes: Option<String>,
    /// Whether the customer may read the notes; only rows of [`ChangeType::Note`] can be.
    pub(crate) visible: bool,
    /// The invoice it is about.
    pub(crate) invoice_code: Option<String>,
    /// The money it is about.
    pub(crate) amount: Option<Money>,
    /// The invoice, payment, message or file it is about.
    pub(crate) subject_id: Option<Uuid>,
    /// The event that told it; absent for what was done here.
    pub(crate) event_id: Option<EventId>,
    /// The staff member, as the signed identity names them.
    pub(crate) actor: Option<String>,
    /// When it happened.
    pub(crate) created_at: DateTime<Utc>,
}

impl HistoryEntry {
    /// A row that says only what kind of thing happened, who caused it and when.
    pub(crate) fn new(
        order_id: OrderId,
        change: ChangeType,
        trigger: TriggerSource,
        created_at: DateTime<Utc>,
    ) -> HistoryEntry {
        HistoryEntry {
            id: konveksi_kernel::ids::uuid_v7_at(created_at),
            order_id,
            change,
            previous: None,
            new: None,
            trigger,
            notes: None,
            visible: false,
            invoice_code: None,
            amount: None,
            subject_id: None,
            event_id: None,
            actor: None,
            created_at,
        }
    }

    /// With the states before and after.
    #[must_use]
    pub(crate) fn moved(self, previous: Option<&str>, new: &str) -> HistoryEntry {
        HistoryEntry { previous: previous.map(str::to_owned), new: Some(new.to_owned()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_round_trips() {
        for value in ChangeType::ALL {
            assert_eq!(ChangeType::from_wire(value.as_wire()), Some(value));
        }
        for value in TriggerSource::ALL {
            assert_eq!(TriggerSource::from_wire(value.as_wire()), Some(value));
        }
    }
}
