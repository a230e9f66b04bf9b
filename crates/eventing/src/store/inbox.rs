//! The inbox: which events had their effect already.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};
use uuid::Uuid;

/// A duplicate that arrives while the first copy's transaction is open waits for it here.
const INSERT: &str = "
    INSERT INTO inbox (consumer, message_id, event_type, received_at)
    SELECT $1, incoming.id, incoming.event_type, $4
    FROM unnest($2, $3) AS incoming (id, event_type)
    ON CONFLICT DO NOTHING
    RETURNING message_id";

#[derive(diesel::QueryableByName)]
struct Inserted {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
}

/// Notes the events as handled within `tx`; answers those that were not yet.
pub(crate) async fn insert(
    tx: &mut Connection,
    consumer: &str,
    events: &[(Uuid, &str)],
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, DbError> {
    let (ids, types): (Vec<Uuid>, Vec<&str>) = events.iter().copied().unzip();
    let inserted: Vec<Inserted> = kept(INSERT)
        .bind::<Text, _>(consumer)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(types)
        .bind::<Timestamptz, _>(now)
        .load(tx)
        .await?;
    Ok(inserted.into_iter().map(|row| row.message_id).collect())
}
