//! How much waits, for metrics and `konveksi events status`.

use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};

/// What waits in one schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::QueryableByName)]
pub struct Figures {
    /// Events that the broker has not confirmed yet, parked ones apart.
    #[diesel(sql_type = BigInt)]
    pub outbox_pending: i64,
    /// Age of the oldest of them in milliseconds; 0 when there is none.
    #[diesel(sql_type = BigInt)]
    pub outbox_oldest_ms: i64,
    /// Events the broker would not route; they wait for a person.
    #[diesel(sql_type = BigInt)]
    pub outbox_parked: i64,
    /// Heard events that wait for another try.
    #[diesel(sql_type = BigInt)]
    pub retry_pending: i64,
    /// Heard events that wait for a person: the dead letters.
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
}

const FIGURES: &str = "
    SELECT pending.count AS outbox_pending, pending.oldest_ms AS outbox_oldest_ms,
           (SELECT count(*) FROM outbox WHERE parked_at IS NOT NULL) AS outbox_parked,
           (SELECT count(*) FROM inbox_retry WHERE parked_at IS NULL) AS retry_pending,
           (SELECT count(*) FROM inbox_retry WHERE parked_at IS NOT NULL) AS dead
    FROM (SELECT count(*) AS count,
                 COALESCE(GREATEST(EXTRACT(epoch FROM now() - min(available_at)) * 1000, 0), 0)::bigint
                     AS oldest_ms
          FROM outbox WHERE published_at IS NULL AND parked_at IS NULL) AS pending";

/// Counts what waits in the schema `conn` is on.
pub(crate) async fn figures(conn: &mut Connection) -> Result<Figures, DbError> {
    Ok(kept(FIGURES).get_result(conn).await?)
}
