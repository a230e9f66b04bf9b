//! The stages of an order and what came out of them.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::OrderId;
use uuid::Uuid;

use super::schema::{order_stage_counts, order_stages};
use crate::domain::making::{Count, Lot, Making, StageWork};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_stages, check_for_backend(diesel::pg::Pg))]
struct StageRow {
    order_id: Uuid,
    position: i16,
    code: String,
    name: String,
    due_on: Option<NaiveDate>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = order_stage_counts, check_for_backend(diesel::pg::Pg))]
struct CountRow {
    order_id: Uuid,
    position: i16,
    item: i16,
    size: String,
    good: i32,
    reject: i32,
}

/// How far an order of these lots is made. The caller holds the order when it means to change it.
pub(crate) async fn of_order(
    conn: &mut Connection,
    order_id: OrderId,
    lots: Vec<Lot>,
) -> Result<Making, DbError> {
    let id = order_id.as_uuid();
    let rows: Vec<StageRow> = order_stages::table
        .filter(order_stages::order_id.eq(id))
        .select(StageRow::as_select())
        .order(order_stages::position)
        .load(conn)
        .await?;
    if rows.is_empty() {
        return Ok(Making::new(lots, Vec::new()));
    }
    let counts: Vec<CountRow> = order_stage_counts::table
        .filter(order_stage_counts::order_id.eq(id))
        .select(CountRow::as_select())
        .load(conn)
        .await?;
    let count_of = |position: i16, lot: &Lot| {
        counts
            .iter()
            .find(|row| row.position == position && row.item == lot.item && row.size == lot.size)
            .map_or_else(Count::default, |row| Count { good: row.good, reject: row.reject })
    };
    let stages = rows
        .into_iter()
        .map(|row| StageWork {
            counts: lots.iter().map(|lot| count_of(row.position, lot)).collect(),
            code: row.code,
            name: row.name,
            due_on: row.due_on,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
        .collect();
    Ok(Making::new(lots, stages))
}

/// Whether anything was ever counted of an order.
pub(crate) async fn is_begun(conn: &mut Connection, order_id: OrderId) -> Result<bool, DbError> {
    let counted = order_stage_counts::table
        .filter(order_stage_counts::order_id.eq(order_id.as_uuid()))
        .filter(order_stage_counts::good.gt(0).or(order_stage_counts::reject.gt(0)));
    Ok(diesel::select(diesel::dsl::exists(counted)).get_result(conn).await?)
}

/// Writes other stages in the place of an order's: only while nothing was counted.
pub(crate) async fn replace_stages(
    tx: &mut Connection,
    order_id: OrderId,
    stages: &[StageWork],
) -> Result<(), DbError> {
    let id = order_id.as_uuid();
    diesel::delete(order_stages::table.filter(order_stages::order_id.eq(id))).execute(tx).await?;
    let rows = stage_rows(id, stages);
    diesel::insert_into(order_stages::table).values(rows).execute(tx).await?;
    Ok(())
}

/// Writes where the stages of an order stand and what they counted.
pub(crate) async fn update(
    tx: &mut Connection,
    order_id: OrderId,
    making: &Making,
) -> Result<(), DbError> {
    let id = order_id.as_uuid();
    diesel::insert_into(order_stages::table)
        .values(stage_rows(id, making.stages()))
        .on_conflict((order_stages::order_id, order_stages::position))
        .do_update()
        .set((
            order_stages::due_on.eq(excluded(order_stages::due_on)),
            order_stages::started_at.eq(excluded(order_stages::started_at)),
            order_stages::finished_at.eq(excluded(order_stages::finished_at)),
        ))
        .execute(tx)
        .await?;
    let counts = count_rows(id, making);
    if counts.is_empty() {
        return Ok(());
    }
    diesel::insert_into(order_stage_counts::table)
        .values(counts)
        .on_conflict((
            order_stage_counts::order_id,
            order_stage_counts::position,
            order_stage_counts::item,
            order_stage_counts::size,
        ))
        .do_update()
        .set((
            order_stage_counts::good.eq(excluded(order_stage_counts::good)),
            order_stage_counts::reject.eq(excluded(order_stage_counts::reject)),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

fn stage_rows(order_id: Uuid, stages: &[StageWork]) -> Vec<StageRow> {
    (1..)
        .zip(stages)
        .map(|(position, stage)| StageRow {
            order_id,
            position,
            code: stage.code.clone(),
            name: stage.name.clone(),
            due_on: stage.due_on,
            started_at: stage.started_at,
            finished_at: stage.finished_at,
        })
        .collect()
}

/// Rows of stages that were begun; one that was not has nothing to say.
fn count_rows(order_id: Uuid, making: &Making) -> Vec<CountRow> {
    let begun = (1..).zip(making.stages()).filter(|(_, stage)| stage.started_at.is_some());
    begun
        .flat_map(|(position, stage)| {
            making.lots().iter().zip(&stage.counts).map(move |(lot, count)| CountRow {
                order_id,
                position,
                item: lot.item,
                size: lot.size.clone(),
                good: count.good,
                reject: count.reject,
            })
        })
        .collect()
}
