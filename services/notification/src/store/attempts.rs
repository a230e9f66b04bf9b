//! Every attempt to send, for the message's story.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::NotificationId;
use uuid::Uuid;

use super::schema::attempts;
use crate::domain::delivery::ErrorKind;

#[derive(Insertable)]
#[diesel(table_name = attempts)]
struct AttemptRow {
    message_id: Uuid,
    number: i32,
    started_at: DateTime<Utc>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ending {
    /// The provider's own name for the message.
    pub(crate) provider_id: Option<String>,
    /// Why it failed.
    pub(crate) error: Option<(ErrorKind, String)>,
}

/// Notes that attempt `number` of each message begins.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn begin(
    tx: &mut Connection,
    started: impl IntoIterator<Item = (NotificationId, u32)>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let rows: Vec<AttemptRow> = started
        .into_iter()
        .map(|(id, number)| AttemptRow {
            message_id: id.as_uuid(),
            number: i32::try_from(number).unwrap_or(i32::MAX),
            started_at: now,
        })
        .collect();
    diesel::insert_into(attempts::table).values(&rows).execute(tx).await?;
    Ok(())
}

/// Notes how attempt `number` ended.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn end(
    tx: &mut Connection,
    (id, number): (NotificationId, u32),
    ending: &Ending,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let error = ending.error.as_ref();
    diesel::update(attempts::table.find((id.as_uuid(), number)))
        .set((
            attempts::finished_at.eq(now),
            attempts::provider_id.eq(ending.provider_id.as_deref()),
            attempts::error_kind.eq(error.map(|(kind, _)| kind.as_wire())),
            attempts::error_detail.eq(error.map(|(_, detail)| detail.as_str())),
        ))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}
