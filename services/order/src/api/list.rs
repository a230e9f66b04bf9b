//! The list of orders (`contract.md` 6.2 A).

use actix_web::http::header::ContentType;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_cache::Found;
use konveksi_identity::Permission;
use konveksi_web::{Caller, Problem, Query};
use serde::Serialize;
use serde_json::{Map, Value, json};
use url::form_urlencoded;
use utoipa::{IntoParams, ToSchema};

use super::caller::require;
use super::error::fields;
use super::links::{around, public_base};
use super::order_shape::{FIELDS, OrderResponse};
use crate::app::cached::{self, Cached};
use crate::app::{App, AppError, queries};
use crate::domain::filter::{ListRequest, RawFilter};
use crate::domain::order::Order;
use crate::domain::summary::Summary;

/// Where an answer came from: `hit`, `shared` or `miss`. For whoever measures.
const FOUND_HEADER: &str = "x-kv-cache";
/// The key a search adds to each order.
const MATCHED_ON: &str = "matched_on";

/// One page of orders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderList)]
pub(super) struct OrderListResponse {
    /// Orders the filters find.
    count: i64,
    /// The page after; null on the last.
    next: Option<String>,
    /// The page before; null on the first.
    previous: Option<String>,
    /// The filters in force, as they were written.
    #[schema(value_type = Object)]
    filters_applied: Map<String, Value>,
    summary: SummaryResponse,
    /// The orders; with `fields=` only those keys of them. A search adds `matched_on`: the fields
    /// that were met, the one the order is ranked by first.
    #[schema(value_type = Vec<OrderResponse>)]
    results: Vec<Value>,
}

/// Figures over everything the filters find.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderListSummary)]
struct SummaryResponse {
    /// Rupiah paid.
    #[schema(example = "125000000.00")]
    total_revenue: String,
    /// Rupiah paid for one order on average.
    #[schema(example = "833333.33")]
    avg_order_value: String,
    /// Settled orders in per cent of those not cancelled, one decimal.
    #[schema(example = 85.5)]
    completion_rate: f64,
}

impl From<&Summary> for SummaryResponse {
    fn from(summary: &Summary) -> SummaryResponse {
        SummaryResponse {
            total_revenue: summary.total_revenue(),
            avg_order_value: summary.average_value(),
            completion_rate: summary.completion_rate(),
        }
    }
}

/// What a list can be asked for. For the API's document: values are read one by one.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes")]
pub(super) struct ListQuery {
    /// One box over name (typos, word order and accents aside), code, product and contact in any
    /// spelling. The best matches come first unless `ordering` is given.
    search: Option<String>,
    /// Order states, separated by commas.
    status: Option<String>,
    /// Production states, separated by commas.
    production_status: Option<String>,
    /// `dp` or `full`.
    payment_type: Option<String>,
    /// First day of creation in Jakarta, `YYYY-MM-DD`.
    date_from: Option<String>,
    /// Last day of creation in Jakarta, inclusive.
    date_to: Option<String>,
    /// Least total in rupiah.
    min_amount: Option<String>,
    /// Greatest total in rupiah.
    max_amount: Option<String>,
    /// Part of the customer's name.
    customer_name: Option<String>,
    /// Exact code.
    order_code: Option<String>,
    /// One customer's orders.
    customer_id: Option<uuid::Uuid>,
    /// Changed after this instant, RFC 3339.
    since: Option<String>,
    /// `created_at`, `updated_at`, `total_price`, `customer_name`, `product_name`, `order_code`,
    /// `quantity` or `status_order`; with `-` before it the other way round.
    ordering: Option<String>,
    /// Keys of an order, separated by commas.
    fields: Option<String>,
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
}

/// Lists orders.
#[utoipa::path(get, path = "/api/v1/order/", operation_id = "listOrders", tag = "orders", params(ListQuery),
    responses((status = 200, body = OrderListResponse),
    (status = 400, description = "a filter that cannot be read, named"),
    (status = 404, description = "a page beyond the end")))]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let known: Vec<&str> = FIELDS.into_iter().chain([MATCHED_ON]).collect();
    let wish = ListRequest::read(&raw(&query), &known)
        .map_err(|complaints| Problem::validation(fields(complaints)))?;
    let asked = asked(&request, &query);
    let cached = Cached { thing: "order_list", asked: &asked, lifetime: cached::ORDERS };
    let (body, found) = cached::answer(&app, cached, async || {
        let (orders, summary) = queries::list_orders(&app, &wish).await?;
        let base = public_base(&request);
        let (next, previous) = around(&request, &query, wish.page, summary.count);
        let applied = wish.applied.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        let answer = OrderListResponse {
            count: summary.count,
            next,
            previous,
            filters_applied: applied.collect(),
            summary: (&summary).into(),
            results: orders.iter().map(|order| row(order, &base, &wish)).collect(),
        };
        serde_json::to_string(&answer).map_err(AppError::Unreadable)
    })
    .await?;
    Ok(kept(body, found))
}

/// What a list's answer depends on besides the data: path, public address and query.
pub(super) fn asked(request: &HttpRequest, query: &[(String, String)]) -> String {
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(query);
    let path = request.path().trim_end_matches('/');
    format!("{} {path} {}", public_base(request), pairs.finish())
}

/// An answer that was kept, or may be.
pub(super) fn kept(body: String, found: Found) -> HttpResponse {
    let found = match found {
        Found::Cached => "hit",
        Found::Shared => "shared",
        Found::Computed => "miss",
    };
    HttpResponse::Ok()
        .content_type(ContentType::json())
        .insert_header((FOUND_HEADER, found))
        .body(body)
}

/// An order, cut to the fields that were asked for.
fn row(order: &Order, base: &str, wish: &ListRequest) -> Value {
    let mut row = json!(OrderResponse::of(order, base));
    let Some(keys) = row.as_object_mut() else { return row };
    if let Some(search) = &wish.filter.search {
        let met = search.matched_on(order).into_iter().map(|field| json!(field.as_wire()));
        keys.insert(MATCHED_ON.to_owned(), met.collect());
    }
    if !wish.fields.is_empty() {
        keys.retain(|key, _| wish.fields.iter().any(|name| name == key));
    }
    row
}

/// Gathers the query's values. A state said twice means either of them; of anything else the last
/// one counts.
fn raw(query: &[(String, String)]) -> RawFilter {
    let mut raw = RawFilter::default();
    for (name, value) in query {
        let (slot, several) = match name.as_str() {
            "search" => (&mut raw.search, false),
            "status" => (&mut raw.status, true),
            "production_status" => (&mut raw.production_status, true),
            "payment_type" => (&mut raw.payment_type, true),
            "date_from" => (&mut raw.date_from, false),
            "date_to" => (&mut raw.date_to, false),
            "min_amount" => (&mut raw.min_amount, false),
            "max_amount" => (&mut raw.max_amount, false),
            "customer_name" => (&mut raw.customer_name, false),
            "order_code" => (&mut raw.order_code, false),
            "customer_id" => (&mut raw.customer_id, false),
            "since" => (&mut raw.since, false),
            "ordering" => (&mut raw.ordering, false),
            "fields" => (&mut raw.fields, true),
            "page" => (&mut raw.page, false),
            "page_size" => (&mut raw.page_size, false),
            _ => continue,
        };
        match slot {
            Some(before) if several => {
                before.push(',');
                before.push_str(value);
            }
            slot => *slot = Some(value.clone()),
        }
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_said_twice_means_either() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let raw = raw(&[
            pair("status", "lunas"),
            pair("status", "dp_dibayar"),
            pair("page", "1"),
            pair("page", "2"),
            pair("unknown", "x"),
        ]);
        assert_eq!(raw.status.as_deref(), Some("lunas,dp_dibayar"));
        assert_eq!(raw.page.as_deref(), Some("2"));
    }
}
