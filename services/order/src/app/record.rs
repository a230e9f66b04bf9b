//! What every change of an order leaves behind: its row, its history, its events.

use chrono::{DateTime, Utc};
use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_kernel::EventId;

use super::Acting;
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};
use crate::domain::order::Order;
use crate::domain::standing::Change;
use crate::domain::status::OrderStatus;
use crate::{events, store};

/// Why and when an order changes.
#[derive(Debug, Clone)]
pub(super) struct Because {
    /// Now, by the service's clock.
    pub(super) now: DateTime<Utc>,
    /// When the fact behind it happened; the same as `now` for what is done here.
    pub(super) at: DateTime<Utc>,
    /// Who caused it.
    pub(super) trigger: TriggerSource,
    /// The staff member.
    pub(super) actor: Option<String>,
    /// The event that told it.
    pub(super) event_id: Option<EventId>,
    /// What staff wrote about it.
    pub(super) notes: Option<String>,
}

impl Because {
    /// What staff or a customer do here and now.
    pub(super) fn done_by(acting: &Acting, now: DateTime<Utc>) -> Because {
        Because {
            now,
            at: now,
            trigger: acting.trigger,
            actor: acting.name.clone(),
            event_id: None,
            notes: None,
        }
    }

    /// A history row of this cause.
    pub(super) fn entry(&self, order: &Order, change: ChangeType) -> HistoryEntry {
        HistoryEntry {
            event_id: self.event_id,
            actor: self.actor.clone(),
            ..HistoryEntry::new(order.id, change, self.trigger, self.at)
        }
    }
}

/// Writes an order after a change, with history and events, and answers the events. `extra` are
/// history rows besides those the moves themselves leave.
pub(super) async fn record(
    tx: &mut Connection,
    order: &mut Order,
    change: Change,
    because: &Because,
    extra: Vec<HistoryEntry>,
) -> Result<Vec<Envelope>, DbError> {
    store::history::insert(tx, &rows(order, change, because, extra)).await?;
    if change.is_nothing() {
        return Ok(Vec::new());
    }
    touch(order, because.now);
    store::orders::update(tx, order).await?;
    tell(tx, order, change, because).await
}

/// Counts one more told change.
pub(super) fn touch(order: &mut Order, now: DateTime<Utc>) {
    order.version += 1;
    // Never backwards: clients ask for what changed since an instant they saw.
    order.updated_at = order.updated_at.max(now);
}

/// Notes stand on the row of the move they are about, on one of their own when nothing moved.
fn rows(
    order: &Order,
    change: Change,
    because: &Because,
    extra: Vec<HistoryEntry>,
) -> Vec<HistoryEntry> {
    let mut rows = extra;
    if let Some(step) = change.status {
        let entry = because.entry(order, ChangeType::OrderStatus);
        rows.push(entry.moved(Some(step.from.as_wire()), step.to.as_wire()));
    }
    if let Some(step) = change.production {
        let entry = because.entry(order, ChangeType::ProductionStatus);
        rows.push(entry.moved(Some(step.from.as_wire()), step.to.as_wire()));
    }
    if let Some(notes) = &because.notes {
        let about = rows.iter_mut().find(|row| {
            matches!(row.change, ChangeType::OrderStatus | ChangeType::ProductionStatus)
        });
        match about {
            Some(row) => row.notes = Some(notes.clone()),
            None => rows.push(HistoryEntry {
                notes: Some(notes.clone()),
                ..because.entry(order, ChangeType::Note)
            }),
        }
    }
    rows
}

async fn tell(
    tx: &mut Connection,
    order: &Order,
    change: Change,
    because: &Because,
) -> Result<Vec<Envelope>, DbError> {
    let (now, trigger) = (because.now, because.trigger);
    let mut told = Vec::new();
    if let Some(step) = change.status {
        told.push(events::status_changed(tx, now, order, step, trigger).await?);
        if step.to == OrderStatus::Cancelled {
            told.push(events::order_cancelled(tx, now, order).await?);
        }
    }
    if let Some(step) = change.production {
        told.push(events::production_changed(tx, now, order, step, trigger).await?);
    }
    if change.details {
        told.push(events::order_updated(tx, now, order).await?);
    }
    Ok(told)
}
