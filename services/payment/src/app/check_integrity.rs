//! Looks for anything in the books that cannot be.

use chrono::{DateTime, Utc};
use konveksi_db::transaction;

use super::{App, AppError};
use crate::store;
pub(crate) use crate::store::integrity::Checked;

/// Everything that was checked, and when.
#[derive(Debug, Clone)]
pub(crate) struct Integrity {
    /// When.
    pub(crate) checked_at: DateTime<Utc>,
    /// Each check.
    pub(crate) checks: Vec<Checked>,
}

impl Integrity {
    /// Whether nothing is broken.
    pub(crate) fn is_sound(&self) -> bool {
        self.checks.iter().all(|check| check.breaches == 0)
    }
}

/// Runs every check. A breach is logged as an error too: somebody has to act.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn check_integrity(app: &App) -> Result<Integrity, AppError> {
    let mut conn = app.pool.get().await?;
    let checks =
        transaction(&mut conn, async |tx| Ok::<_, AppError>(store::integrity::check(tx).await?))
            .await?;
    for check in checks.iter().filter(|check| check.breaches > 0) {
        tracing::error!(check = check.name, breaches = check.breaches, "the books are broken");
    }
    Ok(Integrity { checked_at: app.clock.now(), checks })
}
