//! What happened to an order, for staff (`contract.md` row 33).

use chrono::{DateTime, Utc};
use konveksi_kernel::Money;
use serde::Serialize;
use utoipa::ToSchema;

use super::order_shape::OrderResponse;
use crate::domain::history::HistoryEntry;
use crate::domain::order::Order;

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StatusHistory)]
pub(super) struct HistoryResponse {
    /// `order_status`, `production_status`, `invoice_status`, `payment`, `notification`, `design`,
    /// `order_details`, `note`, `deleted`, `restored`, `production_report` or `production_plan`.
    change_type: &'static str,
    /// The state before; null when there was none.
    previous_status: Option<String>,
    /// The state after.
    new_status: Option<String>,
    /// `admin`, `webhook`, `system` or `customer`.
    trigger_source: &'static str,
    /// What staff wrote, or what there is to say.
    notes: Option<String>,
    /// Whether the customer may read the note; absent when they may not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    visible: bool,
    /// The invoice it is about.
    invoice_code: Option<String>,
    /// The money it is about, rupiah with two decimals.
    #[schema(value_type = Option<String>)]
    amount: Option<Money>,
    /// The staff member, such as `staff:7`.
    actor: Option<String>,
    /// When.
    created_at: DateTime<Utc>,
}

impl From<&HistoryEntry> for HistoryResponse {
    fn from(entry: &HistoryEntry) -> HistoryResponse {
        HistoryResponse {
            change_type: entry.change.as_wire(),
            previous_status: entry.previous.clone(),
            new_status: entry.new.clone(),
            trigger_source: entry.trigger.as_wire(),
            notes: entry.notes.clone(),
            visible: entry.visible,
            invoice_code: entry.invoice_code.clone(),
            amount: entry.amount,
            actor: entry.actor.clone(),
            created_at: entry.created_at,
        }
    }
}

/// An order and everything that happened to it, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderAudit)]
pub(super) struct AuditResponse {
    order: OrderResponse,
    status_histories: Vec<HistoryResponse>,
}

impl AuditResponse {
    /// `order` with its `history`.
    pub(super) fn of(order: &Order, history: &[HistoryEntry], base: &str) -> AuditResponse {
        AuditResponse {
            order: OrderResponse::of(order, base),
            status_histories: history.iter().map(HistoryResponse::from).collect(),
        }
    }
}
