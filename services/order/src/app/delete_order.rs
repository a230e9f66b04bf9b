//! Staff delete an order. It stays in the table, out of every list.

use konveksi_db::transaction;
use konveksi_kernel::OrderId;

use super::queries::get_for_update;
use super::record::touch;
use super::{Acting, App, AppError, Expected};
use crate::domain::history::{ChangeType, HistoryEntry};
use crate::{events, store};

/// Deletes the order.
///
/// # Errors
/// [`AppError::OrderNotFound`], also when it was deleted already; [`AppError::Stale`];
/// [`AppError::Db`].
pub(crate) async fn delete_order(
    app: &App,
    id: OrderId,
    expected: &Expected,
    acting: &Acting,
) -> Result<(), AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        let mut order = get_for_update(tx, id).await?;
        expected.check(&order)?;
        touch(&mut order, now);
        order.deleted_at = Some(order.updated_at);
        store::orders::update(tx, &order).await?;
        let entry = HistoryEntry {
            actor: acting.name.clone(),
            ..HistoryEntry::new(order.id, ChangeType::Deleted, acting.trigger, now)
        };
        store::history::insert(tx, &[entry]).await?;
        events::order_deleted(tx, now, &order).await?;
        Ok::<_, AppError>(())
    })
    .await?;
    app.wake.relay();
    Ok(())
}
