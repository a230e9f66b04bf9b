//! Money in suspense that waits for staff.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{InvoiceId, MutationId, OrderId, Page, PaymentId, UnmatchedId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::unmatched_money;
use crate::domain::mutation::{Unmatched, UnmatchedReason, UnmatchedState};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = unmatched_money, treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct UnmatchedRow {
    id: Uuid,
    payment_id: Option<Uuid>,
    mutation_id: Option<Uuid>,
    amount: Decimal,
    reason: String,
    state: String,
    order_id: Option<Uuid>,
    invoice_id: Option<Uuid>,
    received_at: DateTime<Utc>,
    became: Option<Uuid>,
    settled_by: Option<String>,
    settled_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl From<&Unmatched> for UnmatchedRow {
    fn from(one: &Unmatched) -> UnmatchedRow {
        UnmatchedRow {
            id: one.id.as_uuid(),
            payment_id: one.payment_id.map(|id| id.as_uuid()),
            mutation_id: one.mutation_id.map(|id| id.as_uuid()),
            amount: one.amount.as_decimal(),
            reason: one.reason.as_wire().to_owned(),
            state: one.state.as_wire().to_owned(),
            order_id: one.order_id.map(|id| id.as_uuid()),
            invoice_id: one.invoice_id.map(|id| id.as_uuid()),
            received_at: one.received_at,
            became: one.became.map(|id| id.as_uuid()),
            settled_by: one.settled.as_ref().map(|(by, _)| by.clone()),
            settled_at: one.settled.as_ref().map(|(_, at)| *at),
            created_at: one.created_at,
        }
    }
}

impl TryFrom<UnmatchedRow> for Unmatched {
    type Error = DbError;

    fn try_from(row: UnmatchedRow) -> Result<Unmatched, DbError> {
        let reason = UnmatchedReason::from_wire(&row.reason);
        let state = UnmatchedState::from_wire(&row.state);
        Ok(Unmatched {
            id: UnmatchedId::from_uuid(row.id),
            payment_id: row.payment_id.map(PaymentId::from_uuid),
            mutation_id: row.mutation_id.map(MutationId::from_uuid),
            amount: money("unmatched_money.amount", row.amount)?,
            reason: word("unmatched_money.reason", &row.reason, reason)?,
            state: word("unmatched_money.state", &row.state, state)?,
            order_id: row.order_id.map(OrderId::from_uuid),
            invoice_id: row.invoice_id.map(InvoiceId::from_uuid),
            received_at: row.received_at,
            became: row.became.map(PaymentId::from_uuid),
            settled: row.settled_by.zip(row.settled_at),
            created_at: row.created_at,
        })
    }
}

/// Puts money into the queue.
///
/// # Errors
/// [`DbError::UniqueViolation`] when it is there, else any [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, one: &Unmatched) -> Result<(), DbError> {
    diesel::insert_into(unmatched_money::table).values(UnmatchedRow::from(one)).execute(tx).await?;
    Ok(())
}

/// Stores what became of it.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update(tx: &mut Connection, one: &Unmatched) -> Result<(), DbError> {
    diesel::update(unmatched_money::table.find(one.id.as_uuid()))
        .set(UnmatchedRow::from(one))
        .execute(tx)
        .await?;
    Ok(())
}

/// One sum, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: UnmatchedId,
) -> Result<Option<Unmatched>, DbError> {
    unmatched_money::table
        .find(id.as_uuid())
        .select(UnmatchedRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Unmatched::try_from)
        .transpose()
}

/// One page of the queue, newest first, of one state or all; and how many there are.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    state: Option<UnmatchedState>,
    page: Page,
) -> Result<(Vec<Unmatched>, i64), DbError> {
    let wanted = || {
        let query = unmatched_money::table.into_boxed();
        match state {
            Some(state) => query.filter(unmatched_money::state.eq(state.as_wire())),
            None => query,
        }
    };
    let count = wanted().count().get_result(conn).await?;
    let rows: Vec<UnmatchedRow> = wanted()
        .order((unmatched_money::created_at.desc(), unmatched_money::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .select(UnmatchedRow::as_select())
        .load(conn)
        .await?;
    Ok((rows.into_iter().map(Unmatched::try_from).collect::<Result<_, _>>()?, count))
}
