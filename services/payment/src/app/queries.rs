//! Reads.

use konveksi_db::Connection;
use konveksi_eventing::Envelope;
use konveksi_kernel::{InvoiceId, Money, OrderId, Page, PaymentId};

use super::{App, AppError, InvoiceView, PaymentView};
use crate::domain::{Invoice, OrderView, Payment};
pub(crate) use crate::store::invoices::Filter as InvoiceFilter;
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
    let payments = name_all(paid, &found);
    Ok(OrderMoneyView {
        invoices: views(&mut conn, found).await?,
        payments,
        total_paid: sums.map_or(Money::ZERO, |sums| sums.paid()),
    })
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
    let payment = store::payments::find(&mut conn, id).await?.ok_or(AppError::PaymentNotFound)?;
    let invoices = store::invoices::find_many(&mut conn, &[payment.invoice_id]).await?;
    name_all(vec![payment], &invoices).pop().ok_or(AppError::PaymentNotFound)
}

/// One page of payments, newest first, of one invoice or all; and how many there are.
///
/// # Errors
/// [`AppError::Db`].
pub(crate) async fn payments(
    app: &App,
    invoice: Option<InvoiceId>,
    page: Page,
) -> Result<(Vec<PaymentView>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let (found, count) = store::payments::list(&mut conn, invoice, page).await?;
    let ids: Vec<InvoiceId> = found.iter().map(|payment| payment.invoice_id).collect();
    let invoices = store::invoices::find_many(&mut conn, &ids).await?;
    Ok((name_all(found, &invoices), count))
}

async fn one(conn: &mut Connection, invoice: Invoice) -> Result<InvoiceView, AppError> {
    let order =
        store::orders::find(conn, invoice.order_id).await?.ok_or(AppError::OrderNotFound)?;
    let link = store::links::live_of(conn, &[invoice.id]).await?.pop();
    Ok(InvoiceView { invoice, order, link })
}

/// Three queries for a page, however long it is.
async fn views(conn: &mut Connection, found: Vec<Invoice>) -> Result<Vec<InvoiceView>, AppError> {
    let ids: Vec<InvoiceId> = found.iter().map(|invoice| invoice.id).collect();
    let order_ids: Vec<OrderId> = found.iter().map(|invoice| invoice.order_id).collect();
    let links = store::links::live_of(conn, &ids).await?;
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

fn name_all(payments: Vec<Payment>, invoices: &[Invoice]) -> Vec<PaymentView> {
    payments
        .into_iter()
        .filter_map(|payment| {
            let invoice = invoices.iter().find(|invoice| invoice.id == payment.invoice_id)?;
            Some(PaymentView {
                invoice_code: invoice.code.clone(),
                invoice_kind: invoice.kind,
                payment,
            })
        })
        .collect()
}
