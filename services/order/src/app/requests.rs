//! Requests that may be sent again (`settled.md` 27).

use chrono::TimeDelta;
use konveksi_db::Connection;
use konveksi_idempotency::{Answer, Outcome, RequestKey};

use super::{App, AppError};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);

/// Does `work` in one transaction; with a key, once for all requests that share it.
///
/// # Errors
/// [`AppError::Key`] and what `work` refuses.
pub(crate) async fn once(
    app: &App,
    key: Option<&RequestKey>,
    work: impl AsyncFnOnce(&mut Connection) -> Result<Answer, AppError>,
) -> Result<Outcome, AppError> {
    let mut conn = app.pool.get().await?;
    let now = app.clock.now();
    let outcome = konveksi_idempotency::once(&mut conn, key, now, KEPT, work).await?;
    if !outcome.replayed {
        app.wake.relay();
    }
    Ok(outcome)
}

/// Forgets answers whose time is over; answers how many.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn forget_requests(app: &App) -> Result<i64, AppError> {
    let mut conn = app.pool.get().await?;
    let forgotten = konveksi_idempotency::forget(&mut conn, app.clock.now()).await?;
    Ok(i64::try_from(forgotten).unwrap_or(i64::MAX))
}
