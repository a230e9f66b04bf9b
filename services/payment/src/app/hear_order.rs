//! What an order's events change here. Every event carries the order's whole state and a version,
//! so each one ends in the same reckoning: from the newest state known, what should the invoices
//! and the books be? In whatever order events arrive, the last word is the same.

use konveksi_db::Connection;
use konveksi_kernel::Money;

use super::invoicing::{
    adjust_open, ask_again, cancel_open_but, ensure_final, ensure_first, follow_plan,
};
use super::{App, AppError, plan_steps, revenue};
use crate::domain::{OrderStatus, OrderView, ProductionStatus};
use crate::store;

/// What happened, beyond the order's new state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fact {
    /// It was placed; whether its customer may be written to.
    Created {
        /// Whether the first link is sent to the customer.
        notify: bool,
    },
    /// Something about it changed.
    Changed,
    /// Its goods left, whatever became of them since.
    Shipped,
}

/// Applies one event within the transaction that notes it as heard.
///
/// # Errors
/// [`AppError::Db`]; others only for states that our own rules exclude.
pub(crate) async fn hear_order(
    app: &App,
    tx: &mut Connection,
    order: &OrderView,
    fact: Fact,
) -> Result<(), AppError> {
    let now = app.clock.now();
    let previous = store::orders::find(tx, order.id).await?;
    // What a newer state has overtaken says nothing more, unless it tells of more than its state.
    let overtaken = previous.as_ref().is_some_and(|previous| previous.version > order.version);
    if overtaken && fact == Fact::Changed {
        return Ok(());
    }
    store::orders::keep_newest(tx, order).await?;
    let mut sums =
        store::orders::find_money_for_update(tx, order.id).await?.ok_or(AppError::OrderNotFound)?;
    let newest = store::orders::find(tx, order.id).await?.ok_or(AppError::OrderNotFound)?;
    if newest.is_live() {
        let restored = previous.as_ref().is_some_and(|previous| previous.deleted);
        if previous.as_ref().is_some_and(|previous| !previous.is_live()) {
            store::refunds_due::mark_alive(tx, newest.id).await?;
        }
        if let Fact::Created { notify } = fact {
            ensure_first(tx, now, (&newest, &sums), notify).await?;
        }
        let about = (&newest, &sums);
        follow_plan(tx, now, about).await?;
        let percent_changed =
            previous.is_some_and(|previous| previous.deposit_percent != newest.deposit_percent);
        adjust_open(tx, now, about, percent_changed, None).await?;
        if awaits_the_rest(newest.status) {
            ensure_final(tx, now, about).await?;
        }
        if restored {
            ask_again(tx, now, about, awaits_the_rest(newest.status)).await?;
        }
        plan_steps::follow(tx, &newest, &sums).await?;
    } else {
        store::refunds_due::mark_ended(tx, newest.id, now).await?;
        cancel_open_but(tx, now, &newest, None).await?;
        plan_steps::end(tx, newest.id).await?;
    }
    let left = fact == Fact::Shipped || newest.production == ProductionStatus::Shipped;
    if (left || sums.is_delivered()) && newest.total > Money::ZERO {
        revenue::book(tx, now, &newest, &mut sums).await?;
    }
    Ok(())
}

const fn awaits_the_rest(status: OrderStatus) -> bool {
    match status {
        OrderStatus::WorkDone | OrderStatus::AwaitingFinalPayment => true,
        OrderStatus::AwaitingLink
        | OrderStatus::LinkCreated
        | OrderStatus::DepositPaid
        | OrderStatus::PaidInFull
        | OrderStatus::Cancelled => false,
    }
}
