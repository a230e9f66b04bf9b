//! Reads.

use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::{InvoiceId, Money, OrderId, Page, PaymentId, RefundId};

use super::{App, AppError, InvoiceView, PaymentView};
use crate::domain::{Invoice, OrderView, Payment, Refund};
pub(crate) use crate::store::invoices::Filter as InvoiceFilter;
pub(crate) use crate::store::payments::Filter as PaymentFilter;
pub(crate) use crate::store::refunds::Filter as RefundFilter;
pub(crate) use crate::store::refunds_due::RefundDue;
pub(crate) use crate::store::rows::Span;
use crate::store::webhooks::LogLine;
use crate::{events, store};

/// An invoice by its id.
///
/// # Errors
/// [`AppError::InvoiceNotFound`], [`AppError::Db`].
pub(crate) async fn invoice(app: &App, id: InvoiceId) -> Result<InvoiceView, AppError> {
    let mut conn = app.pool.get().await?;
    let invoice = store::invoices::find(&mut conn, id).await?.ok_or(AppError::InvoiceNotFound)?;
    one(&mut conn, invoice).await
}

/// An invoice by its id, and what was told about it within the last moments.
///
/// # Errors
/// [`AppError::InvoiceNotFound`], [`AppError::Db`].
pub(crate) async fn invoice_with_news(
    app: &App,
    id: InvoiceId,
) -> Result<(InvoiceView, Vec<Envelope>), AppError> {
    let mut conn = app.pool.get().await?;
    let invoice = store::invoices::find(&mut conn, id).await?.ok_or(AppError::InvoiceNotFound)?;
    let told = events::just_told(&mut conn, id).await?;
    Ok((one(&mut conn, invoice).await?, told))
}

/// An invoice as it stands within the caller's transaction.
///
/// # Errors
/// As [`invoice`].
pub(crate) async fn invoice_in(
    tx: &mut Connection,
    id: InvoiceId,
) -> Result<InvoiceView, AppError> {
    let invoice = store::invoices::find(tx, id).await?.ok_or(AppError::InvoiceNotFound)?;
    one(tx, invoice).await
}

/// An invoice by its code.
///
/// # Errors
/// [`AppError::InvoiceNotFound`], [`AppError::Db`].
pub(crate) async fn invoice_by_code(app: &App, code: &str) -> Result<InvoiceView, AppError> {
    let mut conn = app.pool.get().await?;
    let invoice =
        store::invoices::find_by_code(&mut conn, code).await?.ok_or(AppError::InvoiceNotFound)?;
    one(&mut conn, invoice).await
}

/// The name of an order's customer; empty when unknown or erased.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn customer_name(app: &App, order: &OrderView) -> Result<String, AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::customers::name_of(&mut conn, order.customer_id).await?.unwrap_or_default())
}

/// One page of invoices, newest first, and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn invoices(
    app: &App,
    filter: InvoiceFilter,
    page: Page,
) -> Result<(Vec<InvoiceView>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let (found, count) = store::invoices::list(&mut conn, filter, page).await?;
    Ok((views(&mut conn, found).await?, count))
}

/// The money of one order: its invoices and payments, oldest first, and what counts as paid. An
/// order nobody told of has none of them.
#[derive(Debug, Clone)]
pub(crate) struct OrderMoneyView {
    /// Its invoices.
    pub(crate) invoices: Vec<InvoiceView>,
    /// Its payments.
    pub(crate) payments: Vec<PaymentView>,
    /// What counts as paid.
    pub(crate) total_paid: Money,
}

/// See [`OrderMoneyView`].
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn order_money(app: &App, order: OrderId) -> Result<OrderMoneyView, AppError> {
    let mut conn = app.pool.get().await?;
    let sums = store::orders::find_money(&mut conn, order).await?;
    let found = store::invoices::of_order(&mut conn, order).await?;
    let paid = store::payments::of_order(&mut conn, order).await?;
    let payments = name_all(&mut conn, paid, &found).await?;
    Ok(OrderMoneyView {
        invoices: views(&mut conn, found).await?,
        payments,
        total_paid: sums.map_or(Money::ZERO, |sums| sums.paid()),
    })
}

/// One page of the orders that ended with money of their customer's, the last ended first, and how
/// many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn refunds_due(app: &App, page: Page) -> Result<(Vec<RefundDue>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::refunds_due::list(&mut conn, page).await?)
}

/// The callbacks about one order, oldest first.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn webhook_log(app: &App, order: OrderId) -> Result<Vec<LogLine>, AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::webhooks::of_order(&mut conn, order).await?)
}

/// A payment by its id.
///
/// # Errors
/// [`AppError::PaymentNotFound`], [`AppError::Db`].
pub(crate) async fn payment(app: &App, id: PaymentId) -> Result<PaymentView, AppError> {
    let mut conn = app.pool.get().await?;
    payment_in(&mut conn, id).await
}

/// A payment as it stands within the caller's transaction.
///
/// # Errors
/// As [`payment`].
pub(crate) async fn payment_in(
    tx: &mut Connection,
    id: PaymentId,
) -> Result<PaymentView, AppError> {
    let payment = store::payments::find(tx, id).await?.ok_or(AppError::PaymentNotFound)?;
    let invoices = store::invoices::find_many(tx, &[payment.invoice_id]).await?;
    name_all(tx, vec![payment], &invoices).await?.pop().ok_or(AppError::PaymentNotFound)
}

/// A refund by its id.
///
/// # Errors
/// [`AppError::RefundNotFound`], [`AppError::Db`].
pub(crate) async fn refund(app: &App, id: RefundId) -> Result<Refund, AppError> {
    let mut conn = app.pool.get().await?;
    store::refunds::find(&mut conn, id).await?.ok_or(AppError::RefundNotFound)
}

/// One page of refunds, newest first, and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn refunds(
    app: &App,
    filter: RefundFilter,
    page: Page,
) -> Result<(Vec<Refund>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    Ok(store::refunds::list(&mut conn, filter, page).await?)
}

/// One page of payments, newest first, and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn payments(
    app: &App,
    filter: PaymentFilter,
    page: Page,
) -> Result<(Vec<PaymentView>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let (found, count) = store::payments::list(&mut conn, filter, page).await?;
    let ids: Vec<InvoiceId> = found.iter().map(|payment| payment.invoice_id).collect();
    let invoices = store::invoices::find_many(&mut conn, &ids).await?;
    Ok((name_all(&mut conn, found, &invoices).await?, count))
}

async fn one(conn: &mut Connection, invoice: Invoice) -> Result<InvoiceView, AppError> {
    let order =
        store::orders::find(conn, invoice.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let link = store::links::live_of(conn, invoice.id).await?;
    Ok(InvoiceView { invoice, order, link })
}

/// Three queries for a page, however long it is.
async fn views(conn: &mut Connection, found: Vec<Invoice>) -> Result<Vec<InvoiceView>, AppError> {
    let ids: Vec<InvoiceId> = found.iter().map(|invoice| invoice.id).collect();
    let order_ids: Vec<OrderId> = found.iter().map(|invoice| invoice.order_id).collect();
    let links = store::links::live_of_each(conn, &ids).await?;
    let orders = store::orders::find_many(conn, &order_ids).await?;
    let order_of =
        |id: OrderId| -> Option<OrderView> { orders.iter().find(|order| order.id == id).cloned() };
    Ok(found
        .into_iter()
        .filter_map(|invoice| {
            let order = order_of(invoice.order_id)?;
            let link = links.iter().find(|link| link.invoice_id == invoice.id).cloned();
            Some(InvoiceView { invoice, order, link })
        })
        .collect())
}

/// Payments with what became of them since; three queries for a page, however long it is.
async fn name_all(
    conn: &mut Connection,
    payments: Vec<Payment>,
    invoices: &[Invoice],
) -> Result<Vec<PaymentView>, AppError> {
    let ids: Vec<PaymentId> = payments.iter().map(|payment| payment.id).collect();
    let reversed = store::reversals::reversed_of(conn, &ids).await?;
    let remarks = store::reversals::remarks_of(conn, &ids).await?;
    let refunded = store::refunds::refunded_of(conn, &ids).await?;
    let view = |mut payment: Payment| {
        let invoice = invoices.iter().find(|invoice| invoice.id == payment.invoice_id)?;
        if let Some(remark) = remarks.iter().find(|remark| remark.payment_id == payment.id) {
            payment.contact_info.clone_from(&remark.contact_info);
            payment.notes.clone_from(&remark.notes);
        }
        let gone_back = refunded.iter().find(|(id, _)| *id == payment.id);
        Some(PaymentView {
            invoice_code: invoice.code.clone(),
            invoice_kind: invoice.kind,
            reversed: reversed.contains(&payment.id),
            refunded: gone_back.map_or(Money::ZERO, |(_, sum)| *sum),
            payment,
        })
    };
    Ok(payments.into_iter().filter_map(view).collect())
}
