//! Keeping the tables small: published rows go to the event log, old inbox rows go away.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Integer, Text, Timestamptz};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};

/// Moves up to `limit` published rows to the event log; answers how many.
pub(crate) async fn published_to_log(conn: &mut Connection, limit: i64) -> Result<usize, DbError> {
    const MOVE: &str = "
        WITH moved AS (
            DELETE FROM outbox WHERE seq IN (
                SELECT seq FROM outbox WHERE published_at IS NOT NULL
                ORDER BY seq LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING seq, id, aggregate_type, aggregate_id, aggregate_version, event_type,
                      routing_key, payload, headers, occurred_at, available_at, attempts,
                      last_error, parked_at, published_at)
        INSERT INTO event_log (seq, id, aggregate_type, aggregate_id, aggregate_version,
                               event_type, routing_key, payload, headers, occurred_at,
                               available_at, attempts, last_error, parked_at, published_at)
        SELECT * FROM moved";
    Ok(kept(MOVE).bind::<BigInt, _>(limit).execute(conn).await?)
}

/// Deletes up to `limit` inbox rows received before `before`; answers how many.
pub(crate) async fn old_inbox(
    conn: &mut Connection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<usize, DbError> {
    const PURGE: &str = "
        DELETE FROM inbox WHERE (consumer, message_id) IN (
            SELECT consumer, message_id FROM inbox WHERE received_at < $1
            ORDER BY received_at LIMIT $2)";
    Ok(kept(PURGE).bind::<Timestamptz, _>(before).bind::<BigInt, _>(limit).execute(conn).await?)
}

/// Deletes waiting and parked events that had their effect by another copy meanwhile.
pub(crate) async fn settled_retries(
    conn: &mut Connection,
    consumer: &str,
) -> Result<usize, DbError> {
    const SETTLED: &str = "
        DELETE FROM inbox_retry retry USING inbox
        WHERE retry.consumer = $1
          AND inbox.consumer = retry.consumer AND inbox.message_id = retry.message_id";
    Ok(kept(SETTLED).bind::<Text, _>(consumer).execute(conn).await?)
}

/// Makes the event log's coming partitions and drops those older than `keep_months`.
pub(crate) async fn partitions(
    conn: &mut Connection,
    now: DateTime<Utc>,
    keep_months: i32,
) -> Result<(), DbError> {
    kept("SELECT event_log_maintain($1, $2)")
        .bind::<Timestamptz, _>(now)
        .bind::<Integer, _>(keep_months)
        .execute(conn)
        .await?;
    Ok(())
}
