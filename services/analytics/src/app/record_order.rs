//! Keeps what is known of an order, and the counts with it.

use konveksi_db::{Connection, DbError};

use crate::domain::order_fact::OrderFact;
use crate::domain::status::OrderStatus;
use crate::store;

/// Notes `told` unless something newer is known, and moves the order between the status counts,
/// all within `tx`.
pub(crate) async fn record_order(tx: &mut Connection, told: &OrderFact) -> Result<(), DbError> {
    let known = match store::orders::find_for_update(tx, told.order_id).await? {
        Some(known) => known,
        None if store::orders::insert_if_absent(tx, told).await? => {
            return shift(tx, None, told.counted_as()).await;
        }
        // Another transaction told of the order first and has committed by now.
        None => store::orders::find_for_update(tx, told.order_id)
            .await?
            .ok_or_else(|| DbError::Corrupt(format!("order {} vanished", told.order_id)))?,
    };
    if !told.supersedes(&known) {
        return Ok(());
    }
    store::orders::replace(tx, told).await?;
    shift(tx, known.counted_as(), told.counted_as()).await
}

async fn shift(
    tx: &mut Connection,
    from: Option<OrderStatus>,
    to: Option<OrderStatus>,
) -> Result<(), DbError> {
    if from == to {
        return Ok(());
    }
    let mut steps: Vec<(OrderStatus, i64)> =
        from.map(|status| (status, -1)).into_iter().chain(to.map(|status| (status, 1))).collect();
    // Always in the same order, so that two transactions cannot wait for each other's rows here.
    steps.sort();
    for (status, orders) in steps {
        store::status_counts::add(tx, status, orders).await?;
    }
    Ok(())
}
