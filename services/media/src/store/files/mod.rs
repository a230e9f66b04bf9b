//! The table of files: rows and what is asked of them.

mod row;
mod upkeep;

use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _,
    SelectableHelper as _,
};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, hold_name, kept};
use konveksi_kernel::{FileId, OrderId};

use super::schema::files;
use crate::domain::file::{File, FileState, Purpose};
use crate::domain::limits::Usage;
use row::FileRow;

pub(crate) use upkeep::{
    claim_scan, delete_discarded, discard_unclaimed, list_to_purge, mark_purged,
};

/// Adds a file.
pub(crate) async fn insert(tx: &mut Connection, file: &File) -> Result<(), DbError> {
    diesel::insert_into(files::table).values(FileRow::try_from(file)?).execute(tx).await?;
    Ok(())
}

/// Writes what can change of a file: version, order, state and the next scan.
pub(crate) async fn update(tx: &mut Connection, file: &File) -> Result<(), DbError> {
    diesel::update(files::table.find(file.id.as_uuid()))
        .set((
            files::version.eq(file.version),
            files::order_id.eq(file.order_id.map(|order| order.as_uuid())),
            files::state.eq(file.state.as_wire()),
            files::scan_due_at.eq(file.scan_due_at),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// A file, locked until the transaction ends.
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: FileId,
) -> Result<Option<File>, DbError> {
    files::table
        .find(id.as_uuid())
        .select(FileRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(File::try_from)
        .transpose()
}

/// A proof that was found clean.
pub(crate) async fn find_clean_proof(
    conn: &mut Connection,
    id: FileId,
) -> Result<Option<File>, DbError> {
    files::table
        .find(id.as_uuid())
        .filter(files::purpose.eq(Purpose::Proof.as_wire()))
        .filter(files::state.eq(FileState::Stored.as_wire()))
        .select(FileRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(File::try_from)
        .transpose()
}

/// The file served under `public_path`: a design, clean and an order's.
pub(crate) async fn find_served(
    conn: &mut Connection,
    public_path: &str,
) -> Result<Option<File>, DbError> {
    files::table
        .filter(files::public_path.eq(public_path))
        .filter(files::purpose.eq(Purpose::Design.as_wire()))
        .filter(files::state.eq(FileState::Stored.as_wire()).and(files::order_id.is_not_null()))
        .select(FileRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(File::try_from)
        .transpose()
}

#[derive(diesel::QueryableByName)]
struct UsageRow {
    #[diesel(sql_type = BigInt)]
    files: i64,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

/// What an order's files take up. Locks the order's share until the transaction ends, so that two
/// uploads at once cannot both take the last place.
pub(crate) async fn usage_for_update(
    tx: &mut Connection,
    order: OrderId,
) -> Result<Usage, DbError> {
    const USAGE: &str = "
        SELECT count(*) AS files, coalesce(sum(size_bytes), 0)::bigint AS bytes
        FROM files WHERE order_id = $1 AND state NOT IN ('rejected', 'discarded')";
    hold_name(tx, &order.to_string()).await?;
    let row: UsageRow = kept(USAGE).bind::<SqlUuid, _>(order.as_uuid()).get_result(tx).await?;
    let bytes = u64::try_from(row.bytes)
        .map_err(|_negative| DbError::Corrupt(format!("{} bytes of {order}", row.bytes)))?;
    Ok(Usage { files: row.files, bytes })
}
