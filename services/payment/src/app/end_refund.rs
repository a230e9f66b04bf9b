//! How a refund ends, within the caller's transaction: paid, or its hold given back.

use chrono::{DateTime, Utc};
use konveksi_db::Connection;

use super::invoicing::adjust_open;
use super::refund_money::post;
use super::{AppError, plan_steps};
use crate::domain::posting::{self, Parties};
use crate::domain::{Account, Payment, Refund, RefundMethod, TransferKind};
use crate::{events, store};

/// The money went back: booked, summed up and told. The caller changed `refund` and holds the
/// order's money.
pub(super) async fn completed(
    tx: &mut Connection,
    now: DateTime<Utc>,
    refund: &Refund,
    payment: &Payment,
) -> Result<(), AppError> {
    let mut sums = store::orders::find_money_for_update(tx, refund.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, refund.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let mut invoice = store::invoices::find_for_update(tx, refund.invoice_id)
        .await?
        .ok_or(AppError::InvoiceNotFound)?;
    let mut totals = store::refunds::totals_for_update(tx, payment).await?;
    totals.settle(refund.amount)?;
    sums.refund(refund.parts.order)?;
    // What an invoice asked for and got does not change; its version does, to tell the fact.
    invoice.version += 1;
    store::orders::update_money(tx, &sums).await?;
    store::invoices::update(tx, &invoice).await?;
    store::refunds::update_totals(tx, &totals).await?;
    store::refunds::update(tx, refund).await?;
    let cash = match refund.method {
        RefundMethod::Original => payment.source.cash_account(order.customer_id),
        RefundMethod::BankTransfer | RefundMethod::Cash => Account::Bank,
    };
    let entries = posting::refund_paid(cash, refund.amount);
    post(tx, now, refund, TransferKind::RefundPaid, entries).await?;
    events::refund_completed(tx, now, (&invoice, &order), refund, &sums).await?;
    if order.is_live() {
        adjust_open(tx, now, (&order, &sums), false, Some(invoice.id)).await?;
    }
    // A part that was paid stays paid; what the order owes again makes its plan out of step.
    plan_steps::follow(tx, &order, &sums).await
}

/// The money did not go back: what was held is free again.
pub(super) async fn released(
    tx: &mut Connection,
    now: DateTime<Utc>,
    refund: &Refund,
    payment: &Payment,
) -> Result<(), AppError> {
    let sums = store::orders::find_money_for_update(tx, refund.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    let order = store::orders::find(tx, refund.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let mut totals = store::refunds::totals_for_update(tx, payment).await?;
    totals.release(refund.amount, refund.parts)?;
    store::refunds::update_totals(tx, &totals).await?;
    store::refunds::update(tx, refund).await?;
    let receivable = if sums.is_delivered() {
        Some(store::ledger::balance(tx, Account::Receivable(order.id)).await?)
    } else {
        None
    };
    let parties = Parties { order: order.id, customer: order.customer_id };
    let entries = posting::refund_failed(parties, refund.amount, refund.parts, receivable);
    post(tx, now, refund, TransferKind::RefundFailed, entries).await
}
