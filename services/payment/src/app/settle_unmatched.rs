//! Staff say what money in suspense is for: an invoice, or the credit of an order's customer.

use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InvoiceId, Money, OrderId, Page, TransferId, UnmatchedId};

use super::receive_money::{From, Incoming, receive};
use super::{App, AppError, PaymentView, queries};
use crate::domain::mutation::{Unmatched, UnmatchedState};
use crate::domain::{PaymentSource, Transfer, TransferKind, posting};
use crate::store;

/// How matched money is named as a way of paying.
const METHOD: &str = "BANK_TRANSFER";

/// One page of the queue, newest first, of one state or all; and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn unmatched(
    app: &App,
    state: Option<UnmatchedState>,
    page: Page,
) -> Result<(Vec<Unmatched>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::unmatched::list(&mut conn, state, page).await?)
}

/// Money that was settled.
#[derive(Debug, Clone)]
pub(crate) struct Settled {
    /// The money.
    pub(crate) money: Unmatched,
    /// The payment it became; absent for credit.
    pub(crate) payment: Option<PaymentView>,
    /// What was told.
    pub(crate) told: Vec<Envelope>,
}

/// Makes it a payment of `invoice`, within `tx`; what the invoice cannot use is credit. Asking
/// again for the same invoice changes nothing.
///
/// # Errors
/// [`AppError::UnmatchedNotFound`]; [`AppError::UnmatchedSettled`] when it is settled another way;
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`]; [`AppError::Db`].
pub(crate) async fn match_money(
    app: &App,
    tx: &mut Connection,
    id: UnmatchedId,
    (invoice, by): (InvoiceId, &str),
) -> Result<Settled, AppError> {
    let now = app.clock.now();
    let mut money =
        store::unmatched::find_for_update(tx, id).await?.ok_or(AppError::UnmatchedNotFound)?;
    let seen = store::invoices::find(tx, invoice).await?.ok_or(AppError::InvoiceNotFound)?;
    match (money.state, money.invoice_id) {
        (UnmatchedState::Waiting, _) => {}
        (UnmatchedState::Matched, Some(matched)) if matched == invoice => {
            return settled_before(tx, money).await;
        }
        (UnmatchedState::Matched | UnmatchedState::Credited, _) => {
            return Err(AppError::UnmatchedSettled);
        }
    }
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let invoice =
        store::invoices::find_for_update(tx, seen.id).await?.ok_or(AppError::InvoiceNotFound)?;
    invoice.insist_open("take this money").map_err(|error| AppError::of(&invoice, error))?;
    let incoming = Incoming {
        invoice_id: invoice.id,
        order_id: invoice.order_id,
        source: PaymentSource::Manual,
        from: From::Suspense,
        provider_ref: None,
        method: METHOD.to_owned(),
        amount: money.amount,
        fee: Money::ZERO,
        unique_code: Money::ZERO,
        asked: None,
        on_replaced_link: false,
        contact_info: String::new(),
        notes: None,
        paid_at: money.received_at,
    };
    let booked = receive(tx, now, incoming).await?;
    let (payment, told) = booked.ok_or(AppError::PaymentNotFound)?;
    money.state = UnmatchedState::Matched;
    money.order_id = Some(invoice.order_id);
    money.invoice_id = Some(invoice.id);
    money.became = Some(payment.id);
    money.settled = Some((by.to_owned(), now));
    store::unmatched::update(tx, &money).await?;
    let payment = PaymentView::booked(payment, &invoice);
    Ok(Settled { money, payment: Some(payment), told })
}

/// Makes it the credit of the customer of `order`, within `tx`. Asking again for the same order
/// changes nothing.
///
/// # Errors
/// [`AppError::UnmatchedNotFound`], [`AppError::UnmatchedSettled`], [`AppError::OrderNotFound`],
/// [`AppError::Db`].
pub(crate) async fn credit_money(
    app: &App,
    tx: &mut Connection,
    id: UnmatchedId,
    (order, by): (OrderId, &str),
) -> Result<Settled, AppError> {
    let now = app.clock.now();
    let mut money =
        store::unmatched::find_for_update(tx, id).await?.ok_or(AppError::UnmatchedNotFound)?;
    let order = store::orders::find(tx, order).await?.ok_or(AppError::OrderNotFound)?;
    match (money.state, money.order_id) {
        (UnmatchedState::Waiting, _) => {}
        (UnmatchedState::Credited, Some(credited)) if credited == order.id => {
            return Ok(Settled { money, payment: None, told: Vec::new() });
        }
        (UnmatchedState::Matched | UnmatchedState::Credited, _) => {
            return Err(AppError::UnmatchedSettled);
        }
    }
    let transfer = Transfer {
        id: TransferId::from_uuid(uuid_v7_at(now)),
        kind: TransferKind::SuspenseMatched,
        order_id: Some(order.id),
        source: format!("unmatched:{}", money.id),
        at: now,
        entries: posting::suspense_credited(order.customer_id, money.amount),
    };
    store::ledger::post(tx, &transfer).await?;
    money.state = UnmatchedState::Credited;
    money.order_id = Some(order.id);
    money.settled = Some((by.to_owned(), now));
    store::unmatched::update(tx, &money).await?;
    Ok(Settled { money, payment: None, told: Vec::new() })
}

async fn settled_before(tx: &mut Connection, money: Unmatched) -> Result<Settled, AppError> {
    let id = money.became.ok_or(AppError::PaymentNotFound)?;
    let payment = queries::payment_in(tx, id).await?;
    Ok(Settled { money, payment: Some(payment), told: Vec::new() })
}
