//! The parts of plans, and which of them are to be told.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{InstallmentId, InvoiceId, OrderId, PlanId};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::rows::money;
use super::schema::{installment_reminders, installments, payment_plans};
use crate::domain::installment::{Installment, Waiver};
use crate::domain::plan::PlanState;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = installments, treat_none_as_null = true)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct PartRow {
    id: Uuid,
    plan_id: Uuid,
    order_id: Uuid,
    sequence: i32,
    amount: Decimal,
    due_at: DateTime<Utc>,
    due_on: NaiveDate,
    description: String,
    invoice_id: Uuid,
    waived_at: Option<DateTime<Utc>>,
    waived_by: Option<String>,
    waived_reason: Option<String>,
    remind_on: Option<NaiveDate>,
}

impl From<&Installment> for PartRow {
    fn from(part: &Installment) -> PartRow {
        PartRow {
            id: part.id.as_uuid(),
            plan_id: part.plan_id.as_uuid(),
            order_id: part.order_id.as_uuid(),
            sequence: part.sequence,
            amount: part.amount.as_decimal(),
            due_at: part.due_at,
            due_on: part.due_on(),
            description: part.description.clone(),
            invoice_id: part.invoice_id.as_uuid(),
            waived_at: part.waived.as_ref().map(|waiver| waiver.at),
            waived_by: part.waived.as_ref().map(|waiver| waiver.by.clone()),
            waived_reason: part.waived.as_ref().map(|waiver| waiver.reason.clone()),
            remind_on: part.remind_on,
        }
    }
}

impl TryFrom<PartRow> for Installment {
    type Error = DbError;

    fn try_from(row: PartRow) -> Result<Installment, DbError> {
        let waived = match (row.waived_at, row.waived_by, row.waived_reason) {
            (Some(at), Some(by), Some(reason)) => Some(Waiver { at, by, reason }),
            _ => None,
        };
        Ok(Installment {
            id: InstallmentId::from_uuid(row.id),
            plan_id: PlanId::from_uuid(row.plan_id),
            order_id: OrderId::from_uuid(row.order_id),
            sequence: row.sequence,
            amount: money("installments.amount", row.amount)?,
            due_at: row.due_at,
            description: row.description,
            invoice_id: InvoiceId::from_uuid(row.invoice_id),
            waived,
            remind_on: row.remind_on,
        })
    }
}

/// Stores the parts of a new plan.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn insert(tx: &mut Connection, parts: &[Installment]) -> Result<(), DbError> {
    let rows: Vec<PartRow> = parts.iter().map(PartRow::from).collect();
    diesel::insert_into(installments::table).values(rows).execute(tx).await?;
    Ok(())
}

/// Stores a changed part.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn update(tx: &mut Connection, part: &Installment) -> Result<(), DbError> {
    diesel::update(installments::table.find(part.id.as_uuid()))
        .set(PartRow::from(part))
        .execute(tx)
        .await?;
    Ok(())
}

/// The part that an invoice asks for; absent for invoices of no plan.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_invoice(
    conn: &mut Connection,
    invoice: InvoiceId,
) -> Result<Option<Installment>, DbError> {
    installments::table
        .filter(installments::invoice_id.eq(invoice.as_uuid()))
        .select(PartRow::as_select())
        .first(conn)
        .await
        .optional()?
        .map(Installment::try_from)
        .transpose()
}

/// The parts of plans, in their sequence; 12 of a plan at most.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn of_plans(
    conn: &mut Connection,
    plans: &[PlanId],
) -> Result<Vec<Installment>, DbError> {
    let ids: Vec<Uuid> = plans.iter().map(PlanId::as_uuid).collect();
    let rows: Vec<PartRow> = installments::table
        .filter(installments::plan_id.eq_any(ids))
        .order((installments::plan_id, installments::sequence))
        .select(PartRow::as_select())
        .load(conn)
        .await?;
    rows.into_iter().map(Installment::try_from).collect()
}

/// Parts that are to be told by `today`, of plans that are asked for, with their orders.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn due_to_tell(
    conn: &mut Connection,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<(InstallmentId, OrderId)>, DbError> {
    let live = PlanState::ALL.into_iter().filter(|state| state.is_live()).map(PlanState::as_wire);
    let rows: Vec<(Uuid, Uuid)> = installments::table
        .inner_join(payment_plans::table.on(payment_plans::id.eq(installments::plan_id)))
        .filter(installments::remind_on.le(today))
        .filter(payment_plans::state.eq_any(live))
        .order((installments::remind_on, installments::id))
        .limit(limit)
        .select((installments::id, installments::order_id))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(part, order)| (InstallmentId::from_uuid(part), OrderId::from_uuid(order)))
        .collect())
}

/// A part that is to be told by `today`, for this caller alone; absent when somebody else has it
/// or it was told meanwhile.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn claim_to_tell(
    tx: &mut Connection,
    id: InstallmentId,
    today: NaiveDate,
) -> Result<Option<Installment>, DbError> {
    installments::table
        .find(id.as_uuid())
        .filter(installments::remind_on.le(today))
        .select(PartRow::as_select())
        .for_update()
        .skip_locked()
        .first(tx)
        .await
        .optional()?
        .map(Installment::try_from)
        .transpose()
}

/// Notes that a step was told; `false` when it was before.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn note_told(
    tx: &mut Connection,
    id: InstallmentId,
    step_days: i32,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let written = diesel::insert_into(installment_reminders::table)
        .values((
            installment_reminders::installment_id.eq(id.as_uuid()),
            installment_reminders::step_days.eq(step_days),
            installment_reminders::told_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(tx)
        .await?;
    Ok(written > 0)
}

/// Forgets what was told of a part whose day was moved: its steps begin anew.
///
/// # Errors
/// [`DbError`].
pub(crate) async fn forget_told(tx: &mut Connection, id: InstallmentId) -> Result<(), DbError> {
    let told =
        installment_reminders::table.filter(installment_reminders::installment_id.eq(id.as_uuid()));
    diesel::delete(told).execute(tx).await?;
    Ok(())
}
