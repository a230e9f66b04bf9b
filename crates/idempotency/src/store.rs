//! The table of answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _, hold_name, kept};
use konveksi_kernel::CustomerId;
use serde_json::Value;

use crate::{Answer, RequestKey};

diesel::table! {
    idempotency (principal, route, key) {
        principal -> Text,
        route -> Text,
        key -> Text,
        fingerprint -> Text,
        status -> Int2,
        body -> Jsonb,
        customer_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = idempotency, check_for_backend(diesel::pg::Pg))]
pub(crate) struct Stored {
    pub(crate) fingerprint: String,
    pub(crate) status: i16,
    pub(crate) body: Value,
}

/// Holds the key until the transaction ends, so that of two equal requests one waits.
///
/// # Errors
/// [`DbError::Contended`] when the other one takes too long.
pub(crate) async fn lock(tx: &mut Connection, key: &RequestKey) -> Result<(), DbError> {
    hold_name(tx, &format!("{}\n{}\n{}", key.principal, key.route, key.key)).await
}

/// The answer stored under the key, unless its time is over.
pub(crate) async fn find(
    tx: &mut Connection,
    key: &RequestKey,
    now: DateTime<Utc>,
) -> Result<Option<Stored>, DbError> {
    let found = idempotency::table
        .find((&key.principal, &key.route, &key.key))
        .filter(idempotency::expires_at.gt(now))
        .select(Stored::as_select())
        .first(tx)
        .await
        .optional()?;
    Ok(found)
}

/// Stores an answer, in the place of one whose time is over.
pub(crate) async fn insert(
    tx: &mut Connection,
    key: &RequestKey,
    answer: &Answer,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let status = i16::try_from(answer.status.as_u16()).unwrap_or(i16::MAX);
    let row = (
        idempotency::fingerprint.eq(&key.fingerprint),
        idempotency::status.eq(status),
        idempotency::body.eq(&answer.body),
        idempotency::customer_id.eq(answer.customer_id.map(|id| id.as_uuid())),
        idempotency::created_at.eq(now),
        idempotency::expires_at.eq(expires_at),
    );
    let named = (
        idempotency::principal.eq(&key.principal),
        idempotency::route.eq(&key.route),
        idempotency::key.eq(&key.key),
    );
    diesel::insert_into(idempotency::table)
        .values((named, row))
        .on_conflict((idempotency::principal, idempotency::route, idempotency::key))
        .do_update()
        .set(row)
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes every answer that holds a customer's data.
///
/// # Errors
/// [`DbError`].
pub async fn erase(tx: &mut Connection, customer_id: CustomerId) -> Result<(), DbError> {
    let theirs = idempotency::table.filter(idempotency::customer_id.eq(customer_id.as_uuid()));
    diesel::delete(theirs).execute(tx).await?;
    Ok(())
}

/// Deletes answers whose time is over, 5,000 at most; answers how many.
///
/// # Errors
/// [`DbError`].
pub async fn forget(conn: &mut Connection, now: DateTime<Utc>) -> Result<usize, DbError> {
    let forgotten = kept(
        "DELETE FROM idempotency WHERE (principal, route, key) IN (
             SELECT principal, route, key FROM idempotency WHERE expires_at <= $1
             ORDER BY expires_at LIMIT 5000 FOR UPDATE SKIP LOCKED)",
    )
    .bind::<diesel::sql_types::Timestamptz, _>(now)
    .execute(conn)
    .await?;
    Ok(forgotten)
}
