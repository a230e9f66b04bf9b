//! Money in per Jakarta day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::dsl::sum;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods as _, QueryDsl as _};
use diesel_async::RunQueryDsl as _;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::Money;
use rust_decimal::Decimal;

use super::money;
use super::schema::daily_revenue;
use crate::domain::month::Month;
use crate::domain::payment_fact::PaymentFact;

/// Adds one payment to its day.
pub(crate) async fn add(tx: &mut Connection, fact: &PaymentFact) -> Result<(), DbError> {
    diesel::insert_into(daily_revenue::table)
        .values((
            daily_revenue::day.eq(fact.paid_on()),
            daily_revenue::payments.eq(1),
            daily_revenue::revenue_rupiah.eq(fact.amount.as_decimal()),
        ))
        .on_conflict(daily_revenue::day)
        .do_update()
        .set((
            daily_revenue::payments.eq(daily_revenue::payments + excluded(daily_revenue::payments)),
            daily_revenue::revenue_rupiah
                .eq(daily_revenue::revenue_rupiah + excluded(daily_revenue::revenue_rupiah)),
        ))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// All money that ever came in.
pub(crate) async fn total(conn: &mut Connection) -> Result<Money, DbError> {
    let total: Option<Decimal> =
        daily_revenue::table.select(sum(daily_revenue::revenue_rupiah)).first(conn).await?;
    money(total.unwrap_or_default())
}

/// Money in per month from `first` on; months without any are absent.
pub(crate) async fn by_month(
    conn: &mut Connection,
    first: Month,
) -> Result<BTreeMap<Month, Money>, DbError> {
    let rows: Vec<(NaiveDate, Decimal)> = daily_revenue::table
        .filter(daily_revenue::day.ge(first.first_day()))
        .select((daily_revenue::day, daily_revenue::revenue_rupiah))
        .load(conn)
        .await?;
    let mut months: BTreeMap<Month, Decimal> = BTreeMap::new();
    for (day, revenue) in rows {
        *months.entry(Month::of(day)).or_default() += revenue;
    }
    months.into_iter().map(|(month, revenue)| Ok((month, money(revenue)?))).collect()
}
