//! Requests that may be sent again: the answer is stored in the transaction of what they did
//! (`settled.md` 27).

use std::time::Duration;

use konveksi_db::{Connection, DbError, transaction, with_lock_timeout};
use konveksi_kernel::CustomerId;
use serde_json::Value;

use super::{App, AppError};
use crate::store;
use crate::store::requests::Request;

/// How long a request waits for another with its key.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer is kept, in hours.
const KEPT_HOURS: i64 = 24;

/// What makes a request the same as an earlier one.
#[derive(Debug, Clone)]
pub(crate) struct RequestKey {
    /// Caller, route and the caller's own key.
    pub(crate) key: String,
    /// Fingerprint of what was asked.
    pub(crate) hash: String,
}

/// What a request did: its answer, and whose data is in it.
pub(crate) struct Done {
    /// The answer as it goes out.
    pub(crate) answer: Value,
    /// The customer whose erasure must take the answer too.
    pub(crate) customer_id: Option<CustomerId>,
}

/// An answer, and whether it is that of an earlier request.
pub(crate) struct Outcome {
    /// The answer as it goes out.
    pub(crate) answer: Value,
    /// Whether nothing was done this time.
    pub(crate) replayed: bool,
}

/// Does `work` in one transaction; with a key, once for all requests that share it.
///
/// # Errors
/// [`AppError::KeyReused`], [`AppError::KeyBusy`] and what `work` refuses; a refused request leaves
/// its key free.
pub(crate) async fn once(
    app: &App,
    key: Option<&RequestKey>,
    work: impl AsyncFnOnce(&mut Connection) -> Result<Done, AppError>,
) -> Result<Outcome, AppError> {
    let mut conn = app.pool.get().await?;
    let outcome = transaction(&mut conn, async |tx| {
        if let Some(key) = key
            && let Some(answer) = earlier(tx, key).await?
        {
            return Ok(Outcome { answer, replayed: true });
        }
        let Done { answer, customer_id } = work(tx).await?;
        if let Some(RequestKey { key, hash }) = key {
            let now = app.clock.now();
            let request = Request { key, hash, answer: &answer, customer_id };
            store::requests::insert(tx, &request, now).await?;
        }
        Ok::<_, AppError>(Outcome { answer, replayed: false })
    })
    .await?;
    if !outcome.replayed {
        app.committed();
    }
    Ok(outcome)
}

/// The answer to an earlier request with this key, once no other request with it is under way.
async fn earlier(tx: &mut Connection, key: &RequestKey) -> Result<Option<Value>, AppError> {
    with_lock_timeout(tx, LOCK_TIMEOUT).await?;
    store::requests::lock(tx, &key.key).await.map_err(|error| match error {
        DbError::Contended(_) => AppError::KeyBusy,
        other => AppError::Db(other),
    })?;
    match store::requests::find(tx, &key.key).await? {
        None => Ok(None),
        Some((hash, answer)) if hash == key.hash => Ok(Some(answer)),
        Some(_) => Err(AppError::KeyReused),
    }
}

/// Forgets answers that are older than a day.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn forget_requests(app: &App) -> Result<(), AppError> {
    let before = app.clock.now() - chrono::Duration::hours(KEPT_HOURS);
    let mut conn = app.pool.get().await?;
    store::requests::delete_before(&mut conn, before).await?;
    Ok(())
}
