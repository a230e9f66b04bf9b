//! How many orders stand in each status.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, KeepPlan as _};

use super::schema::status_counts;
use crate::domain::status::OrderStatus;

/// Counts one order more (or, with -1, fewer) in `status`.
pub(crate) async fn add(
    tx: &mut Connection,
    status: OrderStatus,
    orders: i64,
) -> Result<(), DbError> {
    diesel::update(status_counts::table.find(status.as_wire()))
        .set(status_counts::orders.eq(status_counts::orders + orders))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// Every status with its number of orders.
pub(crate) async fn list(conn: &mut Connection) -> Result<BTreeMap<OrderStatus, u64>, DbError> {
    let rows: Vec<(String, i64)> = status_counts::table
        .select((status_counts::status, status_counts::orders))
        .load(conn)
        .await?;
    rows.into_iter()
        .map(|(text, orders)| {
            let status = OrderStatus::from_wire(&text);
            let orders = u64::try_from(orders).ok();
            status.zip(orders).ok_or_else(|| DbError::Corrupt(format!("count of {text}")))
        })
        .collect()
}
