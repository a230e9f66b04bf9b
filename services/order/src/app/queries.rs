//! Reads.

use chrono::NaiveDate;
use konveksi_db::Connection;
use konveksi_kernel::{OrderId, Page};

use super::cached::{self, Cached};
use super::{App, AppError, Made, Whole};
use crate::domain::board::{Column, columns};
use crate::domain::field::Complaints;
use crate::domain::filter::ListRequest;
use crate::domain::history::HistoryEntry;
use crate::domain::order::Order;
use crate::domain::order_code;
use crate::domain::report::Report;
use crate::domain::summary::Summary;
use crate::store;

/// One order that was not deleted, held until the transaction ends.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(super) async fn get_for_update(tx: &mut Connection, id: OrderId) -> Result<Order, AppError> {
    store::orders::find_for_update(tx, id)
        .await?
        .filter(|order| order.deleted_at.is_none())
        .ok_or(AppError::OrderNotFound(id))
}

/// One order with what it is made of.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn get_whole(app: &App, id: OrderId) -> Result<Whole, AppError> {
    let mut conn = app.pool.get().await?;
    let order = store::orders::find(&mut conn, id).await?.ok_or(AppError::OrderNotFound(id))?;
    let garments = store::garments::of_order(&mut conn, id).await?;
    Ok(Whole { order, garments })
}

/// How far an order is made.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::Db`].
pub(crate) async fn get_made(app: &App, id: OrderId) -> Result<Made, AppError> {
    let whole = get_whole(app, id).await?;
    let mut conn = app.pool.get().await?;
    Made::load(&mut conn, whole).await
}

/// One page of what the floor reported of an order, newest first, and how many reports there are.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn list_reports(
    app: &App,
    id: OrderId,
    page: Page,
) -> Result<(Vec<Report>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    store::orders::find(&mut conn, id).await?.ok_or(AppError::OrderNotFound(id))?;
    let count = store::reports::count(&mut conn, id).await?;
    if !page.exists_in(count) {
        return Err(AppError::PageOutOfRange(page.number()));
    }
    Ok((store::reports::page(&mut conn, id, page).await?, count))
}

/// One page of what staff wrote about an order, newest first, and how many notes there are.
///
/// # Errors
/// [`AppError::OrderNotFound`]; [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn list_notes(
    app: &App,
    id: OrderId,
    page: Page,
) -> Result<(Vec<HistoryEntry>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    store::orders::find(&mut conn, id).await?.ok_or(AppError::OrderNotFound(id))?;
    let count = store::history::count_notes(&mut conn, id).await?;
    if !page.exists_in(count) {
        return Err(AppError::PageOutOfRange(page.number()));
    }
    Ok((store::history::notes(&mut conn, id, page).await?, count))
}

/// One page of the deleted orders, the last deleted first, with who deleted each, and how many
/// there are.
///
/// # Errors
/// [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn list_deleted(
    app: &App,
    page: Page,
) -> Result<(Vec<(Order, Option<String>)>, i64), AppError> {
    let mut conn = app.pool.get().await?;
    let count = store::orders::count_deleted(&mut conn).await?;
    if !page.exists_in(count) {
        return Err(AppError::PageOutOfRange(page.number()));
    }
    let found = store::orders::list_deleted(&mut conn, page).await?;
    let ids: Vec<OrderId> = found.iter().map(|order| order.id).collect();
    let mut by = store::history::deleters(&mut conn, &ids).await?;
    let with_whom = |order: Order| {
        let who = by.remove(&order.id);
        (order, who)
    };
    Ok((found.into_iter().map(with_whom).collect(), count))
}

/// The production board on `today`: every column with its figures and one page of its orders, or
/// one column alone.
///
/// # Errors
/// [`AppError::Fields`] for a column there is not; [`AppError::PageOutOfRange`]; [`AppError::Db`].
pub(crate) async fn get_board(
    app: &App,
    stage: Option<&str>,
    page: Page,
    today: NaiveDate,
) -> Result<Vec<Column>, AppError> {
    let mut conn = app.pool.get().await?;
    let stages = store::stages::list(&mut conn).await?;
    let figures = store::board::figures(&mut conn, today).await?;
    let mut columns = columns(&stages, figures);
    if let Some(stage) = stage {
        columns.retain(|column| column.figures.stage == stage);
        let mut wrong = Complaints::default();
        let Some(column) = columns.first() else {
            wrong.add("stage", "Tahap tidak dikenal.");
            return Err(AppError::Fields(wrong));
        };
        if !page.exists_in(column.figures.orders) {
            return Err(AppError::PageOutOfRange(page.number()));
        }
    }
    let wanted: Vec<String> = columns.iter().map(|column| column.figures.stage.clone()).collect();
    for card in store::board::cards(&mut conn, &wanted, page).await? {
        if let Some(column) = columns.iter_mut().find(|column| column.figures.stage == card.stage) {
            column.cards.push(card);
        }
    }
    Ok(columns)
}

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

/// The order a tracking link names, and its history. A text that is no token names none.
///
/// # Errors
/// [`AppError::TokenUnknown`]; [`AppError::Db`].
pub(crate) async fn get_order_by_token(
    app: &App,
    token: &str,
) -> Result<(Order, Vec<HistoryEntry>), AppError> {
    if !order_code::is_token(token) {
        return Err(AppError::TokenUnknown);
    }
    let mut conn = app.pool.get().await?;
    let found = store::orders::find_by_token(&mut conn, token).await?;
    let order = found.ok_or(AppError::TokenUnknown)?;
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
