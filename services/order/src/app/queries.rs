//! Reads.

use konveksi_kernel::OrderId;

use super::cached::{self, Cached};
use super::{App, AppError};
use crate::domain::filter::ListRequest;
use crate::domain::history::HistoryEntry;
use crate::domain::order::Order;
use crate::domain::order_code;
use crate::domain::summary::Summary;
use crate::store;

/// One order.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn get_order(app: &App, id: OrderId) -> Result<Order, AppError> {
    let mut conn = app.pool.get().await?;
    store::orders::find(&mut conn, id).await?.ok_or(AppError::OrderNotFound(id))
}

/// One order and everything that happened to it, oldest first.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn get_order_with_history(
    app: &App,
    id: OrderId,
) -> Result<(Order, Vec<HistoryEntry>), AppError> {
    let mut conn = app.pool.get().await?;
    let order = store::orders::find(&mut conn, id).await?.ok_or(AppError::OrderNotFound(id))?;
    let history = store::history::list(&mut conn, id).await?;
    Ok((order, history))
}

/// The order a customer's code names, and its history. Whatever is stored is found; only what is
/// not found is judged by its form.
///
/// # Errors
/// [`AppError::CodeMalformed`]; [`AppError::CodeUnknown`]; [`AppError::Db`].
pub(crate) async fn get_order_by_code(
    app: &App,
    text: &str,
) -> Result<(Order, Vec<HistoryEntry>), AppError> {
    let code = order_code::canonical(text);
    // PostgreSQL knows no text with NUL in it.
    if code.is_empty() || code.chars().any(char::is_control) {
        return Err(AppError::CodeMalformed);
    }
    let mut conn = app.pool.get().await?;
    let Some(order) = store::orders::find_by_code(&mut conn, &code).await? else {
        let malformed = !order_code::is_well_formed(&code);
        return Err(if malformed { AppError::CodeMalformed } else { AppError::CodeUnknown });
    };
    let history = store::history::list(&mut conn, order.id).await?;
    Ok((order, history))
}

/// One page of orders, and figures over all that the filter finds.
///
/// # Errors
/// [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn list_orders(
    app: &App,
    request: &ListRequest,
) -> Result<(Vec<Order>, Summary), AppError> {
    // All pages of one filter share their figures.
    let asked = request.applied.iter().map(|(name, value)| format!("{name}={value}\n"));
    let cached = Cached {
        thing: "order_figures",
        asked: &asked.collect::<String>(),
        lifetime: cached::ORDERS,
    };
    let counted = cached::answer(app, cached, async || {
        let mut conn = app.pool.get().await?;
        cached::pack(&store::orders_list::tally(&mut conn, &request.filter).await?)
    });
    let (text, _found) = counted.await?;
    let tally = cached::unpack(&text)?;
    if !request.page.exists_in(tally.all.count) {
        return Err(AppError::PageOutOfRange(request.page.number()));
    }
    let mut conn = app.pool.get().await?;
    let orders = store::orders_list::page(&mut conn, request, &tally).await?;
    Ok((orders, tally.all))
}
