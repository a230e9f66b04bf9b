//! Adds a payment to the revenue of its day.

use konveksi_db::{Connection, DbError};

use crate::domain::payment_fact::PaymentFact;
use crate::store;

/// Books a payment once, however often and in whatever order it is told.
pub(crate) async fn book_payment(tx: &mut Connection, fact: &PaymentFact) -> Result<(), DbError> {
    store::refunds::take_turns(tx, fact.payment_id).await?;
    if store::payments::insert_if_absent(tx, fact).await? {
        store::revenue::add(tx, fact).await?;
        let gone_back = store::refunds::sum_of(tx, fact.payment_id).await?;
        if !gone_back.is_zero() {
            store::refunds::subtract(tx, fact.paid_on(), gone_back).await?;
        }
    }
    Ok(())
}
