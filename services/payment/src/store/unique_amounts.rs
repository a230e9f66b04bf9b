//! Amounts that one invoice holds for one bank account.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, hold_name, kept};
use konveksi_kernel::{InvoiceId, Money};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::unique_amounts;
use crate::domain::unique_amount::{AmountState, UniqueAmount};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = unique_amounts)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct AmountRow {
    id: Uuid,
    invoice_id: Uuid,
    bank_account: String,
    suffix: i32,
    amount: Decimal,
    state: String,
    valid_until: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl From<&UniqueAmount> for AmountRow {
    fn from(one: &UniqueAmount) -> AmountRow {
        AmountRow {
            id: one.id,
            invoice_id: one.invoice_id.as_uuid(),
            bank_account: one.bank_account.clone(),
            suffix: one.suffix,
            amount: one.amount.as_decimal(),
            state: one.state.as_wire().to_owned(),
            valid_until: one.valid_until,
            created_at: one.created_at,
        }
    }
}

impl TryFrom<AmountRow> for UniqueAmount {
    type Error = DbError;

    fn try_from(row: AmountRow) -> Result<UniqueAmount, DbError> {
        Ok(UniqueAmount {
            id: row.id,
            invoice_id: InvoiceId::from_uuid(row.invoice_id),
            bank_account: row.bank_account,
            suffix: row.suffix,
            amount: money("unique_amounts.amount", row.amount)?,
            state: word("unique_amounts.state", &row.state, AmountState::from_wire(&row.state))?,
            valid_until: row.valid_until,
            created_at: row.created_at,
        })
    }
}

/// Holds an account's pool until the transaction ends, so that two invoices cannot take one
/// amount; frees what has passed.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn lock_pool(
    tx: &mut Connection,
    bank_account: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    hold_name(tx, &format!("unique_amounts:{bank_account}")).await?;
    let passed = unique_amounts::table
        .filter(unique_amounts::bank_account.eq(bank_account))
        .filter(unique_amounts::state.eq(AmountState::Held.as_wire()))
        .filter(unique_amounts::valid_until.le(now));
    diesel::update(passed)
        .set(unique_amounts::state.eq(AmountState::Released.as_wire()))
        .execute(tx)
        .await?;
    Ok(())
}

/// The suffixes and amounts that are held at an account; 999 at most.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn held(
    conn: &mut Connection,
    bank_account: &str,
) -> Result<Vec<(i32, Money)>, DbError> {
    let rows: Vec<(i32, Decimal)> = unique_amounts::table
        .filter(unique_amounts::bank_account.eq(bank_account))
        .filter(unique_amounts::state.eq(AmountState::Held.as_wire()))
        .select((unique_amounts::suffix, unique_amounts::amount))
        .load(conn)
        .await?;
    rows.into_iter()
        .map(|(suffix, amount)| Ok((suffix, money("unique_amounts.amount", amount)?)))
        .collect()
}

/// Stores a new one.
///
/// # Errors
/// [`DbError::UniqueViolation`] when it is held, else any [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, one: &UniqueAmount) -> Result<(), DbError> {
    diesel::insert_into(unique_amounts::table).values(AmountRow::from(one)).execute(tx).await?;
    Ok(())
}

/// What an invoice holds; absent when nothing, or its window has passed.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_invoice(
    conn: &mut Connection,
    invoice: InvoiceId,
    now: DateTime<Utc>,
) -> Result<Option<UniqueAmount>, DbError> {
    unique_amounts::table
        .filter(unique_amounts::invoice_id.eq(invoice.as_uuid()))
        .filter(unique_amounts::state.eq(AmountState::Held.as_wire()))
        .filter(unique_amounts::valid_until.gt(now))
        .select(AmountRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(UniqueAmount::try_from)
        .transpose()
}

/// Who held `amount` at an account when it was transferred at `at`. A window that has passed since
/// still counts, unless somebody else holds the amount by now.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn holder(
    conn: &mut Connection,
    bank_account: &str,
    amount: Money,
    at: DateTime<Utc>,
) -> Result<Option<UniqueAmount>, DbError> {
    unique_amounts::table
        .filter(unique_amounts::bank_account.eq(bank_account))
        .filter(unique_amounts::amount.eq(amount.as_decimal()))
        .filter(unique_amounts::state.eq(AmountState::Held.as_wire()))
        .filter(unique_amounts::valid_until.ge(at))
        .select(AmountRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(UniqueAmount::try_from)
        .transpose()
}

/// Moves what an invoice holds to `state`.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn close(
    tx: &mut Connection,
    invoice: InvoiceId,
    state: AmountState,
) -> Result<(), DbError> {
    kept("UPDATE unique_amounts SET state = $1 WHERE invoice_id = $2 AND state = 'held'")
        .bind::<Text, _>(state.as_wire())
        .bind::<SqlUuid, _>(invoice.as_uuid())
        .execute(tx)
        .await?;
    Ok(())
}

/// Frees up to 1,000 amounts whose window has passed; answers how many.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn release_passed(
    conn: &mut Connection,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    const RELEASE: &str = "
        UPDATE unique_amounts SET state = 'released' WHERE id IN (
            SELECT id FROM unique_amounts WHERE state = 'held' AND valid_until <= $1
            ORDER BY valid_until LIMIT 1000 FOR UPDATE SKIP LOCKED)";
    Ok(kept(RELEASE).bind::<Timestamptz, _>(now).execute(conn).await?)
}
