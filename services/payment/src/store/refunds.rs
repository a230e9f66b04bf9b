//! Refunds, and what of each payment they took.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{FileId, InvoiceId, Money, OrderId, Page, PaymentId, RefundId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::{money, word};
use super::schema::{payment_refunds, refunds};
use crate::domain::{
    Payment, PaymentSource, Refund, RefundMethod, RefundParts, RefundState, RefundTotals,
};

/// How long a claimed refund stays with who claimed it: longer than two calls of the provider.
const LEASE: Duration = Duration::seconds(60);

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = refunds, treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct RefundRow {
    id: Uuid,
    payment_id: Uuid,
    invoice_id: Uuid,
    order_id: Uuid,
    amount: Decimal,
    credit_part: Decimal,
    order_part: Decimal,
    from_revenue: bool,
    reason: String,
    method: String,
    provider: Option<String>,
    state: String,
    requested_by: String,
    needs_second: bool,
    approved_by: Option<String>,
    same_person: bool,
    provider_ref: Option<String>,
    reference: Option<String>,
    proof_file_id: Option<Uuid>,
    failure: Option<String>,
    due_at: Option<DateTime<Utc>>,
    attempts: i32,
    version: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    completed_at: Option<DateTime<Utc>>,
}

impl From<&Refund> for RefundRow {
    fn from(refund: &Refund) -> RefundRow {
        RefundRow {
            id: refund.id.as_uuid(),
            payment_id: refund.payment_id.as_uuid(),
            invoice_id: refund.invoice_id.as_uuid(),
            order_id: refund.order_id.as_uuid(),
            amount: refund.amount.as_decimal(),
            credit_part: refund.parts.credit.as_decimal(),
            order_part: refund.parts.order.as_decimal(),
            from_revenue: refund.parts.from_revenue,
            reason: refund.reason.clone(),
            method: refund.method.as_wire().to_owned(),
            provider: refund.provider.map(|provider| provider.as_wire().to_owned()),
            state: refund.state.as_wire().to_owned(),
            requested_by: refund.requested_by.clone(),
            needs_second: refund.needs_second,
            approved_by: refund.approved_by.clone(),
            same_person: refund.same_person,
            provider_ref: refund.provider_ref.clone(),
            reference: refund.reference.clone(),
            proof_file_id: refund.proof_file_id.map(|id| id.as_uuid()),
            failure: refund.failure.clone(),
            due_at: refund.due_at,
            attempts: refund.attempts,
            version: refund.version,
            created_at: refund.created_at,
            updated_at: refund.updated_at,
            completed_at: refund.completed_at,
        }
    }
}

impl TryFrom<RefundRow> for Refund {
    type Error = DbError;

    fn try_from(row: RefundRow) -> Result<Refund, DbError> {
        let provider = row
            .provider
            .map(|text| word("refunds.provider", &text, PaymentSource::from_wire(&text)))
            .transpose()?;
        Ok(Refund {
            id: RefundId::from_uuid(row.id),
            payment_id: PaymentId::from_uuid(row.payment_id),
            invoice_id: InvoiceId::from_uuid(row.invoice_id),
            order_id: OrderId::from_uuid(row.order_id),
            amount: money("refunds.amount", row.amount)?,
            parts: RefundParts {
                credit: money("refunds.credit_part", row.credit_part)?,
                order: money("refunds.order_part", row.order_part)?,
                from_revenue: row.from_revenue,
            },
            reason: row.reason,
            method: word("refunds.method", &row.method, RefundMethod::from_wire(&row.method))?,
            provider,
            state: word("refunds.state", &row.state, RefundState::from_wire(&row.state))?,
            requested_by: row.requested_by,
            needs_second: row.needs_second,
            approved_by: row.approved_by,
            same_person: row.same_person,
            provider_ref: row.provider_ref,
            reference: row.reference,
            proof_file_id: row.proof_file_id.map(FileId::from_uuid),
            failure: row.failure,
            due_at: row.due_at,
            attempts: row.attempts,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
            completed_at: row.completed_at,
        })
    }
}

/// The refunds' sums of a payment, locked until the transaction ends; the row is made when the
/// payment never had a refund.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn totals_for_update(
    tx: &mut Connection,
    payment: &Payment,
) -> Result<RefundTotals, DbError> {
    use payment_refunds as t;
    diesel::insert_into(t::table)
        .values((
            t::payment_id.eq(payment.id.as_uuid()),
            t::captured.eq(payment.amount.as_decimal()),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    let (captured, pending, refunded, credit): (Decimal, Decimal, Decimal, Decimal) = t::table
        .find(payment.id.as_uuid())
        .select((t::captured, t::pending, t::refunded, t::credit_taken))
        .for_update()
        .first(tx)
        .await?;
    Ok(RefundTotals {
        payment_id: payment.id,
        captured: money("payment_refunds.captured", captured)?,
        pending: money("payment_refunds.pending", pending)?,
        refunded: money("payment_refunds.refunded", refunded)?,
        credit_taken: money("payment_refunds.credit_taken", credit)?,
    })
}

/// Stores changed sums; the caller holds the row's lock.
///
/// # Errors
/// [`DbError::CheckViolation`] when refunds would exceed the payment, else any [`DbError`].
pub(crate) async fn update_totals(
    tx: &mut Connection,
    totals: &RefundTotals,
) -> Result<(), DbError> {
    use payment_refunds as t;
    diesel::update(t::table.find(totals.payment_id.as_uuid()))
        .set((
            t::pending.eq(totals.pending.as_decimal()),
            t::refunded.eq(totals.refunded.as_decimal()),
            t::credit_taken.eq(totals.credit_taken.as_decimal()),
        ))
        .execute(tx)
        .await?;
    Ok(())
}

/// What went back of several payments; payments without a refund are left out.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn refunded_of(
    conn: &mut Connection,
    payments: &[PaymentId],
) -> Result<Vec<(PaymentId, Money)>, DbError> {
    use payment_refunds as t;
    let ids: Vec<Uuid> = payments.iter().map(PaymentId::as_uuid).collect();
    let rows: Vec<(Uuid, Decimal)> = t::table
        .filter(t::payment_id.eq_any(ids))
        .select((t::payment_id, t::refunded))
        .load(conn)
        .await?;
    rows.into_iter()
        .map(|(id, sum)| Ok((PaymentId::from_uuid(id), money("payment_refunds.refunded", sum)?)))
        .collect()
}

/// Stores a new refund.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, refund: &Refund) -> Result<(), DbError> {
    diesel::insert_into(refunds::table).values(RefundRow::from(refund)).execute(tx).await?;
    Ok(())
}

/// Stores a changed refund.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update(tx: &mut Connection, refund: &Refund) -> Result<(), DbError> {
    diesel::update(refunds::table.find(refund.id.as_uuid()))
        .set(RefundRow::from(refund))
        .execute(tx)
        .await?;
    Ok(())
}

/// A refund by its id.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find(conn: &mut Connection, id: RefundId) -> Result<Option<Refund>, DbError> {
    refunds::table
        .find(id.as_uuid())
        .select(RefundRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Refund::try_from)
        .transpose()
}

/// A refund by its id, locked.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn find_for_update(
    tx: &mut Connection,
    id: RefundId,
) -> Result<Option<Refund>, DbError> {
    refunds::table
        .find(id.as_uuid())
        .select(RefundRow::as_select())
        .for_update()
        .first(tx)
        .await
        .optional()?
        .map(Refund::try_from)
        .transpose()
}

/// Whether the same person asked for the same amount of the same payment after `since`, and it
/// was not taken back.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn asked_since(
    tx: &mut Connection,
    (payment, amount): (PaymentId, Money),
    requested_by: &str,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let same = refunds::table
        .filter(refunds::payment_id.eq(payment.as_uuid()))
        .filter(refunds::amount.eq(amount.as_decimal()))
        .filter(refunds::requested_by.eq(requested_by))
        .filter(refunds::created_at.gt(since))
        .filter(refunds::state.ne(RefundState::Cancelled.as_wire()));
    Ok(diesel::select(diesel::dsl::exists(same)).get_result(tx).await?)
}

/// Which refunds a list wants.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Filter {
    /// Only this state.
    pub(crate) state: Option<RefundState>,
    /// Only this payment's.
    pub(crate) payment_id: Option<PaymentId>,
    /// Only this order's.
    pub(crate) order_id: Option<OrderId>,
}

/// One page of refunds, newest first, and how many there are in all.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn list(
    conn: &mut Connection,
    filter: Filter,
    page: Page,
) -> Result<(Vec<Refund>, i64), DbError> {
    let wanted = || {
        let mut query = refunds::table.into_boxed();
        if let Some(state) = filter.state {
            query = query.filter(refunds::state.eq(state.as_wire()));
        }
        if let Some(payment) = filter.payment_id {
            query = query.filter(refunds::payment_id.eq(payment.as_uuid()));
        }
        if let Some(order) = filter.order_id {
            query = query.filter(refunds::order_id.eq(order.as_uuid()));
        }
        query
    };
    let count = wanted().count().get_result(conn).await?;
    let rows: Vec<RefundRow> = wanted()
        .order((refunds::created_at.desc(), refunds::id.desc()))
        .limit(page.limit())
        .offset(page.offset())
        .select(RefundRow::as_select())
        .load(conn)
        .await?;
    Ok((rows.into_iter().map(Refund::try_from).collect::<Result<_, _>>()?, count))
}

/// Takes up to `limit` refunds whose provider is to be asked; each comes back by itself when its
/// claimant dies.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim_due(
    tx: &mut Connection,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<RefundId>, DbError> {
    let due: Vec<Uuid> = refunds::table
        .filter(refunds::due_at.le(now))
        .order(refunds::due_at)
        .limit(limit)
        .select(refunds::id)
        .for_update()
        .skip_locked()
        .load(tx)
        .await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    diesel::update(refunds::table.filter(refunds::id.eq_any(&due)))
        .set(refunds::due_at.eq(now + LEASE))
        .execute(tx)
        .await?;
    Ok(due.into_iter().map(RefundId::from_uuid).collect())
}

/// Lets the provider be asked at once about a refund that is on its way; answers whether there is
/// one.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn hurry(
    tx: &mut Connection,
    id: RefundId,
    now: DateTime<Utc>,
) -> Result<Option<OrderId>, DbError> {
    let order: Option<Uuid> =
        refunds::table.find(id.as_uuid()).select(refunds::order_id).first(tx).await.optional()?;
    let waiting = refunds::table.find(id.as_uuid()).filter(refunds::due_at.gt(now));
    diesel::update(waiting).set(refunds::due_at.eq(now)).execute(tx).await?;
    Ok(order.map(OrderId::from_uuid))
}

/// The provider is asked again at that time.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn poll_at(
    conn: &mut Connection,
    id: RefundId,
    due_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let waiting = refunds::table.find(id.as_uuid()).filter(refunds::due_at.is_not_null());
    diesel::update(waiting).set(refunds::due_at.eq(due_at)).execute(conn).await?;
    Ok(())
}

/// Lets the provider be asked at once about the refunds under way of a payment.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn hurry_of_invoice(
    tx: &mut Connection,
    invoice: InvoiceId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let waiting = refunds::table
        .filter(refunds::invoice_id.eq(invoice.as_uuid()))
        .filter(refunds::due_at.gt(now));
    diesel::update(waiting).set(refunds::due_at.eq(now)).execute(tx).await?;
    Ok(())
}
