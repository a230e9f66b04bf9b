//! Which invoices were told to be overdue, and which are to be.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{InvoiceId, OrderId};
use uuid::Uuid;

use super::schema::{invoice_overdue as told, invoices, order_projection};
use crate::domain::{InvoiceStatus, OrderStatus};

/// From when to when the time of an invoice ended that may be told now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// Older ones are told no more.
    pub(crate) from: DateTime<Utc>,
    /// Younger ones have not reached the first step.
    pub(crate) until: DateTime<Utc>,
}

/// Unpaid invoices of live orders whose next step has come, oldest first.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn due(
    conn: &mut Connection,
    now: DateTime<Utc>,
    window: Window,
    limit: i64,
) -> Result<Vec<(InvoiceId, OrderId)>, DbError> {
    let open = InvoiceStatus::ALL.into_iter().filter(|status| status.is_open());
    let rows: Vec<(Uuid, Uuid)> = invoices::table
        .inner_join(order_projection::table.on(order_projection::order_id.eq(invoices::order_id)))
        .left_join(told::table.on(told::invoice_id.eq(invoices::id)))
        .filter(invoices::status.eq_any(open.map(InvoiceStatus::as_wire)))
        .filter(invoices::expires_at.ge(window.from))
        .filter(invoices::expires_at.lt(window.until))
        .filter(order_projection::status.ne(OrderStatus::Cancelled.as_wire()))
        .filter(order_projection::deleted.eq(false))
        .filter(told::invoice_id.nullable().is_null().or(told::next_at.le(now)))
        .order(invoices::expires_at)
        .limit(limit)
        .select((invoices::id, invoices::order_id))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(invoice, order)| (InvoiceId::from_uuid(invoice), OrderId::from_uuid(order)))
        .collect())
}

/// The highest step that was told of an invoice; 0 when none was.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn step_of(tx: &mut Connection, invoice: InvoiceId) -> Result<i32, DbError> {
    let found: Option<i32> = told::table
        .find(invoice.as_uuid())
        .select(told::step)
        .for_update()
        .first(tx)
        .await
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// Notes that `step` was told, and when the next one comes.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn note(
    tx: &mut Connection,
    invoice: InvoiceId,
    step: i32,
    (told_at, next_at): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Result<(), DbError> {
    let row = (told::step.eq(step), told::told_at.eq(told_at), told::next_at.eq(next_at));
    diesel::insert_into(told::table)
        .values((told::invoice_id.eq(invoice.as_uuid()), row))
        .on_conflict(told::invoice_id)
        .do_update()
        .set(row)
        .execute(tx)
        .await?;
    Ok(())
}
