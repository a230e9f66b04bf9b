//! Staff bring a deleted order back. Its code and everything about it stayed.

use konveksi_db::transaction;
use konveksi_kernel::OrderId;

use super::record::{Because, record};
use super::{Acting, App, AppError, Whole};
use crate::domain::history::ChangeType;
use crate::domain::standing::Change;
use crate::store;

/// Restores the order; one that is not deleted stays as it is. It is told as `order.updated`:
/// whoever heard that it was deleted takes the newer state, and payment asks for its money again.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn restore_order(
    app: &App,
    id: OrderId,
    acting: &Acting,
) -> Result<Whole, AppError> {
    let now = app.clock.now();
    let mut conn = app.pool.get().await?;
    let whole = transaction(&mut conn, async |tx| {
        let found = store::orders::find_for_update(tx, id).await?;
        let mut order = found.ok_or(AppError::OrderNotFound(id))?;
        if order.deleted_at.take().is_some() {
            let because = Because::done_by(acting, now);
            let row = because.entry(&order, ChangeType::Restored);
            let change = Change { details: true, ..Change::default() };
            record(tx, &mut order, change, &because, vec![row]).await?;
        }
        let garments = store::garments::of_order(tx, id).await?;
        Ok::<_, AppError>(Whole { order, garments })
    })
    .await?;
    app.wake.relay();
    Ok(whole)
}
