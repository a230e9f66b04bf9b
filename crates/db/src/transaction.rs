//! One transaction around one use case.

use std::time::Duration;

use diesel_async::{RunQueryDsl as _, TransactionManager as _};

use crate::{Connection, DbError, kept};

type Manager = <Connection as diesel_async::AsyncConnection>::TransactionManager;

/// Runs `work` in one transaction: commits when it answers `Ok`, rolls back when it answers `Err`.
/// If the caller goes away in between, the connection is closed and PostgreSQL rolls back.
///
/// # Errors
/// What `work` answers, or a [`DbError`] from begin or commit turned into the caller's error.
/// After an error from the commit itself it is not known whether the change was kept.
pub async fn transaction<T, E, F>(conn: &mut Connection, work: F) -> Result<T, E>
where
    F: AsyncFnOnce(&mut Connection) -> Result<T, E>,
    E: From<DbError>,
{
    Manager::begin_transaction(conn).await.map_err(DbError::from)?;
    match work(conn).await {
        Ok(value) => {
            Manager::commit_transaction(conn).await.map_err(DbError::from)?;
            Ok(value)
        }
        Err(error) => {
            // The work's own error says more than a failed rollback; a connection that could not
            // roll back is not reused, the pool sees its state.
            if let Err(rollback) = Manager::rollback_transaction(conn).await {
                tracing::warn!(error = %rollback, "could not roll back, closing the connection");
            }
            Err(error)
        }
    }
}

/// Waits until no other transaction holds `name`, and holds it until this one ends: for what must
/// not happen twice at once and has no row to lock.
///
/// # Errors
/// [`DbError::Contended`] when the other one takes too long.
pub async fn hold_name(tx: &mut Connection, name: &str) -> Result<(), DbError> {
    kept("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind::<diesel::sql_types::Text, _>(name)
        .execute(tx)
        .await?;
    Ok(())
}

/// Bounds how long statements of the current transaction wait for a lock.
///
/// # Errors
/// [`DbError`] when the setting cannot be made.
pub async fn with_lock_timeout(tx: &mut Connection, limit: Duration) -> Result<(), DbError> {
    kept("SELECT set_config('lock_timeout', $1, true)")
        .bind::<diesel::sql_types::Text, _>(format!("{}ms", limit.as_millis()))
        .execute(tx)
        .await?;
    Ok(())
}
