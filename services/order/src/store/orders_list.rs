//! Pages of orders, and figures over everything a filter finds.

use chrono::Days;
use diesel::dsl::{count, count_star, sql, sum};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSelectStatement, FromClause};
use diesel::sql_types::Untyped;
use diesel_async::RunQueryDsl;
use konveksi_db::{Connection, DbError};
use konveksi_kernel::jakarta;
use rust_decimal::Decimal;

use super::orders::OrderRow;
use super::schema::orders;
use crate::domain::filter::{Filter, ListRequest, Ordering, Search, SortKey};
use crate::domain::order::Order;
use crate::domain::status::OrderStatus;
use crate::domain::summary::Summary;

/// A query over orders whose conditions are added one by one; `ST` is what it selects.
type Boxed<'a, ST> = BoxedSelectStatement<'a, ST, FromClause<orders::table>, Pg>;

/// One page of what the request finds.
pub(crate) async fn page(
    conn: &mut Connection,
    request: &ListRequest,
) -> Result<Vec<Order>, DbError> {
    let all = orders::table.select(OrderRow::as_select()).into_boxed();
    let rows: Vec<OrderRow> = sorted(narrowed(all, &request.filter), request.ordering)
        .limit(request.page.limit())
        .offset(request.page.offset())
        .load(conn)
        .await?;
    rows.into_iter().map(Order::try_from).collect()
}

/// Figures over everything the filter finds.
pub(crate) async fn summary(conn: &mut Connection, filter: &Filter) -> Result<Summary, DbError> {
    let settled = orders::status_order.eq(OrderStatus::PaidInFull.as_wire());
    let cancelled = orders::status_order.eq(OrderStatus::Cancelled.as_wire());
    let all = orders::table
        .select((
            count_star(),
            sum(orders::paid_amount),
            count(orders::id).aggregate_filter(settled),
            count(orders::id).aggregate_filter(cancelled),
        ))
        .into_boxed();
    let (count, paid, settled, cancelled): (i64, Option<Decimal>, i64, i64) =
        narrowed(all, filter).first(conn).await?;
    Ok(Summary { count, paid: paid.unwrap_or_default(), settled, cancelled })
}

/// Adds the filter's conditions.
fn narrowed<'a, ST: 'a>(query: Boxed<'a, ST>, filter: &Filter) -> Boxed<'a, ST> {
    let mut query = query.filter(orders::deleted_at.is_null());
    if !filter.status.is_empty() {
        let words: Vec<_> = filter.status.iter().map(|status| status.as_wire()).collect();
        query = query.filter(orders::status_order.eq_any(words));
    }
    if !filter.production_status.is_empty() {
        let words: Vec<_> =
            filter.production_status.iter().map(|status| status.as_wire()).collect();
        query = query.filter(orders::production_status.eq_any(words));
    }
    if !filter.payment_type.is_empty() {
        let words: Vec<_> = filter.payment_type.iter().map(|kind| kind.as_wire()).collect();
        query = query.filter(orders::payment_type.eq_any(words));
    }
    if let Some(day) = filter.date_from {
        query = query.filter(orders::created_at.ge(jakarta::day_start(day)));
    }
    if let Some(after) = filter.date_to.and_then(|day| day.checked_add_days(Days::new(1))) {
        query = query.filter(orders::created_at.lt(jakarta::day_start(after)));
    }
    if let Some(least) = filter.min_amount {
        query = query.filter(orders::total_price.ge(least.as_decimal()));
    }
    if let Some(most) = filter.max_amount {
        query = query.filter(orders::total_price.le(most.as_decimal()));
    }
    if let Some(name) = &filter.customer_name {
        query = query.filter(orders::customer_name.ilike(containing(name)));
    }
    if let Some(code) = &filter.order_code {
        query = query.filter(orders::order_code.eq(code.clone()));
    }
    if let Some(since) = filter.since {
        query = query.filter(orders::updated_at.gt(since));
    }
    match &filter.search {
        Some(search) => found_by(query, search),
        None => query,
    }
}

/// Name, product and contact by a part, code as a whole.
fn found_by<'a, ST: 'a>(query: Boxed<'a, ST>, search: &Search) -> Boxed<'a, ST> {
    let part = containing(&search.text);
    let words = orders::customer_name
        .ilike(part.clone())
        .or(orders::product_name.ilike(part.clone()))
        .or(orders::contact_information.ilike(part))
        .or(orders::order_code.eq(search.code.clone()));
    match (&search.contact, &search.phone_fragment) {
        (Some(contact), _) => {
            query.filter(words.or(orders::contact_normalised.eq(contact.clone())))
        }
        (None, Some(digits)) => {
            query.filter(words.or(orders::contact_normalised.like(containing(digits))))
        }
        (None, None) => query.filter(words),
    }
}

/// A LIKE pattern for text that contains `part`, in which nothing of `part` is a wildcard.
fn containing(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// Sorted by the key, equal rows by id. Each column is a type of its own, so the clauses are
/// written out.
fn sorted<'a, ST: 'a>(query: Boxed<'a, ST>, ordering: Ordering) -> Boxed<'a, ST> {
    query.order(sql::<Untyped>(match (ordering.key, ordering.descending) {
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
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_mean_themselves() {
        assert_eq!(containing("100%_\\"), "%100\\%\\_\\\\%");
    }
}
