//! Takes a refund out of the revenue of its payment's day.

use konveksi_db::{Connection, DbError};

use crate::domain::payment_fact::RefundFact;
use crate::store;

/// Books a refund once, however often and in whatever order it is told. One whose payment was not
/// heard of yet is taken out when that comes.
pub(crate) async fn book_refund(tx: &mut Connection, fact: &RefundFact) -> Result<(), DbError> {
    store::refunds::take_turns(tx, fact.payment_id).await?;
    if !store::refunds::insert_if_absent(tx, fact).await? {
        return Ok(());
    }
    if let Some(day) = store::refunds::day_of_payment(tx, fact.payment_id).await? {
        store::refunds::subtract(tx, day, fact.amount).await?;
    }
    Ok(())
}
