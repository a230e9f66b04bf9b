//! Payments; the table is append-only for this service's role.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError, KeepPlan as _};
use konveksi_kernel::{CustomerId, InvoiceId, OrderId, Page, PaymentId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::list_counts::{self, List, Place};
use super::rows::{Span, money, word};
use super::schema::{order_projection, payments};
use crate::domain::{Payment, PaymentSource, PaymentStatus};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = payments)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct PaymentRow {
    id: Uuid,
    invoice_id: Uuid,
    order_id: Uuid,
    source: String,
    provider_ref: Option<String>,
    part: i32,
    method: String,
    amount: Decimal,
    fee: Decimal,
    unique_code: Decimal,
    allocated: Decimal,
    status: String,
    late: bool,
    contact_info: String,
    notes: Option<String>,
    paid_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
}

impl From<&Payment> for PaymentRow {
    fn from(payment: &Payment) -> PaymentRow {
        PaymentRow {
            id: payment.id.as_uuid(),
            invoice_id: payment.invoice_id.as_uuid(),
            order_id: payment.order_id.as_uuid(),
            source: payment.source.as_wire().to_owned(),
            provider_ref: payment.provider_ref.clone(),
            part: payment.part,
            method: payment.method.clone(),
            amount: payment.amount.as_decimal(),
            fee: payment.fee.as_decimal(),
            unique_code: payment.unique_code.as_decimal(),
            allocated: payment.allocated.as_decimal(),
            status: payment.status.as_wire().to_owned(),
            late: payment.late,
            contact_info: payment.contact_info.clone(),
            notes: payment.notes.clone(),
            paid_at: payment.paid_at,
            created_at: payment.created_at,
        }
    }
}

impl TryFrom<PaymentRow> for Payment {
    type Error = DbError;

    fn try_from(row: PaymentRow) -> Result<Payment, DbError> {
        Ok(Payment {
            id: PaymentId::from_uuid(row.id),
            invoice_id: InvoiceId::from_uuid(row.invoice_id),
            order_id: OrderId::from_uuid(row.order_id),
            source: word("payments.source", &row.source, PaymentSource::from_wire(&row.source))?,
            provider_ref: row.provider_ref,
            part: row.part,
            method: row.method,
            amount: money("payments.amount", row.amount)?,
            fee: money("payments.fee", row.fee)?,
            unique_code: money("payments.unique_code", row.unique_code)?,
            allocated: money("payments.allocated", row.allocated)?,
            status: word("payments.status", &row.status, PaymentStatus::from_wire(&row.status))?,
            late: row.late,
            contact_info: row.contact_info,
            notes: row.notes,
            paid_at: row.paid_at,
            created_at: row.created_at,
        })
    }
}

/// Stores a payment. `false` when the provider's payment is stored already.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, payment: &Payment) -> Result<bool, DbError> {
    let written = diesel::insert_into(payments::table)
        .values(PaymentRow::from(payment))
        .on_conflict((payments::source, payments::provider_ref, payments::part))
        .do_nothing()
        .keep_plan()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// Whether the provider's payment is stored already.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn is_known(
    conn: &mut Connection,
    source: PaymentSource,
    provider_ref: &str,
) -> Result<bool, DbError> {
    let known = payments::table
        .filter(payments::source.eq(source.as_wire()))
        .filter(payments::provider_ref.eq(provider_ref));
    Ok(diesel::select(diesel::dsl::exists(known)).get_result(conn).await?)
}

/// A payment by its id.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: PaymentId) -> Result<Option<Payment>, DbError> {
    payments::table
        .find(id.as_uuid())
        .select(PaymentRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Payment::try_from)
        .transpose()
}

/// Every payment of an order, oldest first.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_order(
    conn: &mut Connection,
    order: OrderId,
) -> Result<Vec<Payment>, DbError> {
    let rows: Vec<PaymentRow> = payments::table
        .filter(payments::order_id.eq(order.as_uuid()))
        .order((payments::created_at, payments::id))
        .limit(500)
        .select(PaymentRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(Payment::try_from).collect()
}

/// Which payments a list wants.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter {
    /// Only this invoice's.
    pub(crate) invoice_id: Option<InvoiceId>,
    /// Only this order's.
    pub(crate) order_id: Option<OrderId>,
    /// Only this customer's.
    pub(crate) customer_id: Option<CustomerId>,
    /// Only this status.
    pub(crate) status: Option<PaymentStatus>,
    /// Only those paid within, in whole Jakarta days.
    pub(crate) paid: Span,
}

/// One page of payments, newest first, and how many there are. Where days are asked for, newest
/// means by the time of payment, so that one index finds and sorts them.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    filter: Filter,
    page: Page,
) -> Result<(Vec<Payment>, i64), DbError> {
    let wanted = |paid: Span| {
        let mut query = payments::table.into_boxed();
        if let Some(invoice) = filter.invoice_id {
            query = query.filter(payments::invoice_id.eq(invoice.as_uuid()));
        }
        if let Some(order) = filter.order_id {
            query = query.filter(payments::order_id.eq(order.as_uuid()));
        }
        if let Some(customer) = filter.customer_id {
            let theirs = order_projection::table
                .filter(order_projection::customer_id.eq(customer.as_uuid()))
                .select(order_projection::order_id);
            query = query.filter(payments::order_id.eq_any(theirs));
        }
        if let Some(status) = filter.status {
            query = query.filter(payments::status.eq(status.as_wire()));
        }
        if let Some(from) = paid.from {
            query = query.filter(payments::paid_at.ge(from));
        }
        if let Some(before) = paid.before {
            query = query.filter(payments::paid_at.lt(before));
        }
        query
    };
    let Filter { invoice_id, order_id, customer_id, status, paid } = filter;
    // Days are counted by when money came; without days the list goes by when it was recorded.
    let by_recording = paid == Span::default();
    let place = if invoice_id.is_none() && order_id.is_none() && customer_id.is_none() {
        let list = if by_recording { List::PaymentsRecorded } else { List::Payments };
        list_counts::find(conn, list, status.map(PaymentStatus::as_wire), paid, page).await?
    } else {
        let count = wanted(paid).count().get_result(conn).await?;
        Place { count, within: paid, offset: page.offset() }
    };
    let mut found = wanted(if by_recording { paid } else { place.within });
    if by_recording {
        if let Some(from) = place.within.from {
            found = found.filter(payments::created_at.ge(from));
        }
        if let Some(before) = place.within.before {
            found = found.filter(payments::created_at.lt(before));
        }
        found = found.order((payments::created_at.desc(), payments::id.desc()));
    } else {
        found = found.order((payments::paid_at.desc(), payments::id.desc()));
    }
    let found = found.offset(place.offset).limit(page.limit()).select(payments::id);
    // Ids first: passing over rows of an index alone is a fraction of passing over payments.
    let ids: Vec<Uuid> = found.load(conn).await?;
    let mut rows: Vec<PaymentRow> = payments::table
        .filter(payments::id.eq_any(&ids))
        .select(PaymentRow::as_select())
        .load(conn)
        .await?;
    rows.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
    Ok((rows.into_iter().map(Payment::try_from).collect::<Result<_, _>>()?, place.count))
}
