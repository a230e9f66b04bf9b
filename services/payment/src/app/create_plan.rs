//! Making a payment plan (contract row 53), and making another one in its place after the order
//! changed. Either way an invoice is written for each part, and what else was open is cancelled, so
//! that nobody pays twice. What was paid stays as it is.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InstallmentId, OrderId, PlanId, jakarta};
use rust_decimal::Decimal;

use super::invoicing::{NewPart, cancel_open_but, write_parts};
use super::plan_steps::{self, left_of};
use super::plan_view::PlanView;
use super::{App, AppError};
use crate::domain::amounts::DEFAULT_DEPOSIT_PERCENT;
use crate::domain::installment::{Installment, next_reminder};
use crate::domain::plan::{self, Part, Plan, PlanForm, PlanState};
use crate::domain::{Invoice, InvoiceKind, OrderMoney, OrderView};
use crate::store;

/// What kind of plan is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Each part named.
    Custom(Vec<Part>),
    /// A deposit and the rest.
    TwoStep {
        /// The deposit's share of what is left; the order's, else 60, when absent.
        percent: Option<Decimal>,
        /// When both are due.
        due: [DateTime<Utc>; 2],
    },
    /// Equal parts, as many as there are days.
    Equal(Vec<DateTime<Utc>>),
}

impl Shape {
    const fn form(&self) -> PlanForm {
        match self {
            Shape::Custom(_) => PlanForm::Custom,
            Shape::TwoStep { .. } => PlanForm::TwoStep,
            Shape::Equal(_) => PlanForm::Equal,
        }
    }

    fn parts(&self, order: &OrderView, sums: &OrderMoney) -> Result<Vec<Part>, AppError> {
        let left = left_of(order, sums);
        Ok(match self {
            Shape::Custom(parts) => parts.clone(),
            Shape::TwoStep { percent, due } => {
                let percent = percent.or(order.deposit_percent).unwrap_or(DEFAULT_DEPOSIT_PERCENT);
                plan::two_step(left, percent, *due)?
            }
            Shape::Equal(due) => plan::equal(left, due)?,
        })
    }
}

/// Makes a plan for what the order still owes.
///
/// # Errors
/// [`AppError::OrderNotFound`], [`AppError::OrderClosed`], [`AppError::NothingLeft`],
/// [`AppError::PlanExists`], [`AppError::Plan`], [`AppError::Db`].
pub(crate) async fn create_plan(
    app: &App,
    tx: &mut Connection,
    order: OrderId,
    (shape, by): (&Shape, &str),
) -> Result<PlanView, AppError> {
    let now = app.clock.now();
    let (order, sums) = owing(tx, order).await?;
    if store::plans::find_live_for_update(tx, order.id).await?.is_some() {
        return Err(AppError::PlanExists);
    }
    let parts = shape.parts(&order, &sums)?;
    plan::check(&parts, left_of(&order, &sums), now)?;
    cancel_open_but(tx, now, &order, None).await?;
    write_plan(app, tx, &order, Draft { form: shape.form(), parts, replaces: None, by }).await
}

/// Makes a plan in the place of `old`, for what is left by now.
///
/// # Errors
/// As [`create_plan`]; [`AppError::PlanNotFound`]; [`AppError::PlanClosed`] when nothing of it is
/// asked for any more.
pub(crate) async fn replan(
    app: &App,
    tx: &mut Connection,
    old: PlanId,
    (shape, by): (&Shape, &str),
) -> Result<PlanView, AppError> {
    let now = app.clock.now();
    let seen = store::plans::find(tx, old).await?.ok_or(AppError::PlanNotFound)?;
    let (order, sums) = owing(tx, seen.order_id).await?;
    let mut live = store::plans::find_live_for_update(tx, order.id)
        .await?
        .filter(|live| live.id == old)
        .ok_or(AppError::PlanClosed)?;
    let parts = shape.parts(&order, &sums)?;
    plan::check(&parts, left_of(&order, &sums), now)?;
    plan_steps::close(tx, now, &order, &mut live, PlanState::Replaced).await?;
    cancel_open_but(tx, now, &order, None).await?;
    let draft = Draft { form: shape.form(), parts, replaces: Some(old), by };
    write_plan(app, tx, &order, draft).await
}

/// An order that is asked for something still, and its money, locked.
async fn owing(tx: &mut Connection, order: OrderId) -> Result<(OrderView, OrderMoney), AppError> {
    let sums =
        store::orders::find_money_for_update(tx, order).await?.ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, order).await?.ok_or(AppError::OrderNotFound)?;
    if !order.is_live() {
        return Err(AppError::OrderClosed);
    }
    if left_of(&order, &sums).is_zero() {
        return Err(AppError::NothingLeft);
    }
    Ok((order, sums))
}

struct Draft<'a> {
    form: PlanForm,
    parts: Vec<Part>,
    replaces: Option<PlanId>,
    by: &'a str,
}

async fn write_plan(
    app: &App,
    tx: &mut Connection,
    order: &OrderView,
    draft: Draft<'_>,
) -> Result<PlanView, AppError> {
    let now = app.clock.now();
    let total = draft
        .parts
        .iter()
        .try_fold(konveksi_kernel::Money::ZERO, |sum, part| sum.plus(part.amount))?;
    let plan = Plan {
        id: PlanId::from_uuid(uuid_v7_at(now)),
        order_id: order.id,
        form: draft.form,
        total,
        state: PlanState::Active,
        replaces: draft.replaces,
        created_by: draft.by.to_owned(),
        created_at: now,
        version: 1,
    };
    let new = new_parts(now, &draft.parts);
    let invoices = write_parts(tx, now, order, &new).await?;
    let installments = installments(app, &plan, (&new, draft.parts), &invoices);
    store::plans::insert(tx, &plan).await?;
    store::installments::insert(tx, &installments).await?;
    let parts = installments.into_iter().zip(invoices).collect();
    Ok(PlanView { plan, parts })
}

/// Every part but the last is a deposit; a single one is everything (`settled.md` 24). Only the
/// first link is sent at once, the others come with their reminders.
fn new_parts(now: DateTime<Utc>, parts: &[Part]) -> Vec<NewPart> {
    let last = parts.len().saturating_sub(1);
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let kind = match (at == last, last) {
                (true, 0) => InvoiceKind::Full,
                (true, _) => InvoiceKind::Final,
                (false, _) => InvoiceKind::Deposit,
            };
            let after = jakarta::day_of(part.due_at).succ_opt();
            let end = after.map_or(part.due_at, jakarta::day_start);
            NewPart {
                installment_id: InstallmentId::from_uuid(uuid_v7_at(now)),
                kind,
                amount: part.amount,
                expires_at: end.max(now + kind.lifetime()),
                notify: at == 0,
            }
        })
        .collect()
}

fn installments(
    app: &App,
    plan: &Plan,
    (new, parts): (&[NewPart], Vec<Part>),
    invoices: &[Invoice],
) -> Vec<Installment> {
    let today = jakarta::day_of(app.clock.now());
    (1..)
        .zip(parts)
        .zip(new.iter().zip(invoices))
        .map(|((sequence, part), (new, invoice))| Installment {
            id: new.installment_id,
            plan_id: plan.id,
            order_id: plan.order_id,
            sequence,
            amount: part.amount,
            remind_on: next_reminder(part.due_on(), &app.reminder_steps, today).map(|(day, _)| day),
            due_at: part.due_at,
            description: part.description,
            invoice_id: invoice.id,
            waived: None,
        })
        .collect()
}
