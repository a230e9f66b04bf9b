//! Removes the bytes of files that nobody may have.

use chrono::Duration;
use konveksi_kernel::FileId;

use super::{App, AppError};
use crate::store;

/// How long an upload may take and a draft may wait for its order.
const UNCLAIMED_HOURS: i64 = 24;
/// Files looked at in one go.
const BATCH: i64 = 100;

/// Discards uploads that never finished and drafts no order claimed for a day, and removes the
/// bytes of everything rejected or discarded; answers how many files that were. Any number of
/// replicas may do so at once: each step may be done twice.
///
/// # Errors
/// [`AppError::Db`], [`AppError::Vault`]; what was done stays done.
pub(crate) async fn purge_files(app: &App) -> Result<usize, AppError> {
    let before = app.clock.now() - Duration::hours(UNCLAIMED_HOURS);
    let mut conn = app.pool.get().await?;
    let mut purged = 0;
    loop {
        let discarded = store::files::discard_unclaimed(&mut conn, before, BATCH).await?;
        let due = store::files::list_to_purge(&mut conn, BATCH).await?;
        if discarded == 0 && due.is_empty() {
            return Ok(purged);
        }
        for file in due {
            purge(app, file.id, &file.storage_key).await?;
            purged += 1;
        }
    }
}

/// Removes the bytes of one rejected or discarded file, and then the row of a discarded one: the
/// other way round a crash would leave bytes that no row knows.
///
/// # Errors
/// [`AppError::Db`], [`AppError::Vault`].
pub(crate) async fn purge(app: &App, id: FileId, storage_key: &str) -> Result<(), AppError> {
    app.vault.remove(storage_key).await?;
    let mut conn = app.pool.get().await?;
    store::files::mark_purged(&mut conn, id, app.clock.now()).await?;
    store::files::delete_discarded(&mut conn, id).await?;
    Ok(())
}
