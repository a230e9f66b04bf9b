//! One effect for all requests that share a key.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use konveksi_db::{Connection, DbError, transaction, with_lock_timeout};
use konveksi_kernel::CustomerId;
use konveksi_web::Problem;
use serde_json::Value;
use thiserror::Error;

use crate::{RequestKey, store};

/// How long a request waits for another with its key.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);

/// What a request did, as its caller is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// A success: 200, 201 or 202.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
    /// The customer whose erasure must take the stored answer too.
    pub customer_id: Option<CustomerId>,
}

/// An answer, and whether it is that of an earlier request.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The status.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
    /// Whether nothing was done this time.
    pub replayed: bool,
}

impl Outcome {
    /// The answer as it goes out; says so when it is that of an earlier request.
    pub fn respond(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.replayed {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        response.json(&self.body)
    }
}

/// Why a key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// It was used for something else.
    #[error("the idempotency key was used for another request")]
    Reused,
    /// The request it belongs to is still under way.
    #[error("a request with this idempotency key is under way")]
    Busy,
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Problem {
        match refused {
            Refused::Reused => Problem::bad_request(
                "IDEMPOTENCY_KEY_REUSED",
                "Idempotency-Key sudah dipakai untuk permintaan lain.",
                refused.to_string(),
            ),
            Refused::Busy => Problem::new(
                StatusCode::CONFLICT,
                "IDEMPOTENCY_KEY_BUSY",
                "Permintaan yang sama sedang diproses. Silakan coba lagi sebentar lagi.",
                refused.to_string(),
            )
            .with_retry_after(1),
        }
    }
}

/// Does `work` in one transaction; with a key, once for all requests that share it. The answer is
/// kept for `keep`.
///
/// # Errors
/// [`Refused`] as the caller's error, and what `work` refuses; a refused request leaves its key
/// free.
pub async fn once<E>(
    conn: &mut Connection,
    key: Option<&RequestKey>,
    now: DateTime<Utc>,
    keep: TimeDelta,
    work: impl AsyncFnOnce(&mut Connection) -> Result<Answer, E>,
) -> Result<Outcome, E>
where
    E: From<DbError> + From<Refused>,
{
    transaction(conn, async |tx| {
        if let Some(key) = key
            && let Some(earlier) = earlier::<E>(tx, key, now).await?
        {
            return Ok(earlier);
        }
        let answer = work(tx).await?;
        if let Some(key) = key {
            store::insert(tx, key, &answer, now, now + keep).await?;
        }
        Ok(Outcome { status: answer.status, body: answer.body, replayed: false })
    })
    .await
}

/// The answer to an earlier request with this key, once no other request with it is under way.
async fn earlier<E>(
    tx: &mut Connection,
    key: &RequestKey,
    now: DateTime<Utc>,
) -> Result<Option<Outcome>, E>
where
    E: From<DbError> + From<Refused>,
{
    with_lock_timeout(tx, LOCK_TIMEOUT).await?;
    match store::lock(tx, key).await {
        Ok(()) => {}
        Err(DbError::Contended(_)) => return Err(Refused::Busy.into()),
        Err(error) => return Err(error.into()),
    }
    match store::find(tx, key, now).await? {
        None => Ok(None),
        Some(stored) if stored.fingerprint == key.fingerprint => {
            let status = u16::try_from(stored.status).ok();
            let status = status.and_then(|status| StatusCode::from_u16(status).ok());
            let status =
                status.ok_or_else(|| DbError::Corrupt("idempotency: status".to_owned()))?;
            Ok(Some(Outcome { status, body: stored.body, replayed: true }))
        }
        Some(_) => Err(Refused::Reused.into()),
    }
}
