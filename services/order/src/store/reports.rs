//! What the floor reported, as it was said; only added to.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{OrderId, Page};
use uuid::Uuid;

use super::schema::production_reports;
use crate::domain::report::{Report, ReportKind};

#[derive(Queryable, Selectable)]
#[diesel(table_name = production_reports, check_for_backend(diesel::pg::Pg))]
struct ReportRow {
    id: Uuid,
    order_id: Uuid,
    kind: String,
    stage: String,
    back_to: Option<String>,
    item: i16,
    size: String,
    good: i32,
    reject: i32,
    notes: Option<String>,
    actor: Option<String>,
    created_at: DateTime<Utc>,
}

impl TryFrom<ReportRow> for Report {
    type Error = DbError;

    fn try_from(row: ReportRow) -> Result<Report, DbError> {
        let kind = ReportKind::from_wire(&row.kind)
            .ok_or_else(|| DbError::Corrupt(format!("production_reports {}: kind", row.id)))?;
        Ok(Report {
            id: row.id,
            order_id: OrderId::from_uuid(row.order_id),
            kind,
            stage: row.stage,
            back_to: row.back_to,
            item: row.item,
            size: row.size,
            good: row.good,
            reject: row.reject,
            notes: row.notes,
            actor: row.actor,
            created_at: row.created_at,
        })
    }
}

/// Adds reports.
pub(crate) async fn insert(tx: &mut Connection, reports: &[Report]) -> Result<(), DbError> {
    let rows: Vec<_> = reports
        .iter()
        .map(|report| {
            (
                production_reports::id.eq(report.id),
                production_reports::order_id.eq(report.order_id.as_uuid()),
                production_reports::kind.eq(report.kind.as_wire()),
                production_reports::stage.eq(&report.stage),
                production_reports::back_to.eq(report.back_to.as_deref()),
                production_reports::item.eq(report.item),
                production_reports::size.eq(&report.size),
                production_reports::good.eq(report.good),
                production_reports::reject.eq(report.reject),
                production_reports::notes.eq(report.notes.as_deref()),
                production_reports::actor.eq(report.actor.as_deref()),
                production_reports::created_at.eq(report.created_at),
            )
        })
        .collect();
    diesel::insert_into(production_reports::table).values(rows).execute(tx).await?;
    Ok(())
}

/// One page of an order's reports, newest first.
pub(crate) async fn page(
    conn: &mut Connection,
    order_id: OrderId,
    page: Page,
) -> Result<Vec<Report>, DbError> {
    let rows: Vec<ReportRow> = production_reports::table
        .filter(production_reports::order_id.eq(order_id.as_uuid()))
        .select(ReportRow::as_select())
        .order(production_reports::seq.desc())
        .limit(page.limit())
        .offset(page.offset())
        .load(conn)
        .await?;
    rows.into_iter().map(Report::try_from).collect()
}

/// How many reports there are of an order.
pub(crate) async fn count(conn: &mut Connection, order_id: OrderId) -> Result<i64, DbError> {
    let of_order = production_reports::order_id.eq(order_id.as_uuid());
    Ok(production_reports::table.filter(of_order).count().get_result(conn).await?)
}
