//! The rows that tell what happened to an order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{EventId, Money, OrderId, Page};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::schema::status_history;
use crate::domain::history::{ChangeType, HistoryEntry, TriggerSource};

/// The most rows of one order that are read at once; a workshop's order has some dozens.
const MOST_ROWS: i64 = 1_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = status_history, check_for_backend(diesel::pg::Pg))]
struct HistoryRow {
    id: Uuid,
    order_id: Uuid,
    change_type: String,
    previous_status: Option<String>,
    new_status: Option<String>,
    trigger_source: String,
    notes: Option<String>,
    visible: bool,
    invoice_code: Option<String>,
    amount: Option<Decimal>,
    subject_id: Option<Uuid>,
    event_id: Option<Uuid>,
    actor: Option<String>,
    created_at: DateTime<Utc>,
}

impl TryFrom<HistoryRow> for HistoryEntry {
    type Error = DbError;

    fn try_from(row: HistoryRow) -> Result<HistoryEntry, DbError> {
        let corrupt = |what: &str| DbError::Corrupt(format!("status_history {}: {what}", row.id));
        Ok(HistoryEntry {
            id: row.id,
            order_id: OrderId::from_uuid(row.order_id),
            change: ChangeType::from_wire(&row.change_type)
                .ok_or_else(|| corrupt("change_type"))?,
            previous: row.previous_status,
            new: row.new_status,
            trigger: TriggerSource::from_wire(&row.trigger_source)
                .ok_or_else(|| corrupt("trigger_source"))?,
            notes: row.notes,
            visible: row.visible,
            invoice_code: row.invoice_code,
            amount: row
                .amount
                .map(Money::from_decimal)
                .transpose()
                .map_err(|_why| corrupt("amount"))?,
            subject_id: row.subject_id,
            event_id: row.event_id.map(EventId::from_uuid),
            actor: row.actor,
            created_at: row.created_at,
        })
    }
}

/// Adds rows.
pub(crate) async fn insert(tx: &mut Connection, entries: &[HistoryEntry]) -> Result<(), DbError> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                status_history::id.eq(entry.id),
                status_history::order_id.eq(entry.order_id.as_uuid()),
                status_history::change_type.eq(entry.change.as_wire()),
                status_history::previous_status.eq(entry.previous.as_deref()),
                status_history::new_status.eq(entry.new.as_deref()),
                status_history::trigger_source.eq(entry.trigger.as_wire()),
                status_history::notes.eq(entry.notes.as_deref()),
                status_history::visible.eq(entry.visible),
                status_history::invoice_code.eq(entry.invoice_code.as_deref()),
                status_history::amount.eq(entry.amount.map(Money::as_decimal)),
                status_history::subject_id.eq(entry.subject_id),
                status_history::event_id.eq(entry.event_id.map(|id| id.as_uuid())),
                status_history::actor.eq(entry.actor.as_deref()),
                status_history::created_at.eq(entry.created_at),
            )
        })
        .collect();
    diesel::insert_into(status_history::table).values(rows).execute(tx).await?;
    Ok(())
}

/// One page of what staff wrote about an order, newest first.
pub(crate) async fn notes(
    conn: &mut Connection,
    order_id: OrderId,
    page: Page,
) -> Result<Vec<HistoryEntry>, DbError> {
    let rows: Vec<HistoryRow> = status_history::table
        .filter(status_history::order_id.eq(order_id.as_uuid()))
        .filter(status_history::change_type.eq(ChangeType::Note.as_wire()))
        .select(HistoryRow::as_select())
        .order((status_history::created_at.desc(), status_history::seq.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .load(conn)
        .await?;
    rows.into_iter().map(HistoryEntry::try_from).collect()
}

/// How many notes staff wrote about an order.
pub(crate) async fn count_notes(conn: &mut Connection, order_id: OrderId) -> Result<i64, DbError> {
    let count = status_history::table
        .filter(status_history::order_id.eq(order_id.as_uuid()))
        .filter(status_history::change_type.eq(ChangeType::Note.as_wire()))
        .count()
        .get_result(conn)
        .await?;
    Ok(count)
}

/// Who last deleted each of these orders.
pub(crate) async fn deleters(
    conn: &mut Connection,
    orders: &[OrderId],
) -> Result<HashMap<OrderId, String>, DbError> {
    let ids: Vec<Uuid> = orders.iter().map(OrderId::as_uuid).collect();
    let rows: Vec<(Uuid, Option<String>)> = status_history::table
        .filter(status_history::order_id.eq_any(ids))
        .filter(status_history::change_type.eq(ChangeType::Deleted.as_wire()))
        .distinct_on(status_history::order_id)
        .select((status_history::order_id, status_history::actor))
        .order((status_history::order_id, status_history::seq.desc()))
        .load(conn)
        .await?;
    let known = rows.into_iter().filter_map(|(id, actor)| Some((OrderId::from_uuid(id), actor?)));
    Ok(known.collect())
}

/// Everything that happened to an order, oldest first; of more than can be read the newest.
pub(crate) async fn list(
    conn: &mut Connection,
    order_id: OrderId,
) -> Result<Vec<HistoryEntry>, DbError> {
    let rows: Vec<HistoryRow> = status_history::table
        .filter(status_history::order_id.eq(order_id.as_uuid()))
        .select(HistoryRow::as_select())
        .order((status_history::created_at.desc(), status_history::seq.desc()))
        .limit(MOST_ROWS)
        .load(conn)
        .await?;
    rows.into_iter().rev().map(HistoryEntry::try_from).collect()
}
