//! Events that wait for another try, or for a person.

use chrono::{DateTime, Utc};
use diesel::OptionalExtension as _;
use diesel::sql_types::{Binary, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};
use uuid::Uuid;

use crate::envelope::{Attributes, Envelope};

/// What is to be kept about an event that could not be handled.
pub(crate) struct Failure<'a> {
    pub(crate) consumer: &'a str,
    pub(crate) envelope: &'a Envelope,
    pub(crate) now: DateTime<Utc>,
    /// When to try again; `None` parks it.
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) error: &'a str,
}

/// Keeps an event for later. A copy that comes again while it waits changes nothing.
pub(crate) async fn keep(tx: &mut Connection, failure: &Failure<'_>) -> Result<(), DbError> {
    const KEEP: &str = "
        INSERT INTO inbox_retry (consumer, message_id, event_type, body, headers, received_at,
                                 due_at, attempts, last_error, parked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)
        ON CONFLICT DO NOTHING";
    let attributes = &failure.envelope.attributes;
    let headers = serde_json::to_value(attributes).unwrap_or_default();
    let parked_at = failure.due_at.is_none().then_some(failure.now);
    kept(KEEP)
        .bind::<Text, _>(failure.consumer)
        .bind::<SqlUuid, _>(attributes.id.as_uuid())
        .bind::<Text, _>(&attributes.event_type)
        .bind::<Binary, _>(&failure.envelope.body)
        .bind::<Jsonb, _>(headers)
        .bind::<Timestamptz, _>(failure.now)
        .bind::<Timestamptz, _>(failure.due_at.unwrap_or(failure.now))
        .bind::<Text, _>(failure.error)
        .bind::<Nullable<Timestamptz>, _>(parked_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// An event that is due for another try.
#[derive(Debug)]
pub(crate) struct Due {
    pub(crate) id: Uuid,
    /// The event, or why the stored attributes cannot be read.
    pub(crate) envelope: Result<Envelope, String>,
    /// Tries so far.
    pub(crate) attempts: i32,
}

#[derive(diesel::QueryableByName)]
struct DueRow {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    headers: serde_json::Value,
    #[diesel(sql_type = Integer)]
    attempts: i32,
}

/// Locks the event that has been due longest and that no other worker holds.
pub(crate) async fn claim(
    tx: &mut Connection,
    consumer: &str,
    now: DateTime<Utc>,
) -> Result<Option<Due>, DbError> {
    const CLAIM: &str = "
        SELECT message_id, body, headers, attempts FROM inbox_retry
        WHERE consumer = $1 AND parked_at IS NULL AND due_at <= $2
        ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED";
    let row: Option<DueRow> = kept(CLAIM)
        .bind::<Text, _>(consumer)
        .bind::<Timestamptz, _>(now)
        .get_result(tx)
        .await
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let envelope = serde_json::from_value::<Attributes>(row.headers)
        .map(|attributes| Envelope { attributes, body: row.body })
        .map_err(|error| format!("the stored attributes cannot be read: {error}"));
    Ok(Some(Due { id: row.message_id, envelope, attempts: row.attempts }))
}

/// Forgets an event that has had its effect.
pub(crate) async fn remove(
    tx: &mut Connection,
    consumer: &str,
    message: Uuid,
) -> Result<(), DbError> {
    const REMOVE: &str = "DELETE FROM inbox_retry WHERE consumer = $1 AND message_id = $2";
    kept(REMOVE).bind::<Text, _>(consumer).bind::<SqlUuid, _>(message).execute(tx).await?;
    Ok(())
}

/// What came of a try that failed.
pub(crate) struct FailedTry<'a> {
    pub(crate) consumer: &'a str,
    pub(crate) id: Uuid,
    /// Tries before this one, as the worker saw them: if somebody else changed the row since,
    /// theirs stands.
    pub(crate) attempts: i32,
    pub(crate) now: DateTime<Utc>,
    /// When to try again; `None` parks it.
    pub(crate) due_at: Option<DateTime<Utc>>,
    pub(crate) error: &'a str,
}

/// Notes that another try failed.
pub(crate) async fn failed_again(
    conn: &mut Connection,
    failed: &FailedTry<'_>,
) -> Result<(), DbError> {
    const FAILED: &str = "
        UPDATE inbox_retry SET attempts = attempts + 1, last_error = $4,
            due_at = COALESCE($5, due_at),
            parked_at = CASE WHEN $5 IS NULL THEN $6 END
        WHERE consumer = $1 AND message_id = $2 AND attempts = $3 AND parked_at IS NULL";
    kept(FAILED)
        .bind::<Text, _>(failed.consumer)
        .bind::<SqlUuid, _>(failed.id)
        .bind::<Integer, _>(failed.attempts)
        .bind::<Text, _>(failed.error)
        .bind::<Nullable<Timestamptz>, _>(failed.due_at)
        .bind::<Timestamptz, _>(failed.now)
        .execute(conn)
        .await?;
    Ok(())
}
