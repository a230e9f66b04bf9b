//! Spending a customer's credit on one of their open invoices.

use konveksi_db::{Connection, DbError};
use konveksi_eventing::Envelope;
use konveksi_kernel::ids::uuid_v7_at;
use konveksi_kernel::{InvoiceId, Money, OrderId};

use super::receive_money::{From, Incoming, receive};
use super::{App, AppError, PaymentView};
use crate::domain::{Account, PaymentSource};
use crate::store;

/// How credit is named as a way of paying.
const METHOD: &str = "CUSTOMER_CREDIT";
/// What the ledger says when an account would fall below nothing.
const FLOOR: &str = "account_floor_zero";

/// What the customer of an order has to their credit.
///
/// # Errors
/// [`AppError::OrderNotFound`], [`AppError::Db`].
pub(crate) async fn credit_of(app: &App, order: OrderId) -> Result<Money, AppError> {
    let mut conn = app.pool.get().await?;
    let order = store::orders::find(&mut conn, order).await?.ok_or(AppError::OrderNotFound)?;
    Ok(store::ledger::balance(&mut conn, Account::Credit(order.customer_id)).await?)
}

/// Pays `amount` of an invoice with its customer's credit, within `tx`; as much as there is and is
/// due when absent.
///
/// # Errors
/// [`AppError::InvoiceNotFound`]; [`AppError::Refused`] when it waits for nothing;
/// [`AppError::NotEnoughCredit`]; [`AppError::MoreThanDue`]; [`AppError::Db`].
pub(crate) async fn use_credit(
    app: &App,
    tx: &mut Connection,
    id: InvoiceId,
    amount: Option<Money>,
) -> Result<(PaymentView, Vec<Envelope>), AppError> {
    let now = app.clock.now();
    let seen = store::invoices::find(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    store::orders::find_money_for_update(tx, seen.order_id).await?;
    let order = store::orders::find(tx, seen.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let invoice =
        store::invoices::find_for_update(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    invoice.insist_open("be paid by credit").map_err(|error| AppError::of(&invoice, error))?;
    let credit = store::ledger::balance(tx, Account::Credit(order.customer_id)).await?;
    let due = invoice.amount_due();
    let whole = credit.percent_whole_rupiah(rust_decimal::Decimal::ONE_HUNDRED)?;
    let amount = amount.unwrap_or(due.min(whole));
    if amount.is_zero() || amount > credit {
        return Err(AppError::NotEnoughCredit { credit });
    }
    if amount > due {
        return Err(AppError::MoreThanDue { due });
    }
    let incoming = Incoming {
        invoice_id: id,
        order_id: order.id,
        source: PaymentSource::Credit,
        from: From::Outside,
        // Nobody outside names it, and no two uses are one.
        provider_ref: Some(uuid_v7_at(now).to_string()),
        method: METHOD.to_owned(),
        amount,
        fee: Money::ZERO,
        unique_code: Money::ZERO,
        asked: None,
        on_replaced_link: false,
        contact_info: String::new(),
        notes: None,
        paid_at: now,
    };
    // The same credit may be spent on another order at this moment: the ledger itself refuses.
    let booked = receive(tx, now, incoming).await.map_err(|error| match error {
        AppError::Db(DbError::CheckViolation { constraint }) if constraint == FLOOR => {
            AppError::NotEnoughCredit { credit }
        }
        other => other,
    })?;
    let (payment, told) = booked.ok_or(AppError::PaymentNotFound)?;
    Ok((PaymentView::booked(payment, &invoice), told))
}
