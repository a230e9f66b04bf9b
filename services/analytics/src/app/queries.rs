//! What is asked of the read models.

use konveksi_db::transaction;
use konveksi_kernel::jakarta;

use super::{App, AppError};
use crate::domain::dashboard::{CHART_MONTHS, Dashboard, RECENT_ORDERS};
use crate::domain::month::Month;
use crate::store;

/// The dashboard as of now.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn dashboard(app: &App) -> Result<Dashboard, AppError> {
    let month = Month::of(jakarta::day_of(app.clock.now()));
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| {
        store::snapshot::begin(tx).await?;
        Ok(Dashboard {
            by_status: store::status_counts::list(tx).await?,
            total_revenue: store::revenue::total(tx).await?,
            by_month: store::revenue::by_month(tx, month.back(CHART_MONTHS - 1)).await?,
            month,
            recent: store::orders::list_recent(tx, RECENT_ORDERS).await?,
        })
    })
    .await
}
