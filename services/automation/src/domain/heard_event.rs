//! One event that was heard.

use chrono::{DateTime, Utc};
use konveksi_kernel::{EventId, OrderId};
use uuid::Uuid;

/// An entry of the log: what happened, to what, when, and which order it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeardEvent {
    pub(crate) event_id: EventId,
    /// Such as `order.created.v1`.
    pub(crate) event_type: String,
    /// The thing it is about.
    pub(crate) subject_id: Uuid,
    /// The version of that thing after the change.
    pub(crate) subject_version: i64,
    pub(crate) occurred_at: DateTime<Utc>,
    pub(crate) heard_at: DateTime<Utc>,
    /// Absent when the event names no order.
    pub(crate) order_id: Option<OrderId>,
    /// Absent when the event carries no code.
    pub(crate) order_code: Option<String>,
}
