//! Lines of refresh tokens.

use chrono::{DateTime, Utc};
use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};
use uuid::Uuid;

use super::schema::refresh_families as families;
use crate::identity::{Family, SessionId};

pub(crate) async fn insert(
    conn: &mut Connection,
    id: Uuid,
    session: SessionId,
) -> Result<(), DbError> {
    diesel::insert_into(families::table)
        .values((families::id.eq(id), families::session_id.eq(session.as_uuid())))
        .execute(conn)
        .await?;
    Ok(())
}

/// The family, locked until the transaction ends: two tabs that refresh at once take turns.
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: Uuid,
) -> Result<Option<(SessionId, Family)>, DbError> {
    type Row = (Uuid, i32, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
    let row: Option<Row> = families::table
        .find(id)
        .select((
            families::session_id,
            families::generation,
            families::rotated_at,
            families::ended_at,
        ))
        .for_update()
        .first(tx)
        .await
        .optional()?;
    let Some((session, generation, rotated_at, ended_at)) = row else { return Ok(None) };
    let generation = u32::try_from(generation)
        .map_err(|_negative| DbError::Corrupt(format!("refresh family {id} at {generation}")))?;
    let family = Family { generation, rotated_at, ended: ended_at.is_some() };
    Ok(Some((SessionId::from_uuid(session), family)))
}

pub(crate) async fn set_generation(
    tx: &mut Connection,
    id: Uuid,
    generation: u32,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let generation = i32::try_from(generation)
        .map_err(|_huge| DbError::Corrupt(format!("refresh family {id} has no room left")))?;
    diesel::update(families::table.find(id))
        .set((families::generation.eq(generation), families::rotated_at.eq(now)))
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn end(tx: &mut Connection, id: Uuid, now: DateTime<Utc>) -> Result<(), DbError> {
    diesel::update(families::table.find(id)).set(families::ended_at.eq(now)).execute(tx).await?;
    Ok(())
}
