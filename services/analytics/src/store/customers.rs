//! Customers' names.

use diesel::ExpressionMethods as _;
use diesel::query_dsl::methods::FilterDsl as _;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::CustomerId;

use super::schema::customers;

/// Notes a customer's name unless a newer version is known.
pub(crate) async fn upsert(
    tx: &mut Connection,
    customer: CustomerId,
    version: i64,
    name: &str,
) -> Result<(), DbError> {
    diesel::insert_into(customers::table)
        .values((
            customers::customer_id.eq(customer.as_uuid()),
            customers::version.eq(version),
            customers::name.eq(name),
        ))
        .on_conflict(customers::customer_id)
        .do_update()
        .set((
            customers::version.eq(excluded(customers::version)),
            customers::name.eq(excluded(customers::name)),
        ))
        .filter(customers::version.lt(excluded(customers::version)))
        .execute(tx)
        .await?;
    Ok(())
}
