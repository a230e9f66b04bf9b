//! Several reads that see the same instant.

use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};

/// Makes the transaction that was just begun read one instant and write nothing, so that no two
/// figures of an answer disagree.
pub(crate) async fn begin(tx: &mut Connection) -> Result<(), DbError> {
    diesel::sql_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        .execute(tx)
        .await?;
    Ok(())
}
