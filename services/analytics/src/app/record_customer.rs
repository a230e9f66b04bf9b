//! Keeps a customer's name.

use konveksi_db::{Connection, DbError};
use konveksi_kernel::CustomerId;

use crate::store;

/// Notes the name that version `version` of a customer has; an erased one's is empty.
pub(crate) async fn record_customer(
    tx: &mut Connection,
    customer: CustomerId,
    version: i64,
    name: &str,
) -> Result<(), DbError> {
    store::customers::upsert(tx, customer, version, name).await
}
