//! Logins that live, and how they ended.

use chrono::{DateTime, Utc};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _,
};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::UserId;
use uuid::Uuid;

use super::schema::{sessions, users};
use super::users::UserRow;
use crate::identity::{EndReason, Session, SessionId};

/// A session about to be kept.
pub(crate) struct NewRow<'a> {
    pub(crate) id: SessionId,
    pub(crate) user_id: UserId,
    pub(crate) token_hash: &'a [u8],
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) expires_at: DateTime<Utc>,
}

pub(crate) async fn insert(conn: &mut Connection, row: NewRow<'_>) -> Result<(), DbError> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(row.id.as_uuid()),
            sessions::user_id.eq(row.user_id.0),
            sessions::token_hash.eq(row.token_hash),
            sessions::created_at.eq(row.created_at),
            sessions::last_seen_at.eq(row.created_at),
            sessions::expires_at.eq(row.expires_at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

type Row = (Uuid, Vec<u8>, DateTime<Utc>, DateTime<Utc>, UserRow);

fn session((id, token_hash, last_seen_at, expires_at, user): Row) -> Result<Session, DbError> {
    Ok(Session {
        id: SessionId::from_uuid(id),
        token_hash,
        last_seen_at,
        expires_at,
        user: user.try_into()?,
    })
}

/// The session whose cookie has this hash, if it has not ended and its user is active.
pub(crate) async fn find_by_token_hash(
    conn: &mut Connection,
    token_hash: &[u8],
) -> Result<Option<Session>, DbError> {
    let row: Option<Row> = sessions::table
        .inner_join(users::table)
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::ended_at.is_null().and(users::is_active))
        .select((
            sessions::id,
            sessions::token_hash,
            sessions::last_seen_at,
            sessions::expires_at,
            UserRow::as_select(),
        ))
        .first(conn)
        .await
        .optional()?;
    row.map(session).transpose()
}

/// The session of this id, if it has not ended and its user is active.
pub(crate) async fn find(conn: &mut Connection, id: SessionId) -> Result<Option<Session>, DbError> {
    let row: Option<Row> = sessions::table
        .inner_join(users::table)
        .filter(sessions::id.eq(id.as_uuid()))
        .filter(sessions::ended_at.is_null().and(users::is_active))
        .select((
            sessions::id,
            sessions::token_hash,
            sessions::last_seen_at,
            sessions::expires_at,
            UserRow::as_select(),
        ))
        .first(conn)
        .await
        .optional()?;
    row.map(session).transpose()
}

pub(crate) async fn touch(
    conn: &mut Connection,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(sessions::table.find(id.as_uuid()))
        .filter(sessions::last_seen_at.lt(now))
        .set(sessions::last_seen_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

pub(crate) async fn end(
    conn: &mut Connection,
    id: SessionId,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(sessions::table.find(id.as_uuid()))
        .filter(sessions::ended_at.is_null())
        .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.as_text())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends every session of a user.
pub(crate) async fn end_all_of(
    conn: &mut Connection,
    user: UserId,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(sessions::table)
        .filter(sessions::user_id.eq(user.0).and(sessions::ended_at.is_null()))
        .set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason.as_text())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets sessions that were over before `before`; their refresh families go with them.
pub(crate) async fn sweep(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    let gone = diesel::delete(sessions::table)
        .filter(sessions::expires_at.lt(before))
        .execute(conn)
        .await?;
    Ok(gone)
}
