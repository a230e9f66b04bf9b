//! Adds a payment to the revenue of its day.

use konveksi_db::{Connection, DbError};

use crate::domain::payment_fact::PaymentFact;
use crate::store;

/// Books a payment once, however often and in whatever order it is told.
pub(crate) async fn book_payment(tx: &mut Connection, fact: &PaymentFact) -> Result<(), DbError> {
    if store::payments::insert_if_absent(tx, fact).await? {
        store::revenue::add(tx, fact).await?;
    }
    Ok(())
}
