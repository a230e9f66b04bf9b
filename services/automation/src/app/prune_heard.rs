//! Lets old entries of the log go.

use chrono::Duration;

use super::{App, AppError};
use crate::store;

/// Entries deleted in one statement, so that none runs long.
const BATCH: i64 = 5_000;

/// Deletes every entry heard longer than `keep` ago, in batches; answers how many.
///
/// # Errors
/// [`AppError::Db`]; batches before it stay deleted.
pub(crate) async fn prune_heard(app: &App, keep: Duration) -> Result<usize, AppError> {
    let before = app.clock.now() - keep;
    let mut conn = app.pool.get().await?;
    let mut pruned = 0;
    loop {
        match store::heard_events::delete_older(&mut conn, before, BATCH).await? {
            0 => return Ok(pruned),
            deleted => pruned += deleted,
        }
    }
}
