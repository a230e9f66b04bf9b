//! What changed since lists were counted last, put into their counts.

use konveksi_db::transaction;

use super::{App, AppError};
use crate::store;

/// Changes folded at once.
const BATCH: i64 = 5_000;

/// Folds waiting changes; answers how many.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn fold_list_counts(app: &App) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    let folded = transaction(&mut conn, async |tx| {
        Ok::<_, AppError>(store::list_counts::fold(tx, BATCH).await?)
    })
    .await?;
    Ok(usize::try_from(folded).unwrap_or(usize::MAX))
}
