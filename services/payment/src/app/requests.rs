//! Requests that may be sent again (`settled.md` 27). Money's answers are kept for seven days.

use chrono::TimeDelta;
use konveksi_db::Connection;
use konveksi_idempotency::{Answer, Outcome, RequestKey};

use super::{App, AppError};
use crate::kill;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Does `work` in one transaction; with a key, once for all requests that share it. Workers and
/// the relay are woken when it did something.
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
    let work = async |tx: &mut Connection| {
        let answer = work(tx).await?;
        kill::point("request_done");
        Ok::<_, AppError>(answer)
    };
    let outcome = konveksi_idempotency::once(&mut conn, key, now, KEPT, work).await?;
    kill::point("request_committed");
    if !outcome.replayed {
        app.wake.relay();
        app.work.links();
    }
    Ok(outcome)
}

/// Forgets answers whose time is over; answers how many.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn forget_requests(app: &App) -> Result<usize, AppError> {
    let mut conn = app.pool.get().await?;
    Ok(konveksi_idempotency::forget(&mut conn, app.clock.now()).await?)
}
