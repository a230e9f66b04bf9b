//! The version of everything lists are made of, and the folding of changes into the roll-ups.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, kept};

/// One lock for all replicas: two that fold at once would only wait for each other's rows.
const TRY_LOCK: &str = "SELECT pg_try_advisory_xact_lock(3908417265511203317) AS taken";
const FOLD: &str = "SELECT orders_fold_changes($1) AS folded";
/// Changes are only counted, never reordered: folded ones and waiting ones together are how many
/// statements that wrote orders or customers were committed.
const VERSION: &str = "
    SELECT epoch || ':' || (folded + (SELECT count(*) FROM order_changes)) AS version
    FROM order_changes_folded";

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

#[derive(QueryableByName)]
struct Folded {
    #[diesel(sql_type = BigInt)]
    folded: i64,
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Names the present state of all orders and customers. Every commit that wrote one makes it
/// another.
pub(crate) async fn version(conn: &mut Connection) -> Result<String, DbError> {
    let row: Version = kept(VERSION).get_result(conn).await?;
    Ok(row.version)
}

/// Folds at most `most` changes, unless another replica is folding; answers how many were folded.
pub(crate) async fn fold(tx: &mut Connection, most: i64) -> Result<i64, DbError> {
    let lock: Taken = kept(TRY_LOCK).get_result(tx).await?;
    if !lock.taken {
        return Ok(0);
    }
    let row: Folded = kept(FOLD).bind::<BigInt, _>(most).get_result(tx).await?;
    Ok(row.folded)
}
