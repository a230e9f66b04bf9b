//! The shop's list of stages, as orders take it when their work begins.

use konveksi_db::transaction;

use super::{App, AppError};
use crate::domain::stage::ShopStage;
use crate::store;

/// The list, first to last.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn get_shop_stages(app: &App) -> Result<Vec<ShopStage>, AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::stages::list(&mut conn).await?)
}

/// Writes another list in its place. Orders that have their stages keep them.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn set_shop_stages(app: &App, stages: &[ShopStage]) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        store::stages::replace(tx, stages).await?;
        Ok::<_, AppError>(())
    })
    .await
}
