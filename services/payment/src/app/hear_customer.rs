//! Keeping a customer's name for the public view of an invoice.

use konveksi_db::Connection;
use konveksi_kernel::CustomerId;

use super::{App, AppError};
use crate::store;

/// What a composition's snapshot says counts only until the customer's own event came.
const FROM_SNAPSHOT: i64 = 0;

/// Forgets what is personal of a customer who asked for it: in proofs, and in answers kept for
/// requests that are sent again. Sums and codes stay, they are the books.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn erase_customer(
    tx: &mut Connection,
    customer: CustomerId,
) -> Result<(), AppError> {
    store::proofs::erase(tx, customer).await?;
    Ok(konveksi_idempotency::erase(tx, customer).await?)
}

/// Applies what `customer.changed` said, within the transaction that notes it as heard.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn hear_customer(
    tx: &mut Connection,
    customer: CustomerId,
    version: i64,
    name: &str,
) -> Result<(), AppError> {
    Ok(store::customers::keep_newest(tx, customer, version, name).await?)
}

/// Keeps the name an order's snapshot carries.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn note_name(app: &App, customer: CustomerId, name: &str) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::customers::keep_newest(&mut conn, customer, FROM_SNAPSHOT, name).await?)
}
