//! The shop's list of stages: a handful of rows, read whole and written whole.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};

use super::schema::production_stages;
use crate::domain::stage::ShopStage;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = production_stages, check_for_backend(diesel::pg::Pg))]
struct StageRow {
    position: i16,
    code: String,
    name: String,
    days: Option<i16>,
}

/// The list, first to last.
pub(crate) async fn list(conn: &mut Connection) -> Result<Vec<ShopStage>, DbError> {
    let rows: Vec<StageRow> = production_stages::table
        .select(StageRow::as_select())
        .order(production_stages::position)
        .load(conn)
        .await?;
    let stages =
        rows.into_iter().map(|StageRow { code, name, days, .. }| ShopStage { code, name, days });
    Ok(stages.collect())
}

/// Writes another list in its place. Of two at once the second waits and wins.
pub(crate) async fn replace(tx: &mut Connection, stages: &[ShopStage]) -> Result<(), DbError> {
    // Two lists written at once must not be mixed: deleting locks only rows that are there.
    diesel::sql_query("LOCK TABLE production_stages IN SHARE ROW EXCLUSIVE MODE")
        .execute(tx)
        .await?;
    diesel::delete(production_stages::table).execute(tx).await?;
    let rows: Vec<StageRow> = (1..)
        .zip(stages)
        .map(|(position, stage)| StageRow {
            position,
            code: stage.code.clone(),
            name: stage.name.clone(),
            days: stage.days,
        })
        .collect();
    diesel::insert_into(production_stages::table).values(rows).execute(tx).await?;
    Ok(())
}
