//! Design files by order; the newest clean one is the order's design.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{FileId, OrderId};

use super::schema::designs;

/// Notes that a file was found clean.
pub(crate) async fn stored(
    tx: &mut Connection,
    order_id: OrderId,
    file_id: FileId,
    url: &str,
    stored_at: DateTime<Utc>,
) -> Result<(), DbError> {
    diesel::insert_into(designs::table)
        .values((
            designs::file_id.eq(file_id.as_uuid()),
            designs::order_id.eq(order_id.as_uuid()),
            designs::url.eq(url),
            designs::stored_at.eq(stored_at),
            designs::rejected.eq(false),
        ))
        .on_conflict(designs::file_id)
        .do_update()
        .set((
            designs::url.eq(excluded(designs::url)),
            designs::stored_at.eq(excluded(designs::stored_at)),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a file is infected or not what it says; it stays so whatever comes later.
pub(crate) async fn rejected(
    tx: &mut Connection,
    order_id: OrderId,
    file_id: FileId,
) -> Result<(), DbError> {
    diesel::insert_into(designs::table)
        .values((
            designs::file_id.eq(file_id.as_uuid()),
            designs::order_id.eq(order_id.as_uuid()),
            designs::rejected.eq(true),
        ))
        .on_conflict(designs::file_id)
        .do_update()
        .set(designs::rejected.eq(true))
        .execute(tx)
        .await?;
    Ok(())
}

/// Where the newest file that was found clean, and not rejected since, can be fetched.
pub(crate) async fn newest_url(
    conn: &mut Connection,
    order_id: OrderId,
) -> Result<Option<String>, DbError> {
    let url: Option<Option<String>> = designs::table
        .filter(designs::order_id.eq(order_id.as_uuid()))
        .filter(designs::rejected.eq(false).and(designs::url.is_not_null()))
        .order((designs::stored_at.desc(), designs::file_id.desc()))
        .select(designs::url)
        .first(conn)
        .await
        .optional()?;
    Ok(url.flatten())
}
