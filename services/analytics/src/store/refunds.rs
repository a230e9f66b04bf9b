//! Every refund heard of.

use chrono::NaiveDate;
use diesel::dsl::sum;
use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, hold_name};
use konveksi_kernel::{Money, PaymentId};
use rust_decimal::Decimal;

use super::money;
use super::schema::{daily_revenue, payments, refunds};
use crate::domain::payment_fact::RefundFact;

/// Lets a payment and its refunds be booked one after the other, whichever is heard first.
pub(crate) async fn take_turns(tx: &mut Connection, payment: PaymentId) -> Result<(), DbError> {
    hold_name(tx, &format!("payment:{payment}")).await
}

/// Notes a refund; `false` when it was known already.
pub(crate) async fn insert_if_absent(
    tx: &mut Connection,
    fact: &RefundFact,
) -> Result<bool, DbError> {
    let inserted = diesel::insert_into(refunds::table)
        .values((
            refunds::refund_id.eq(fact.refund_id.as_uuid()),
            refunds::payment_id.eq(fact.payment_id.as_uuid()),
            refunds::amount_rupiah.eq(fact.amount.as_decimal()),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    Ok(inserted == 1)
}

/// What went back of a payment, as far as it was heard.
pub(crate) async fn sum_of(tx: &mut Connection, payment: PaymentId) -> Result<Money, DbError> {
    let total: Option<Decimal> = refunds::table
        .filter(refunds::payment_id.eq(payment.as_uuid()))
        .select(sum(refunds::amount_rupiah))
        .first(tx)
        .await?;
    money(total.unwrap_or_default())
}

/// The day a payment came, once it was heard of.
pub(crate) async fn day_of_payment(
    tx: &mut Connection,
    payment: PaymentId,
) -> Result<Option<NaiveDate>, DbError> {
    let day = payments::table.find(payment.as_uuid()).select(payments::paid_on);
    Ok(day.first(tx).await.optional()?)
}

/// Takes `amount` out of a day's revenue.
pub(crate) async fn subtract(
    tx: &mut Connection,
    day: NaiveDate,
    amount: Money,
) -> Result<(), DbError> {
    diesel::update(daily_revenue::table.find(day))
        .set(daily_revenue::revenue_rupiah.eq(daily_revenue::revenue_rupiah - amount.as_decimal()))
        .execute(tx)
        .await?;
    Ok(())
}
