//! Steps about plans within somebody else's transaction. The caller holds the order's money row.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;
use konveksi_kernel::{Money, OrderId, PlanId};

use super::AppError;
use super::invoicing::cancel;
use crate::domain::installment::{Installment, plan_state};
use crate::domain::plan::{Plan, PlanState};
use crate::domain::{Invoice, InvoiceStatus, OrderMoney, OrderView};
use crate::store;

/// A plan's parts, each with its invoice, in their sequence.
pub(super) async fn parts_of(
    conn: &mut Connection,
    plan: PlanId,
) -> Result<Vec<(Installment, Invoice)>, AppError> {
    let parts = store::installments::of_plans(conn, &[plan]).await?;
    with_invoices(conn, parts).await
}

/// Parts with their invoices; two queries however many there are.
pub(super) async fn with_invoices(
    conn: &mut Connection,
    parts: Vec<Installment>,
) -> Result<Vec<(Installment, Invoice)>, AppError> {
    let ids: Vec<_> = parts.iter().map(|part| part.invoice_id).collect();
    let invoices = store::invoices::find_many(conn, &ids).await?;
    Ok(parts
        .into_iter()
        .filter_map(|part| {
            let invoice = invoices.iter().find(|one| one.id == part.invoice_id)?.clone();
            Some((part, invoice))
        })
        .collect())
}

/// What an order still owes.
pub(super) fn left_of(order: &OrderView, sums: &OrderMoney) -> Money {
    order.total.minus(sums.paid()).unwrap_or(Money::ZERO)
}

/// Lets the state of the order's plan follow from its parts and what the order still owes: after
/// its price changed, and after money came.
pub(super) async fn follow(
    tx: &mut Connection,
    order: &OrderView,
    sums: &OrderMoney,
) -> Result<(), AppError> {
    let Some(mut plan) = store::plans::find_live_for_update(tx, order.id).await? else {
        return Ok(());
    };
    let parts = parts_of(tx, plan.id).await?;
    if plan.move_to(plan_state(&parts, left_of(order, sums))?) {
        store::plans::update(tx, &plan).await?;
    }
    Ok(())
}

/// Takes up the part that `invoice` asks for, whose money turned out not to have come: its invoice
/// waits until the part's day, and a plan that was completed is live again. Whether the invoice is
/// still asked for: not when its plan was given up, or when the order has another one by now.
pub(super) async fn take_up(
    tx: &mut Connection,
    now: DateTime<Utc>,
    invoice: &mut Invoice,
) -> Result<bool, AppError> {
    let Some(part) = store::installments::of_invoice(tx, invoice.id).await? else {
        return Ok(true);
    };
    if !invoice.status.is_open() {
        return Ok(false);
    }
    let live = store::plans::find_live_for_update(tx, invoice.order_id).await?;
    let seen = store::plans::find(tx, part.plan_id).await?;
    let is_live = match (live, seen) {
        (Some(live), _) => live.id == part.plan_id,
        (None, Some(mut plan)) if plan.state == PlanState::Completed => {
            plan.move_to(PlanState::Active);
            store::plans::update(tx, &plan).await?;
            true
        }
        (None, _) => false,
    };
    if is_live && invoice.status == InvoiceStatus::Unpaid {
        invoice.expires_at = part.payable_until(now, invoice.kind.lifetime());
    }
    Ok(is_live)
}

/// Ends the order's plan, whose open invoices the caller has cancelled or cancels with the order.
pub(super) async fn end(tx: &mut Connection, order: OrderId) -> Result<(), AppError> {
    if let Some(mut plan) = store::plans::find_live_for_update(tx, order).await? {
        plan.move_to(PlanState::Cancelled);
        store::plans::update(tx, &plan).await?;
    }
    Ok(())
}

/// Stops asking for what is open of `plan`, which goes to `state`.
pub(super) async fn close(
    tx: &mut Connection,
    now: DateTime<Utc>,
    order: &OrderView,
    plan: &mut Plan,
    state: PlanState,
) -> Result<(), AppError> {
    for mut invoice in store::invoices::of_order_for_update(tx, order.id).await? {
        if invoice.installment_id.is_some() && invoice.status.is_open() {
            cancel(tx, now, order, &mut invoice).await?;
        }
    }
    plan.move_to(state);
    store::plans::update(tx, plan).await?;
    Ok(())
}

/// The open invoices of the plan that `invoice` is a part of, the oldest part first, without it;
/// none when it is no part of a plan.
pub(super) async fn other_open_parts(
    tx: &mut Connection,
    invoice: &Invoice,
) -> Result<Vec<Invoice>, AppError> {
    if invoice.installment_id.is_none() {
        return Ok(Vec::new());
    }
    let open = open_parts(tx, invoice.order_id).await?;
    Ok(open.into_iter().filter(|one| one.id != invoice.id).collect())
}

/// The open invoice of the order's plan that is due first; absent without a plan.
pub(super) async fn next_open_part(
    tx: &mut Connection,
    order: OrderId,
) -> Result<Option<Invoice>, AppError> {
    Ok(open_parts(tx, order).await?.into_iter().next())
}

/// The open invoices of the order's live plan, in the sequence of its parts, locked.
async fn open_parts(tx: &mut Connection, order: OrderId) -> Result<Vec<Invoice>, AppError> {
    let Some(plan) = store::plans::find_live_for_update(tx, order).await? else {
        return Ok(Vec::new());
    };
    let parts = store::installments::of_plans(tx, &[plan.id]).await?;
    let invoices = store::invoices::of_order_for_update(tx, order).await?;
    Ok(parts
        .iter()
        .filter(|part| part.waived.is_none())
        .filter_map(|part| invoices.iter().find(|one| one.id == part.invoice_id))
        .filter(|invoice| invoice.status.is_open())
        .cloned()
        .collect())
}
