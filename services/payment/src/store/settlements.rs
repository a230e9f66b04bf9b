//! Payouts of providers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, hold_name};
use konveksi_kernel::Page;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::settlements;
use crate::domain::{PaymentSource, Settlement};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = settlements)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct SettlementRow {
    id: Uuid,
    provider: String,
    reference: String,
    amount: Decimal,
    fee: Decimal,
    settled_on: NaiveDate,
    recorded_by: String,
    created_at: DateTime<Utc>,
    reversed_by: Option<String>,
    reversed_at: Option<DateTime<Utc>>,
}

impl From<&Settlement> for SettlementRow {
    fn from(settlement: &Settlement) -> SettlementRow {
        let (reversed_by, reversed_at) = settlement.reversed.clone().unzip();
        SettlementRow {
            id: settlement.id,
            provider: settlement.provider.as_wire().to_owned(),
            reference: settlement.reference.clone(),
            amount: settlement.amount.as_decimal(),
            fee: settlement.fee.as_decimal(),
            settled_on: settlement.settled_on,
            recorded_by: settlement.recorded_by.clone(),
            created_at: settlement.created_at,
            reversed_by,
            reversed_at,
        }
    }
}

impl TryFrom<SettlementRow> for Settlement {
    type Error = DbError;

    fn try_from(row: SettlementRow) -> Result<Settlement, DbError> {
        let provider = PaymentSource::from_wire(&row.provider);
        Ok(Settlement {
            id: row.id,
            provider: word("settlements.provider", &row.provider, provider)?,
            reference: row.reference,
            amount: money("settlements.amount", row.amount)?,
            fee: money("settlements.fee", row.fee)?,
            settled_on: row.settled_on,
            recorded_by: row.recorded_by,
            created_at: row.created_at,
            reversed: row.reversed_by.zip(row.reversed_at),
        })
    }
}

/// Lets one payout of a provider be recorded at a time, until the transaction ends.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn one_at_a_time(
    tx: &mut Connection,
    provider: PaymentSource,
) -> Result<(), DbError> {
    hold_name(tx, &format!("settlements:{}", provider.as_wire())).await
}

/// Stores a payout.
///
/// # Errors
/// [`DbError::UniqueViolation`] when one of its reference is known.
pub(crate) async fn insert(tx: &mut Connection, settlement: &Settlement) -> Result<(), DbError> {
    let row = SettlementRow::from(settlement);
    diesel::insert_into(settlements::table).values(row).execute(tx).await?;
    Ok(())
}

/// A payout, locked until the transaction ends.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: Uuid,
) -> Result<Option<Settlement>, DbError> {
    settlements::table
        .find(id)
        .select(SettlementRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Settlement::try_from)
        .transpose()
}

/// Notes that a payout was taken back.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update_reversed(
    tx: &mut Connection,
    settlement: &Settlement,
) -> Result<(), DbError> {
    let (by, at) = settlement.reversed.clone().unzip();
    diesel::update(settlements::table.find(settlement.id))
        .set((settlements::reversed_by.eq(by), settlements::reversed_at.eq(at)))
        .execute(tx)
        .await?;
    Ok(())
}

/// One page of payouts, the latest first, and how many there are.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    provider: Option<PaymentSource>,
    page: Page,
) -> Result<(Vec<Settlement>, i64), DbError> {
    let wanted = || {
        let mut query = settlements::table.into_boxed();
        if let Some(provider) = provider {
            query = query.filter(settlements::provider.eq(provider.as_wire()));
        }
        query
    };
    let count = wanted().count().get_result(conn).await?;
    let rows: Vec<SettlementRow> = wanted()
        .order((settlements::settled_on.desc(), settlements::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .select(SettlementRow::as_select())
        .load(conn)
        .await?;
    Ok((rows.into_iter().map(Settlement::try_from).collect::<Result<_, _>>()?, count))
}

/// Whether a payout of this reference is recorded.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn is_known(
    tx: &mut Connection,
    provider: PaymentSource,
    reference: &str,
) -> Result<bool, DbError> {
    let known = settlements::table
        .filter(settlements::provider.eq(provider.as_wire()))
        .filter(settlements::reference.eq(reference))
        .filter(settlements::reversed_at.is_null());
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(tx).await?)
}
