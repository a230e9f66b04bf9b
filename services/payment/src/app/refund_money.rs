//! Refunds that staff ask for, agree to, pay by hand or give up (contract row 55). Each is a step
//! of the transaction that answers the request, so that a repeated key repeats the answer alone.

use chrono::{DateTime, Duration, Utc};
use konveksi_db::Connection;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{FileId, Money, PaymentId, RefundId, TransferId};

use super::end_refund::{completed, released};
use super::{App, AppError};
use crate::domain::posting::{self, Parties};
use crate::domain::{
    Account, Actor, OrderMoney, OrderView, Payable, Payment, PaymentSource, PaymentStatus, Refund,
    RefundMethod, RefundState, RefundTotals, Transfer, TransferKind,
};
use crate::store;

/// How long an equal refund without a key counts as a double click.
const DOUBLE_WITHIN: Duration = Duration::seconds(60);

/// What is asked for.
#[derive(Debug, Clone)]
pub(crate) struct RefundWish {
    /// Of which payment.
    pub(crate) payment_id: PaymentId,
    /// How much; whole rupiah.
    pub(crate) amount: Money,
    /// Why.
    pub(crate) reason: String,
    /// How; absent: the way it came where the provider can, else by transfer.
    pub(crate) method: Option<RefundMethod>,
    /// Whether the request carries a key, which is a better guard against doubles than ours.
    pub(crate) has_key: bool,
}

/// Asks for a refund: its amount is held from now on.
///
/// # Errors
/// [`AppError::PaymentNotFound`]; [`AppError::NotRefundable`] for money that waits in suspense or
/// was taken back; [`AppError::RefundSuspectedDouble`]; [`AppError::Hold`] for more than what is left;
/// [`AppError::NoRefundThatWay`]; [`AppError::Db`].
pub(crate) async fn ask(
    app: &App,
    tx: &mut Connection,
    wish: RefundWish,
    actor: &Actor,
) -> Result<Refund, AppError> {
    let now = app.clock.now();
    let payment =
        store::payments::find(tx, wish.payment_id).await?.ok_or(AppError::PaymentNotFound)?;
    let sums = store::orders::find_money_for_update(tx, payment.order_id)
        .await?
        .ok_or(AppError::OrderNotFound)?;
    insist_refundable(tx, &payment).await?;
    let (method, provider) = way_back(&payment, wish.method)?;
    if !wish.has_key {
        let same = (payment.id, wish.amount);
        if store::refunds::asked_since(tx, same, &actor.name, now - DOUBLE_WITHIN).await? {
            return Err(AppError::RefundSuspectedDouble);
        }
    }
    let order = store::orders::find(tx, payment.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let mut totals = store::refunds::totals_for_update(tx, &payment).await?;
    let payable = payable(tx, &order, &sums, &payment).await?;
    let parts = totals.hold(wish.amount, payable)?;
    let needs_second = needs_second(app, &totals)?;
    let refund = Refund {
        id: RefundId::from_uuid(uuid_v7_at(now)),
        payment_id: payment.id,
        invoice_id: payment.invoice_id,
        order_id: payment.order_id,
        amount: wish.amount,
        parts,
        reason: wish.reason,
        method,
        provider,
        state: if needs_second { RefundState::Requested } else { RefundState::Approved },
        requested_by: actor.name.clone(),
        needs_second,
        approved_by: None,
        same_person: false,
        provider_ref: None,
        reference: None,
        proof_file_id: None,
        failure: None,
        due_at: provider.filter(|_provider| !needs_second).map(|_provider| now),
        attempts: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        completed_at: None,
    };
    store::refunds::update_totals(tx, &totals).await?;
    store::refunds::insert(tx, &refund).await?;
    let parties = Parties { order: order.id, customer: order.customer_id };
    let entries = posting::refund_requested(parties, refund.amount, parts);
    post(tx, now, &refund, TransferKind::RefundRequested, entries).await?;
    Ok(refund)
}

/// Somebody agrees to a refund above the limit.
///
/// # Errors
/// [`AppError::RefundNotFound`]; [`AppError::Refund`]; [`AppError::Db`].
pub(crate) async fn approve(
    app: &App,
    tx: &mut Connection,
    id: RefundId,
    actor: &Actor,
) -> Result<Refund, AppError> {
    let (mut refund, _payment) = locked(tx, id).await?;
    refund.approve(actor, app.clock.now())?;
    if refund.same_person {
        tracing::warn!(refund.id = %id, actor = actor.name, "the owner approved their own refund");
    }
    store::refunds::update(tx, &refund).await?;
    Ok(refund)
}

/// Staff paid it by hand.
///
/// # Errors
/// [`AppError::RefundNotFound`]; [`AppError::Refund`]; [`AppError::Db`].
pub(crate) async fn complete(
    app: &App,
    tx: &mut Connection,
    id: RefundId,
    (reference, proof): (String, Option<FileId>),
) -> Result<Refund, AppError> {
    let (mut refund, payment) = locked(tx, id).await?;
    let now = app.clock.now();
    refund.paid_by_hand(reference, proof, now)?;
    completed(tx, now, &refund, &payment).await?;
    Ok(refund)
}

/// Staff say that a refund by hand did not work.
///
/// # Errors
/// [`AppError::RefundNotFound`]; [`AppError::Refund`]; [`AppError::Db`].
pub(crate) async fn fail(
    app: &App,
    tx: &mut Connection,
    id: RefundId,
    why: String,
) -> Result<Refund, AppError> {
    let (mut refund, payment) = locked(tx, id).await?;
    let now = app.clock.now();
    refund.insist_by_hand()?;
    refund.fail(why, now)?;
    released(tx, now, &refund, &payment).await?;
    Ok(refund)
}

/// Staff give a refund up before anything was paid.
///
/// # Errors
/// [`AppError::RefundNotFound`]; [`AppError::Refund`]; [`AppError::Db`].
pub(crate) async fn cancel(
    app: &App,
    tx: &mut Connection,
    id: RefundId,
    why: String,
) -> Result<Refund, AppError> {
    let (mut refund, payment) = locked(tx, id).await?;
    let now = app.clock.now();
    refund.cancel(why, now)?;
    released(tx, now, &refund, &payment).await?;
    Ok(refund)
}

/// The refund and its payment, with the locks of a money use case taken in their order.
pub(super) async fn locked(
    tx: &mut Connection,
    id: RefundId,
) -> Result<(Refund, Payment), AppError> {
    let seen = store::refunds::find(tx, id).await?.ok_or(AppError::RefundNotFound)?;
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let payment =
        store::payments::find(tx, seen.payment_id).await?.ok_or(AppError::PaymentNotFound)?;
    let refund = store::refunds::find_for_update(tx, id).await?.ok_or(AppError::RefundNotFound)?;
    Ok((refund, payment))
}

/// Books one move of a refund.
pub(super) async fn post(
    tx: &mut Connection,
    now: DateTime<Utc>,
    refund: &Refund,
    kind: TransferKind,
    entries: Vec<crate::domain::Entry>,
) -> Result<(), AppError> {
    let transfer = Transfer {
        id: TransferId::from_uuid(uuid_v7_at(now)),
        kind,
        order_id: Some(refund.order_id),
        source: format!("{}:{}", kind.as_wire(), refund.id),
        at: now,
        entries,
    };
    store::ledger::post(tx, &transfer).await?;
    Ok(())
}

async fn insist_refundable(tx: &mut Connection, payment: &Payment) -> Result<(), AppError> {
    match payment.status {
        PaymentStatus::Suspended => Err(AppError::NotRefundable),
        PaymentStatus::Success if store::reversals::is_reversed(tx, payment.id).await? => {
            Err(AppError::NotRefundable)
        }
        PaymentStatus::Success => Ok(()),
    }
}

async fn payable(
    tx: &mut Connection,
    order: &OrderView,
    sums: &OrderMoney,
    payment: &Payment,
) -> Result<Payable, AppError> {
    Ok(Payable {
        allocated: payment.allocated,
        credit_balance: store::ledger::balance(tx, Account::Credit(order.customer_id)).await?,
        delivered: sums.is_delivered(),
    })
}

/// Whether all refunds of the payment together, this one included, pass what one person may give
/// back: a large one cut into small ones is still a large one.
fn needs_second(app: &App, totals: &RefundTotals) -> Result<bool, AppError> {
    Ok(totals.pending.plus(totals.refunded)? > app.second_person_above)
}

/// How the money goes back, and which provider sends it.
fn way_back(
    payment: &Payment,
    wished: Option<RefundMethod>,
) -> Result<(RefundMethod, Option<PaymentSource>), AppError> {
    let by_provider = crate::providers::refunds_method(payment.source, &payment.method);
    match (wished, by_provider) {
        (Some(RefundMethod::Original) | None, true) => {
            Ok((RefundMethod::Original, Some(payment.source)))
        }
        (Some(RefundMethod::Original), false) => Err(AppError::NoRefundThatWay),
        (Some(method @ (RefundMethod::BankTransfer | RefundMethod::Cash)), _) => Ok((method, None)),
        (None, false) => Ok((RefundMethod::BankTransfer, None)),
    }
}
