//! What staff may change of a plan without making a new one: the days of parts that are not paid,
//! that a part is asked for, and that any is.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::{PlanId, jakarta};

use super::invoicing::{cancel, relink};
use super::plan_steps;
use super::plan_view::PlanView;
use super::{App, AppError};
use crate::domain::installment::{Installment, Waiver, next_reminder};
use crate::domain::plan::{Plan, PlanState, check_days};
use crate::domain::{Invoice, InvoiceStatus, OrderMoney, OrderView};
use crate::store;

/// A part's new day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NewDay {
    /// The part, counted from 1.
    pub(crate) sequence: i32,
    /// When it is due from now on.
    pub(crate) due_at: DateTime<Utc>,
}

/// Moves the days of parts that are still asked for; afterwards all days still rise. Links that
/// would end before the new day are made anew.
///
/// # Errors
/// [`AppError::PlanNotFound`], [`AppError::PlanClosed`], [`AppError::PartNotFound`],
/// [`AppError::PartSettled`], [`AppError::Plan`], [`AppError::Db`].
pub(crate) async fn reschedule(
    app: &App,
    tx: &mut Connection,
    id: PlanId,
    days: &[NewDay],
) -> Result<PlanView, AppError> {
    let now = app.clock.now();
    let mut open = Open::lock(tx, id).await?;
    for day in days {
        let (part, invoice) = open.part(day.sequence)?;
        if part.waived.is_some() || !invoice.status.is_open() {
            return Err(AppError::PartSettled);
        }
        part.due_at = day.due_at;
    }
    let due: Vec<_> = open.parts.iter().map(|(part, _)| part.due_at).collect();
    check_days(&due, now)?;
    let today = jakarta::day_of(now);
    for day in days {
        let (part, invoice) = open.part(day.sequence)?;
        part.remind_on =
            next_reminder(part.due_on(), &app.reminder_steps, today).map(|(day, _)| day);
        store::installments::forget_told(tx, part.id).await?;
        store::installments::update(tx, part).await?;
        let until = part.payable_until(now, invoice.kind.lifetime());
        if until > invoice.expires_at || invoice.status == InvoiceStatus::Expired {
            invoice.status = InvoiceStatus::Unpaid;
            invoice.expires_at = until;
            invoice.version += 1;
            store::invoices::update(tx, invoice).await?;
            relink(tx, now, invoice).await?;
        }
    }
    Ok(open.view())
}

/// Stops asking for a part. What came of it stays; the order's price is not changed by this.
/// Asking again for the same changes nothing.
///
/// # Errors
/// [`AppError::PlanNotFound`], [`AppError::PlanClosed`], [`AppError::PartNotFound`],
/// [`AppError::PartSettled`] when it is paid, [`AppError::Db`].
pub(crate) async fn waive(
    app: &App,
    tx: &mut Connection,
    id: PlanId,
    (sequence, reason, by): (i32, &str, &str),
) -> Result<PlanView, AppError> {
    let now = app.clock.now();
    let seen = store::plans::find(tx, id).await?.ok_or(AppError::PlanNotFound)?;
    if !seen.state.is_live() {
        let parts = plan_steps::parts_of(tx, id).await?;
        let waived =
            parts.iter().any(|(part, _)| part.sequence == sequence && part.waived.is_some());
        return if waived { Ok(PlanView { plan: seen, parts }) } else { Err(AppError::PlanClosed) };
    }
    let mut open = Open::lock(tx, id).await?;
    let order = open.order.clone();
    let (part, invoice) = open.part(sequence)?;
    if part.waived.is_some() {
        return Ok(open.view());
    }
    if !invoice.status.is_open() {
        return Err(AppError::PartSettled);
    }
    part.waived = Some(Waiver { at: now, by: by.to_owned(), reason: reason.to_owned() });
    part.remind_on = None;
    store::installments::update(tx, part).await?;
    cancel(tx, now, &order, invoice).await?;
    plan_steps::follow(tx, &order, &open.sums).await?;
    open.plan = store::plans::find(tx, id).await?.ok_or(AppError::PlanNotFound)?;
    Ok(open.view())
}

/// Gives a plan up; its open invoices are cancelled. Asking again changes nothing.
///
/// # Errors
/// [`AppError::PlanNotFound`]; [`AppError::PlanClosed`] when it is completed or replaced;
/// [`AppError::Db`].
pub(crate) async fn cancel_plan(
    app: &App,
    tx: &mut Connection,
    id: PlanId,
) -> Result<PlanView, AppError> {
    let now = app.clock.now();
    let seen = store::plans::find(tx, id).await?.ok_or(AppError::PlanNotFound)?;
    if seen.state != PlanState::Cancelled {
        let Open { mut plan, order, .. } = Open::lock(tx, id).await?;
        plan_steps::close(tx, now, &order, &mut plan, PlanState::Cancelled).await?;
    }
    let plan = store::plans::find(tx, id).await?.ok_or(AppError::PlanNotFound)?;
    Ok(PlanView { parts: plan_steps::parts_of(tx, id).await?, plan })
}

/// A plan that is asked for, locked, with all that belongs to it.
struct Open {
    plan: Plan,
    order: OrderView,
    sums: OrderMoney,
    parts: Vec<(Installment, Invoice)>,
}

impl Open {
    async fn lock(tx: &mut Connection, id: PlanId) -> Result<Open, AppError> {
        let seen = store::plans::find(tx, id).await?.ok_or(AppError::PlanNotFound)?;
        let sums = store::orders::find_money_for_update(tx, seen.order_id)
            .await?
            .ok_or(AppError::OrderNotFound)?;
        let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
        let plan = store::plans::find_live_for_update(tx, order.id)
            .await?
            .filter(|live| live.id == id)
            .ok_or(AppError::PlanClosed)?;
        store::invoices::of_order_for_update(tx, order.id).await?;
        let parts = plan_steps::parts_of(tx, id).await?;
        Ok(Open { plan, order, sums, parts })
    }

    fn part(&mut self, sequence: i32) -> Result<&mut (Installment, Invoice), AppError> {
        let found = self.parts.iter_mut().find(|(part, _)| part.sequence == sequence);
        found.ok_or(AppError::PartNotFound)
    }

    fn view(self) -> PlanView {
        PlanView { plan: self.plan, parts: self.parts }
    }
}
