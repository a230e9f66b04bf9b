//! Invoices.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{CustomerId, InvoiceId, OrderId, Page};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::list_counts::{self, List, Place};
use super::rows::{Span, money, word};
use super::schema::{invoice_links, invoices, order_projection};
use crate::domain::{Channel, Invoice, InvoiceCode, InvoiceKind, InvoiceStatus, LinkState};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = invoices, treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct InvoiceRow {
    id: Uuid,
    code: String,
    order_id: Uuid,
    kind: String,
    seq: i32,
    installment_id: Option<Uuid>,
    deposit_percent: Option<Decimal>,
    amount: Decimal,
    amount_paid: Decimal,
    status: String,
    channel: String,
    notify: bool,
    blast_notification: bool,
    late: bool,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
    version: i64,
}

impl From<&Invoice> for InvoiceRow {
    fn from(invoice: &Invoice) -> InvoiceRow {
        InvoiceRow {
            id: invoice.id.as_uuid(),
            code: invoice.code.as_str().to_owned(),
            order_id: invoice.order_id.as_uuid(),
            kind: invoice.kind.as_wire().to_owned(),
            seq: invoice.seq,
            installment_id: invoice.installment_id,
            deposit_percent: invoice.deposit_percent,
            amount: invoice.amount.as_decimal(),
            amount_paid: invoice.amount_paid.as_decimal(),
            status: invoice.status.as_wire().to_owned(),
            channel: invoice.channel.as_wire().to_owned(),
            notify: invoice.notify,
            blast_notification: invoice.blast_notification,
            late: invoice.late,
            created_at: invoice.created_at,
            expires_at: invoice.expires_at,
            paid_at: invoice.paid_at,
            version: invoice.version,
        }
    }
}

impl TryFrom<InvoiceRow> for Invoice {
    type Error = DbError;

    fn try_from(row: InvoiceRow) -> Result<Invoice, DbError> {
        Ok(Invoice {
            id: InvoiceId::from_uuid(row.id),
            code: InvoiceCode::from_stored(row.code),
            order_id: OrderId::from_uuid(row.order_id),
            kind: word("invoices.kind", &row.kind, InvoiceKind::from_wire(&row.kind))?,
            seq: row.seq,
            installment_id: row.installment_id,
            deposit_percent: row.deposit_percent,
            amount: money("invoices.amount", row.amount)?,
            amount_paid: money("invoices.amount_paid", row.amount_paid)?,
            status: word("invoices.status", &row.status, InvoiceStatus::from_wire(&row.status))?,
            channel: word("invoices.channel", &row.channel, Channel::from_wire(&row.channel))?,
            notify: row.notify,
            blast_notification: row.blast_notification,
            late: row.late,
            created_at: row.created_at,
            expires_at: row.expires_at,
            paid_at: row.paid_at,
            version: row.version,
        })
    }
}

fn all(rows: Vec<InvoiceRow>) -> Result<Vec<Invoice>, DbError> {
    rows.into_iter().map(Invoice::try_from).collect()
}

/// Stores a new invoice. `false` when its code, or its place (order, kind, seq), is taken.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, invoice: &Invoice) -> Result<bool, DbError> {
    let written = diesel::insert_into(invoices::table)
        .values(InvoiceRow::from(invoice))
        .on_conflict_do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// Stores a changed invoice.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update(tx: &mut Connection, invoice: &Invoice) -> Result<(), DbError> {
    diesel::update(invoices::table.find(invoice.id.as_uuid()))
        .set(InvoiceRow::from(invoice))
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(())
}

/// An invoice by its id.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: InvoiceId) -> Result<Option<Invoice>, DbError> {
    invoices::table
        .find(id.as_uuid())
        .select(InvoiceRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Invoice::try_from)
        .transpose()
}

/// An invoice by its id, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: InvoiceId,
) -> Result<Option<Invoice>, DbError> {
    invoices::table
        .find(id.as_uuid())
        .select(InvoiceRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Invoice::try_from)
        .transpose()
}

/// An invoice by its code.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_by_code(
    conn: &mut Connection,
    code: &str,
) -> Result<Option<Invoice>, DbError> {
    invoices::table
        .filter(invoices::code.eq(code))
        .select(InvoiceRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Invoice::try_from)
        .transpose()
}

/// Several invoices by their ids, in no order.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_many(
    conn: &mut Connection,
    ids: &[InvoiceId],
) -> Result<Vec<Invoice>, DbError> {
    let ids: Vec<Uuid> = ids.iter().map(InvoiceId::as_uuid).collect();
    let rows = invoices::table
        .filter(invoices::id.eq_any(ids))
        .select(InvoiceRow::as_select())
        .load(conn)
        .await?;
    all(rows)
}

/// Every invoice of an order, oldest first.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_order(
    conn: &mut Connection,
    order: OrderId,
) -> Result<Vec<Invoice>, DbError> {
    let rows = invoices::table
        .filter(invoices::order_id.eq(order.as_uuid()))
        .order((invoices::created_at, invoices::id))
        .limit(MOST_OF_ONE_ORDER)
        .select(InvoiceRow::as_select())
        .load(conn)
        .await?;
    all(rows)
}

/// Every invoice of an order, oldest first, locked in that order.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_order_for_update(
    tx: &mut Connection,
    order: OrderId,
) -> Result<Vec<Invoice>, DbError> {
    let rows = invoices::table
        .filter(invoices::order_id.eq(order.as_uuid()))
        .order((invoices::created_at, invoices::id))
        .limit(MOST_OF_ONE_ORDER)
        .select(InvoiceRow::as_select())
        .for_update()
        .load(tx)
        .await?;
    all(rows)
}

/// More invoices than an order ever has; every list has a limit.
const MOST_OF_ONE_ORDER: i64 = 500;

/// Which invoices a list wants.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter {
    /// Only this status.
    pub(crate) status: Option<InvoiceStatus>,
    /// Only this order's.
    pub(crate) order_id: Option<OrderId>,
    /// Only this customer's.
    pub(crate) customer_id: Option<CustomerId>,
    /// Only those made within, in whole Jakarta days.
    pub(crate) created: Span,
}

/// One page of invoices, newest first, and how many there are in all.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    filter: Filter,
    page: Page,
) -> Result<(Vec<Invoice>, i64), DbError> {
    let wanted = |made: Span| {
        let mut query = invoices::table.into_boxed();
        if let Some(status) = filter.status {
            query = query.filter(invoices::status.eq(status.as_wire()));
        }
        if let Some(order) = filter.order_id {
            query = query.filter(invoices::order_id.eq(order.as_uuid()));
        }
        if let Some(customer) = filter.customer_id {
            let theirs = order_projection::table
                .filter(order_projection::customer_id.eq(customer.as_uuid()))
                .select(order_projection::order_id);
            query = query.filter(invoices::order_id.eq_any(theirs));
        }
        if let Some(from) = made.from {
            query = query.filter(invoices::created_at.ge(from));
        }
        if let Some(before) = made.before {
            query = query.filter(invoices::created_at.lt(before));
        }
        query
    };
    let place = if filter.order_id.is_none() && filter.customer_id.is_none() {
        let status = filter.status.map(InvoiceStatus::as_wire);
        list_counts::find(conn, List::Invoices, status, filter.created, page).await?
    } else {
        let count = wanted(filter.created).count().get_result(conn).await?;
        Place { count, within: filter.created, offset: page.offset() }
    };
    let rows = wanted(place.within)
        .order((invoices::created_at.desc(), invoices::id.desc()))
        .limit(page.limit())
        .offset(place.offset)
        .select(InvoiceRow::as_select())
        .load(conn)
        .await?;
    Ok((all(rows)?, place.count))
}

/// Unpaid invoices whose time has passed, with their orders. One whose link is still being made
/// is not among them: its time begins when it can be paid.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn due_to_expire(
    conn: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<(InvoiceId, OrderId)>, DbError> {
    let being_made = invoice_links::table
        .filter(invoice_links::invoice_id.eq(invoices::id))
        .filter(invoice_links::state.eq(LinkState::Asked.as_wire()));
    let rows: Vec<(Uuid, Uuid)> = invoices::table
        .filter(invoices::status.eq(InvoiceStatus::Unpaid.as_wire()))
        .filter(invoices::expires_at.le(now))
        .filter(diesel::dsl::not(diesel::dsl::exists(being_made)))
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
