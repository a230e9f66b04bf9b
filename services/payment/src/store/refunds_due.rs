//! Orders that ended with money of their customer's: what is due back to whom.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, kept};
use konveksi_kernel::{CustomerId, Money, OrderId, Page};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::money;
use super::schema::order_money;

/// Orders that ended with more money than refunds under way hold, and on each row how many there are.
const DUE: &str = "
    SELECT kept.order_id, known.order_code, known.customer_id, known.deleted, kept.ended_at,
           kept.captured - kept.refunded AS paid, held.amount AS pending,
           (SELECT name FROM customer_projection AS customer
            WHERE customer.customer_id = known.customer_id) AS customer_name,
           count(*) OVER () AS orders
    FROM order_money AS kept
    JOIN order_projection AS known ON known.order_id = kept.order_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(order_part), 0) AS amount FROM refunds
        WHERE refunds.order_id = kept.order_id
          AND state IN ('requested', 'approved', 'processing')
    ) AS held
    WHERE kept.ended_at IS NOT NULL AND kept.captured > kept.refunded
      AND kept.captured - kept.refunded > held.amount
    ORDER BY kept.ended_at DESC, kept.order_id DESC LIMIT $1 OFFSET $2";

/// An order that ended with money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefundDue {
    /// The order.
    pub(crate) order_id: OrderId,
    /// Its code.
    pub(crate) order_code: String,
    /// Whose money it is.
    pub(crate) customer_id: CustomerId,
    /// Their name; absent when unknown or erased.
    pub(crate) customer_name: Option<String>,
    /// What counts as paid.
    pub(crate) paid: Money,
    /// What of that refunds under way hold.
    pub(crate) pending: Money,
    /// Whether it was deleted; else it was cancelled.
    pub(crate) deleted: bool,
    /// When that was heard.
    pub(crate) ended_at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    order_id: Uuid,
    #[diesel(sql_type = Text)]
    order_code: String,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    customer_name: Option<String>,
    #[diesel(sql_type = Numeric)]
    paid: Decimal,
    #[diesel(sql_type = Numeric)]
    pending: Decimal,
    #[diesel(sql_type = Bool)]
    deleted: bool,
    #[diesel(sql_type = Timestamptz)]
    ended_at: DateTime<Utc>,
    #[diesel(sql_type = BigInt)]
    orders: i64,
}

impl TryFrom<Row> for RefundDue {
    type Error = DbError;

    fn try_from(row: Row) -> Result<RefundDue, DbError> {
        Ok(RefundDue {
            order_id: OrderId::from_uuid(row.order_id),
            order_code: row.order_code,
            customer_id: CustomerId::from_uuid(row.customer_id),
            customer_name: row.customer_name,
            paid: money("order_money.captured", row.paid)?,
            pending: money("refunds.order_part", row.pending)?,
            deleted: row.deleted,
            ended_at: row.ended_at,
        })
    }
}

/// Notes that an order ended at `at`, unless it had ended before.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn mark_ended(
    tx: &mut Connection,
    order: OrderId,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let first = order_money::table.find(order.as_uuid()).filter(order_money::ended_at.is_null());
    diesel::update(first).set(order_money::ended_at.eq(at)).execute(tx).await?;
    Ok(())
}

/// Notes that an order lives again.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn mark_alive(tx: &mut Connection, order: OrderId) -> Result<(), DbError> {
    let never: Option<DateTime<Utc>> = None;
    diesel::update(order_money::table.find(order.as_uuid()))
        .set(order_money::ended_at.eq(never))
        .execute(tx)
        .await?;
    Ok(())
}

/// One page of what is due, the last ended first, and how many orders there are; none of them on a
/// page past the end.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    page: Page,
) -> Result<(Vec<RefundDue>, i64), DbError> {
    let rows: Vec<Row> = kept(DUE)
        .bind::<BigInt, _>(page.limit())
        .bind::<BigInt, _>(page.offset())
        .load(conn)
        .await?;
    let count = rows.as_slice().first().map_or(0, |row| row.orders);
    Ok((rows.into_iter().map(RefundDue::try_from).collect::<Result<_, _>>()?, count))
}
