//! Names of customers.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::CustomerId;

use super::schema::customer_projection::{self, dsl};

/// Keeps a name unless a newer one is known.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn keep_newest(
    tx: &mut Connection,
    customer: CustomerId,
    version: i64,
    name: &str,
) -> Result<(), DbError> {
    let upsert = diesel::insert_into(customer_projection::table)
        .values((
            dsl::customer_id.eq(customer.as_uuid()),
            dsl::version.eq(version),
            dsl::name.eq(name),
        ))
        .on_conflict(dsl::customer_id)
        .do_update()
        .set((dsl::version.eq(excluded(dsl::version)), dsl::name.eq(excluded(dsl::name))));
    diesel::query_dsl::methods::FilterDsl::filter(
        upsert,
        customer_projection::version.lt(excluded(dsl::version)),
    )
    .keep_plan()
    .execute(tx)
    .await?;
    Ok(())
}

/// A customer's name.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn name_of(
    conn: &mut Connection,
    customer: CustomerId,
) -> Result<Option<String>, DbError> {
    Ok(customer_projection::table
        .find(customer.as_uuid())
        .select(dsl::name)
        .first(conn)
        .await
        .optional()?)
}
