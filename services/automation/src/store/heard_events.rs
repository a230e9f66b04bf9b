//! The log of heard events.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel::{ExpressionMethods as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{EventId, OrderId, Page};
use uuid::Uuid;

use super::schema::heard_events;
use crate::domain::heard_event::HeardEvent;

#[derive(diesel::Queryable, diesel::Selectable, diesel::Insertable)]
#[diesel(table_name = heard_events)]
struct HeardRow {
    event_id: Uuid,
    event_type: String,
    subject_id: Uuid,
    subject_version: i64,
    occurred_at: DateTime<Utc>,
    heard_at: DateTime<Utc>,
    order_id: Option<Uuid>,
    order_code: Option<String>,
}

impl From<&HeardEvent> for HeardRow {
    fn from(heard: &HeardEvent) -> HeardRow {
        HeardRow {
            event_id: heard.event_id.as_uuid(),
            event_type: heard.event_type.clone(),
            subject_id: heard.subject_id,
            subject_version: heard.subject_version,
            occurred_at: heard.occurred_at,
            heard_at: heard.heard_at,
            order_id: heard.order_id.map(|id| id.as_uuid()),
            order_code: heard.order_code.clone(),
        }
    }
}

impl From<HeardRow> for HeardEvent {
    fn from(row: HeardRow) -> HeardEvent {
        HeardEvent {
            event_id: EventId::from_uuid(row.event_id),
            event_type: row.event_type,
            subject_id: row.subject_id,
            subject_version: row.subject_version,
            occurred_at: row.occurred_at,
            heard_at: row.heard_at,
            order_id: row.order_id.map(OrderId::from_uuid),
            order_code: row.order_code,
        }
    }
}

/// Notes an event; one that is noted already changes nothing (the inbox forgets sooner than the
/// log does, so a replay may bring it again).
pub(crate) async fn insert(tx: &mut Connection, heard: &HeardEvent) -> Result<(), DbError> {
    diesel::insert_into(heard_events::table)
        .values(HeardRow::from(heard))
        .on_conflict_do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// One page of the log, newest first, of one type if given.
pub(crate) async fn list_page(
    conn: &mut Connection,
    event_type: Option<&str>,
    page: Page,
) -> Result<Vec<HeardEvent>, DbError> {
    let mut query = heard_events::table.select(HeardRow::as_select()).into_boxed();
    if let Some(event_type) = event_type {
        query = query.filter(heard_events::event_type.eq(event_type.to_owned()));
    }
    let rows: Vec<HeardRow> = query
        .order((heard_events::occurred_at.desc(), heard_events::event_id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(HeardEvent::from).collect())
}

/// How many entries there are, of one type if given.
pub(crate) async fn count(conn: &mut Connection, event_type: Option<&str>) -> Result<i64, DbError> {
    let mut query = heard_events::table.into_boxed();
    if let Some(event_type) = event_type {
        query = query.filter(heard_events::event_type.eq(event_type.to_owned()));
    }
    Ok(query.count().get_result(conn).await?)
}

/// Deletes up to `limit` entries heard before `before`, oldest first; answers how many.
pub(crate) async fn delete_older(
    conn: &mut Connection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<usize, DbError> {
    const DELETE: &str = "
        DELETE FROM heard_events WHERE event_id IN (
            SELECT event_id FROM heard_events WHERE heard_at < $1
            ORDER BY heard_at LIMIT $2 FOR UPDATE SKIP LOCKED)";
    Ok(diesel::sql_query(DELETE)
        .bind::<Timestamptz, _>(before)
        .bind::<BigInt, _>(limit)
        .execute(conn)
        .await?)
}
