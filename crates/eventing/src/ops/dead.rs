//! Dead letters in the database: heard events that were parked, and told ones nobody would take.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::EventId;
use uuid::Uuid;

/// On which side an event is parked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It was heard and could not be applied.
    Inbox,
    /// It was told and no queue took it.
    Outbox,
}

/// One parked event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Where it is parked.
    pub side: Side,
    /// The event.
    pub id: EventId,
    /// Its type, such as `order.created.v1`.
    pub event_type: String,
    /// How often it was tried.
    pub attempts: i32,
    /// Why the last try failed.
    pub last_error: String,
    /// When it was parked.
    pub parked_at: DateTime<Utc>,
}

/// Which parked events are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The one with this id.
    One(EventId),
    /// Every one of the schema.
    All,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    side: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    event_type: String,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Text)]
    last_error: String,
    #[diesel(sql_type = Timestamptz)]
    parked_at: DateTime<Utc>,
}

/// The parked events of the schema `conn` is on, the oldest first, `limit` at most.
///
/// # Errors
/// [`DbError`].
pub async fn dead_list(conn: &mut Connection, limit: i64) -> Result<Vec<DeadLetter>, DbError> {
    const LIST: &str = "
        SELECT 'inbox' AS side, message_id AS id, event_type, attempts, last_error, parked_at
        FROM inbox_retry WHERE parked_at IS NOT NULL
        UNION ALL
        SELECT 'outbox', id, event_type, attempts, COALESCE(last_error, ''), parked_at
        FROM outbox WHERE parked_at IS NOT NULL
        ORDER BY parked_at, id LIMIT $1";
    let rows: Vec<Row> = diesel::sql_query(LIST).bind::<BigInt, _>(limit).load(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| DeadLetter {
            side: if row.side == "outbox" { Side::Outbox } else { Side::Inbox },
            id: EventId::from_uuid(row.id),
            event_type: row.event_type,
            attempts: row.attempts,
            last_error: row.last_error,
            parked_at: row.parked_at,
        })
        .collect())
}

/// Lets parked events be tried again from the beginning, at once; answers how many. `now` is
/// business time.
///
/// # Errors
/// [`DbError`].
pub async fn dead_requeue(
    conn: &mut Connection,
    which: Which,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    const HEARD: &str = "
        UPDATE inbox_retry SET parked_at = NULL, attempts = 0, due_at = $2
        WHERE parked_at IS NOT NULL AND ($1 IS NULL OR message_id = $1)";
    const TOLD: &str = "
        UPDATE outbox SET parked_at = NULL, attempts = 0, available_at = now()
        WHERE parked_at IS NOT NULL AND ($1 IS NULL OR id = $1)";
    let id = match which {
        Which::One(id) => Some(id.as_uuid()),
        Which::All => None,
    };
    let heard = diesel::sql_query(HEARD)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Timestamptz, _>(now)
        .execute(conn)
        .await?;
    let told = diesel::sql_query(TOLD).bind::<Nullable<SqlUuid>, _>(id).execute(conn).await?;
    Ok(heard + told)
}
