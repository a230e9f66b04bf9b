//! Files that something has to happen to: scans that are due, drafts nobody claimed, bytes to
//! remove.

use chrono::{DateTime, Utc};
use diesel::sql_types::{BigInt, Timestamptz, Uuid as SqlUuid};
use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, kept};
use konveksi_kernel::FileId;
use uuid::Uuid;

use super::{File, FileState, files, find_for_update};

#[derive(diesel::QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Takes the quarantined file whose scan has been due longest, for this worker alone until
/// `lost_at`: then its scan counts as lost and somebody else may take it.
pub(crate) async fn claim_scan(
    tx: &mut Connection,
    now: DateTime<Utc>,
    lost_at: DateTime<Utc>,
) -> Result<Option<File>, DbError> {
    const CLAIM: &str = "
        UPDATE files SET scan_due_at = $2, scan_attempts = scan_attempts + 1 WHERE id = (
            SELECT id FROM files WHERE state = 'quarantined' AND scan_due_at <= $1
            ORDER BY scan_due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id";
    let claimed: Option<IdRow> = kept(CLAIM)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(lost_at)
        .get_result(tx)
        .await
        .optional()?;
    match claimed {
        Some(row) => find_for_update(tx, FileId::from_uuid(row.id)).await,
        None => Ok(None),
    }
}

/// Discards up to `limit` uploads that never finished and drafts that no order claimed, made
/// before `before`; answers how many.
pub(crate) async fn discard_unclaimed(
    conn: &mut Connection,
    before: DateTime<Utc>,
    limit: i64,
) -> Result<usize, DbError> {
    const DISCARD: &str = "
        UPDATE files SET state = 'discarded' WHERE id IN (
            SELECT id FROM files
            WHERE ((order_id IS NULL AND purpose = 'design') OR state = 'receiving')
              AND created_at < $1
              AND state IN ('receiving', 'quarantined', 'stored')
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)";
    Ok(kept(DISCARD).bind::<Timestamptz, _>(before).bind::<BigInt, _>(limit).execute(conn).await?)
}

/// A file whose bytes are to be removed.
pub(crate) struct ToPurge {
    pub(crate) id: FileId,
    pub(crate) storage_key: String,
}

/// Up to `limit` rejected and discarded files whose bytes may still be there.
pub(crate) async fn list_to_purge(
    conn: &mut Connection,
    limit: i64,
) -> Result<Vec<ToPurge>, DbError> {
    let rows: Vec<(Uuid, String)> = files::table
        .filter(
            files::state.eq_any([FileState::Rejected.as_wire(), FileState::Discarded.as_wire()]),
        )
        .filter(files::purged_at.is_null())
        .order(files::created_at.asc())
        .limit(limit)
        .select((files::id, files::storage_key))
        .load(conn)
        .await?;
    let to_purge = |(id, storage_key)| ToPurge { id: FileId::from_uuid(id), storage_key };
    Ok(rows.into_iter().map(to_purge).collect())
}

/// Notes that the bytes of a file are gone.
pub(crate) async fn mark_purged(
    conn: &mut Connection,
    id: FileId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::update(files::table.find(id.as_uuid()))
        .set(files::purged_at.eq(now))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a discarded file; a rejected one's row stays, as the record of what was refused.
pub(crate) async fn delete_discarded(conn: &mut Connection, id: FileId) -> Result<(), DbError> {
    diesel::delete(
        files::table.find(id.as_uuid()).filter(files::state.eq(FileState::Discarded.as_wire())),
    )
    .execute(conn)
    .await?;
    Ok(())
}
