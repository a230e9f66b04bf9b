//! Every payment heard of.

use diesel::ExpressionMethods as _;
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, KeepPlan as _};

use super::schema::payments;
use crate::domain::payment_fact::PaymentFact;

/// Notes a payment; `false` when it was known already.
pub(crate) async fn insert_if_absent(
    tx: &mut Connection,
    fact: &PaymentFact,
) -> Result<bool, DbError> {
    let inserted = diesel::insert_into(payments::table)
        .values((
            payments::payment_id.eq(fact.payment_id.as_uuid()),
            payments::order_id.eq(fact.order_id.as_uuid()),
            payments::amount_rupiah.eq(fact.amount.as_decimal()),
            payments::paid_at.eq(fact.paid_at),
            payments::paid_on.eq(fact.paid_on()),
        ))
        .on_conflict_do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(inserted == 1)
}
