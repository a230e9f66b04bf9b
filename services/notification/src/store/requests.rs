//! Answers to requests that carried an `Idempotency-Key`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::CustomerId;
use serde_json::Value;

use super::schema::requests;

/// A request that was answered.
pub(crate) struct Request<'a> {
    /// What it shares with its repetitions.
    pub(crate) key: &'a str,
    /// Fingerprint of what was asked.
    pub(crate) hash: &'a str,
    /// The answer.
    pub(crate) answer: &'a Value,
    /// Whose data the answer holds.
    pub(crate) customer_id: Option<CustomerId>,
}

/// Holds `key` until the transaction ends, so that of two equal requests one waits.
///
/// # Errors
/// [`DbError::Contended`] when the other one takes too long.
pub(crate) async fn lock(tx: &mut Connection, key: &str) -> Result<(), DbError> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
        .bind::<Text, _>(key)
        .execute(tx)
        .await?;
    Ok(())
}

/// Fingerprint and answer of the request that had `key`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(
    conn: &mut Connection,
    key: &str,
) -> Result<Option<(String, Value)>, DbError> {
    let found = requests::table
        .find(key)
        .select((requests::hash, requests::answer))
        .first(conn)
        .await
        .optional()?;
    Ok(found)
}

/// Stores an answer.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(
    tx: &mut Connection,
    request: &Request<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::insert_into(requests::table)
        .values((
            requests::key.eq(request.key),
            requests::hash.eq(request.hash),
            requests::answer.eq(request.answer),
            requests::customer_id.eq(request.customer_id.map(|id| id.as_uuid())),
            requests::created_at.eq(now),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes every answer that holds a customer's data.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn erase(tx: &mut Connection, customer_id: CustomerId) -> Result<(), DbError> {
    let theirs = requests::table.filter(requests::customer_id.eq(customer_id.as_uuid()));
    diesel::delete(theirs).execute(tx).await?;
    Ok(())
}

/// Deletes the answers given before `before`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn delete_before(
    conn: &mut Connection,
    before: DateTime<Utc>,
) -> Result<(), DbError> {
    let old = requests::table.filter(requests::created_at.lt(before));
    diesel::delete(old).execute(conn).await?;
    Ok(())
}
