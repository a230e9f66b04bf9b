//! What has to be done now and then, by whichever replica comes first.

use konveksi_db::transaction;

use super::{App, AppError};
use crate::store;

/// Changes folded in one transaction.
const AT_ONCE: i64 = 5_000;

/// Folds waiting changes into the roll-ups; answers how many.
///
/// # Errors
/// [`AppError::Db`]; nothing is lost, the next call folds them.
pub(crate) async fn fold_changes(app: &App) -> Result<i64, AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| Ok(store::rollups::fold(tx, AT_ONCE).await?)).await
}
