//! What media said of files that prove something, kept for a day: the word may come before the
//! proof it is about.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::FileId;

use super::schema::proof_files;

/// Notes whether a file is clean.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn note(
    tx: &mut Connection,
    file: FileId,
    clean: bool,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::insert_into(proof_files::table)
        .values((
            proof_files::file_id.eq(file.as_uuid()),
            proof_files::clean.eq(clean),
            proof_files::heard_at.eq(now),
        ))
        .on_conflict(proof_files::file_id)
        .do_update()
        .set(proof_files::clean.eq(excluded(proof_files::clean)))
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether a file is clean; absent when media has not said.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, file: FileId) -> Result<Option<bool>, DbError> {
    Ok(proof_files::table
        .find(file.as_uuid())
        .select(proof_files::clean)
        .first(conn)
        .await
        .optional()?)
}

/// Forgets up to 1,000 words that are older than `before`; answers how many.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn forget(conn: &mut Connection, before: DateTime<Utc>) -> Result<usize, DbError> {
    const FORGET: &str = "
        DELETE FROM proof_files WHERE file_id IN (
            SELECT file_id FROM proof_files WHERE heard_at < $1
            ORDER BY heard_at LIMIT 1000 FOR UPDATE SKIP LOCKED)";
    Ok(diesel::sql_query(FORGET).bind::<Timestamptz, _>(before).execute(conn).await?)
}
