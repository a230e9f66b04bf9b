//! Pages of orders, and figures over everything a filter finds.
//!
//! A page is found in two steps: the ids in the list's order, then the orders. Where counts tell
//! the days or the tiers a page lies in, only those are looked at, so that the thousandth page
//! costs what the first one does (docs/decisions/0012).

use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::{jakarta, within_days};
use uuid::Uuid;

use super::orders_found::Wanted;
use super::statement::{Bind, Statement};
use super::{orders, orders_tally};
use crate::domain::filter::{Filter, ListRequest, Ordering, SortKey};
use crate::domain::order::Order;
use crate::domain::paging::{Slice, Tally, gather_first, within_tiers};
use crate::domain::search::Tier;

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// Figures over everything `filter` finds.
pub(crate) async fn tally(conn: &mut Connection, filter: &Filter) -> Result<Tally, DbError> {
    let wanted = Wanted::of(conn, filter).await?;
    orders_tally::tally(conn, filter, &wanted).await
}

/// The page of what the request finds; `tally` are the figures of its filter.
pub(crate) async fn page(
    conn: &mut Connection,
    request: &ListRequest,
    tally: &Tally,
) -> Result<Vec<Order>, DbError> {
    if tally.all.count == 0 {
        return Ok(Vec::new());
    }
    let wanted = Wanted::of(conn, &request.filter).await?;
    let total = match walked(request) {
        Some(passed) => orders_tally::of_rollups(conn, &passed).await?.all.count,
        None => total(conn).await?,
    };
    let total = total.max(tally.all.count);
    let statement = if request.ranked {
        ranked(request, tally, &wanted, total)
    } else {
        sorted(request, tally, &wanted, total)
    };
    let ids: Vec<Id> = statement.query().load(conn).await?;
    let ids: Vec<Uuid> = ids.into_iter().map(|row| row.id).collect();
    orders::list_by_ids(conn, &ids).await
}

/// The orders that a walk in the list's order passes, as roll-ups count them: by the time of creation
/// an index leads from one order of a state to the next, and days bound it. `None`: a walk passes
/// all orders.
fn walked(request: &ListRequest) -> Option<Filter> {
    let filter = &request.filter;
    let bounds = filter.status.len() == 1 || filter.date_from.is_some() || filter.date_to.is_some();
    let by_creation = request.ordering.key == SortKey::CreatedAt;
    (filter.search.is_some() && by_creation && bounds).then(|| Filter {
        status: if let [one] = filter.status[..] { vec![one] } else { Vec::new() },
        date_from: filter.date_from,
        date_to: filter.date_to,
        ..Filter::default()
    })
}

/// About how many orders there are, as the planner knows.
async fn total(conn: &mut Connection) -> Result<i64, DbError> {
    const TOTAL: &str = "SELECT greatest(reltuples, 0)::bigint AS total FROM pg_class WHERE oid = 'orders'::regclass";
    let row: Total = diesel::sql_query(TOTAL).get_result(conn).await?;
    Ok(row.total)
}

/// Ids in the order the request asks for.
fn sorted(request: &ListRequest, tally: &Tally, wanted: &Wanted<'_>, total: i64) -> Statement {
    let (offset, limit) = (request.page.offset(), request.page.limit());
    let mut slice = Slice { offset, limit, count: tally.all.count };
    let days = by_days(request.ordering, tally, offset, limit);
    if let Some((_, skipped)) = days {
        slice.offset = skipped;
    }
    let mut statement = Statement::new("SELECT id FROM ");
    rows(&mut statement, gather_first(slice, total), |statement| {
        wanted.narrow(statement);
        if let Some(((first, last), _)) = days {
            between(statement, first, last);
        }
        let tiers = wanted.tiers();
        if request.filter.search.is_some() {
            statement.then(" AND ");
            wanted.met_any(statement, &tiers);
        }
    });
    statement.then(" ORDER BY ").then(clause(request.ordering));
    statement.then(" LIMIT ").bind(Bind::Number(slice.limit));
    statement.then(" OFFSET ").bind(Bind::Number(slice.offset));
    statement
}

/// The days a page lies in, where the list goes by the time of creation and days were counted.
fn by_days(
    ordering: Ordering,
    tally: &Tally,
    offset: i64,
    limit: i64,
) -> Option<((NaiveDate, NaiveDate), i64)> {
    if ordering.key != SortKey::CreatedAt || tally.days.is_empty() {
        return None;
    }
    if ordering.descending {
        return within_days(&tally.days, offset, limit);
    }
    let oldest_first: Vec<_> = tally.days.iter().rev().copied().collect();
    within_days(&oldest_first, offset, limit)
}

fn between(statement: &mut Statement, first: NaiveDate, last: NaiveDate) {
    statement.then(" AND created_at >= ").bind(Bind::Instant(jakarta::day_start(first)));
    if let Some(after) = last.checked_add_days(Days::new(1)) {
        statement.then(" AND created_at < ").bind(Bind::Instant(jakarta::day_start(after)));
    }
}

/// Ids of a search: the best tier first, within one the newest.
fn ranked(request: &ListRequest, tally: &Tally, wanted: &Wanted<'_>, total: i64) -> Statement {
    let mut statement = Statement::new("SELECT id FROM (");
    let slices = within_tiers(&tally.tiers, request.page.offset(), request.page.limit());
    for (index, (tier, slice)) in slices.iter().enumerate() {
        if index > 0 {
            statement.then(" UNION ALL ");
        }
        statement.then("(SELECT id, created_at, ").bind(Bind::Number(place(index)));
        statement.then("::bigint AS place FROM ");
        rows(&mut statement, gather_first(*slice, total), |statement| {
            wanted.narrow(statement);
            statement.then(" AND ");
            wanted.met(statement, *tier);
            let better: Vec<Tier> =
                wanted.tiers().into_iter().filter(|other| other < tier).collect();
            if !better.is_empty() {
                statement.then(" AND NOT ");
                wanted.met_any(statement, &better);
            }
        });
        statement.then(" ORDER BY created_at DESC, id DESC LIMIT ").bind(Bind::Number(slice.limit));
        statement.then(" OFFSET ").bind(Bind::Number(slice.offset)).then(")");
    }
    if slices.is_empty() {
        statement.then("SELECT id, created_at, 0 AS place FROM orders WHERE false");
    }
    statement.then(") AS found ORDER BY place, created_at DESC, id DESC");
    statement
}

fn place(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

/// Adds the orders that meet `conditions`, in no order. To gather them is to find all of them
/// first; OFFSET 0 keeps the planner from walking an index of the list's order instead.
fn rows(statement: &mut Statement, gather: bool, conditions: impl Fn(&mut Statement)) {
    if gather {
        statement.then(
            "(SELECT id, created_at, updated_at, total_price, customer_name, product_name,
                     order_code, quantity, status_order FROM orders WHERE",
        );
        conditions(statement);
        statement.then(" OFFSET 0) AS gathered");
    } else {
        statement.then("orders WHERE");
        conditions(statement);
    }
}

/// Sorted by the key, equal rows by id.
const fn clause(ordering: Ordering) -> &'static str {
    match (ordering.key, ordering.descending) {
        (SortKey::CreatedAt, true) => "created_at DESC, id DESC",
        (SortKey::CreatedAt, false) => "created_at, id",
        (SortKey::UpdatedAt, true) => "updated_at DESC, id DESC",
        (SortKey::UpdatedAt, false) => "updated_at, id",
        (SortKey::TotalPrice, true) => "total_price DESC, id DESC",
        (SortKey::TotalPrice, false) => "total_price, id",
        (SortKey::CustomerName, true) => "customer_name DESC, id DESC",
        (SortKey::CustomerName, false) => "customer_name, id",
        (SortKey::ProductName, true) => "product_name DESC, id DESC",
        (SortKey::ProductName, false) => "product_name, id",
        (SortKey::OrderCode, true) => "order_code DESC, id DESC",
        (SortKey::OrderCode, false) => "order_code, id",
        (SortKey::Quantity, true) => "quantity DESC, id DESC",
        (SortKey::Quantity, false) => "quantity, id",
        (SortKey::StatusOrder, true) => "status_order DESC, id DESC",
        (SortKey::StatusOrder, false) => "status_order, id",
    }
}
