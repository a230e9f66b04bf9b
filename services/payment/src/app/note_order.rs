//! Keeping what a composition's snapshot says, as the order's own events would.

use konveksi_db::transaction;
use konveksi_kernel::CustomerId;

use super::hear_order::{Fact, hear_order};
use super::{App, AppError, hear_customer};
use crate::domain::OrderView;

/// Applies an order's state as the event that told it would; that event changes nothing more then.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn note_order(app: &App, order: &OrderView, fact: Fact) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    transaction(&mut conn, async |tx| hear_order(app, tx, order, fact).await).await?;
    app.wake.relay();
    Ok(())
}

/// Keeps a customer's name until the customer's own event says better.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn note_name(app: &App, customer: CustomerId, name: &str) -> Result<(), AppError> {
    let mut conn = app.pool.get().await?;
    hear_customer::note_name(&mut conn, customer, name).await
}
