//! Outbox rows as the relay needs them: claimed, marked, put off.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, BigInt, Binary, Bool, Integer, Jsonb, Text, Timestamptz};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};
use uuid::Uuid;

use super::headers::Columns;
use crate::envelope::{Attributes, Envelope};

/// A row of the outbox or the event log.
#[derive(diesel::QueryableByName)]
pub(crate) struct StoredEvent {
    #[diesel(sql_type = BigInt)]
    pub(crate) seq: i64,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    aggregate_type: String,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    aggregate_id: Uuid,
    #[diesel(sql_type = BigInt)]
    aggregate_version: i64,
    #[diesel(sql_type = Text)]
    event_type: String,
    #[diesel(sql_type = Binary)]
    payload: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    headers: serde_json::Value,
    #[diesel(sql_type = Timestamptz)]
    occurred_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    pub(crate) attempts: i32,
}

impl StoredEvent {
    /// The event as it travels.
    ///
    /// # Errors
    /// [`DbError::Corrupt`] when the stored headers are not ours.
    pub(crate) fn into_envelope(self) -> Result<Envelope, DbError> {
        let columns = Columns {
            id: self.id,
            aggregate_type: self.aggregate_type,
            aggregate_id: self.aggregate_id,
            aggregate_version: self.aggregate_version,
            event_type: self.event_type,
            headers: self.headers,
            occurred_at: self.occurred_at,
        };
        Ok(Envelope { attributes: Attributes::try_from(columns)?, body: self.payload })
    }
}

/// Whether anything may wait for the broker; cheaper than a claim, for the many idle looks.
pub(crate) async fn any_waiting(conn: &mut Connection) -> Result<bool, DbError> {
    const WAITING: &str = "
        SELECT EXISTS (SELECT FROM outbox
            WHERE published_at IS NULL AND parked_at IS NULL AND available_at <= now()) AS waiting";
    let row: Waiting = kept(WAITING).get_result(conn).await?;
    Ok(row.waiting)
}

#[derive(diesel::QueryableByName)]
struct Waiting {
    #[diesel(sql_type = Bool)]
    waiting: bool,
}

/// Pending is a flag and never "after the last seq seen": a lower seq can commit later.
const CLAIM: &str = "
    SELECT seq, id, aggregate_type, aggregate_id, aggregate_version, event_type, payload, headers,
           occurred_at, attempts
    FROM outbox
    WHERE published_at IS NULL AND parked_at IS NULL AND available_at <= now()
    ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED";

/// The newest `limit` events about one thing that were not moved to the event log yet, newest
/// first.
pub(crate) async fn recent(
    conn: &mut Connection,
    (kind, id): (&str, Uuid),
    limit: i64,
) -> Result<Vec<StoredEvent>, DbError> {
    const RECENT: &str = "
        SELECT seq, id, aggregate_type, aggregate_id, aggregate_version, event_type, payload,
               headers, occurred_at, attempts
        FROM outbox WHERE aggregate_type = $1 AND aggregate_id = $2
        ORDER BY aggregate_version DESC, seq DESC LIMIT $3";
    Ok(kept(RECENT)
        .bind::<Text, _>(kind)
        .bind::<diesel::sql_types::Uuid, _>(id)
        .bind::<BigInt, _>(limit)
        .load(conn)
        .await?)
}

/// Locks up to `limit` rows that wait for the broker and that no other relay holds.
pub(crate) async fn claim(tx: &mut Connection, limit: i64) -> Result<Vec<StoredEvent>, DbError> {
    Ok(kept(CLAIM).bind::<BigInt, _>(limit).load(tx).await?)
}

/// Marks rows the broker has confirmed.
pub(crate) async fn mark_published(tx: &mut Connection, seqs: &[i64]) -> Result<(), DbError> {
    const PUBLISHED: &str =
        "UPDATE outbox SET published_at = now(), last_error = NULL WHERE seq = ANY($1)";
    kept(PUBLISHED).bind::<Array<BigInt>, _>(seqs).execute(tx).await?;
    Ok(())
}

/// Says of rows whose fate is unknown what went wrong; they stay claimable at once.
pub(crate) async fn mark_unconfirmed(
    tx: &mut Connection,
    seqs: &[i64],
    error: &str,
) -> Result<(), DbError> {
    const UNCONFIRMED: &str = "UPDATE outbox SET last_error = $2 WHERE seq = ANY($1)";
    kept(UNCONFIRMED).bind::<Array<BigInt>, _>(seqs).bind::<Text, _>(error).execute(tx).await?;
    Ok(())
}

/// One more attempt that the broker refused.
pub(crate) struct PutOff<'a> {
    pub(crate) seq: i64,
    pub(crate) error: &'a str,
    /// How long the row rests, in milliseconds.
    pub(crate) rest_ms: i64,
    /// Whether it rests until a person looks at it.
    pub(crate) park: bool,
}

/// Lets a refused row rest.
pub(crate) async fn put_off(tx: &mut Connection, row: &PutOff<'_>) -> Result<(), DbError> {
    const PUT_OFF: &str = "
        UPDATE outbox SET attempts = attempts + 1, last_error = $2,
            available_at = now() + $3 * interval '1 millisecond',
            parked_at = CASE WHEN $4 THEN now() END
        WHERE seq = $1";
    kept(PUT_OFF)
        .bind::<BigInt, _>(row.seq)
        .bind::<Text, _>(row.error)
        .bind::<BigInt, _>(row.rest_ms)
        .bind::<Bool, _>(row.park)
        .execute(tx)
        .await?;
    Ok(())
}
