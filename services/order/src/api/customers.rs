//! Customers (`settled.md` 33).

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_identity::Permission;
use konveksi_kernel::CustomerId;
use konveksi_web::{Caller, Json, Path, Problem, Query};
use serde_json::{Map, Value, json};

use super::body::Body;
use super::caller::{acting, on_behalf, require};
use super::customer_shape::{
    CustomerDetailResponse, CustomerListResponse, CustomerMerge, CustomerPatch, CustomerResponse,
};
use super::error::fields;
use super::links::{around, public_base};
use super::list::{asked, kept};
use super::order_shape::OrderResponse;
use crate::app::cached::{self, Cached};
use crate::app::{App, AppError, customers, queries};
use crate::domain::customer::CustomerDraft;
use crate::domain::customer_filter::{CustomerListRequest, RawCustomerFilter};
use crate::domain::filter::{ListRequest, RawFilter};

/// Orders shown beside a customer.
const RECENT_ORDERS: u32 = 10;

/// Lists customers.
#[utoipa::path(get, path = "/api/v1/admin/customers/", operation_id = "listCustomers", tag = "customers",
    params(("search" = Option<String>, Query, description = "name (typos, word order and accents aside), phone in any spelling, e-mail"),
    ("tag" = Option<String>, Query), ("ordering" = Option<String>, Query, description = "`created_at`, `-created_at`, `-updated_at`, `name` or `-name`; best matches first when absent"),
    ("page" = Option<u32>, Query), ("page_size" = Option<u32>, Query)),
    responses((status = 200, body = CustomerListResponse), (status = 400, description = "a filter that cannot be read, named"),
    (status = 404, description = "a page beyond the end")))]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let wish = CustomerListRequest::read(&raw(&query))
        .map_err(|complaints| Problem::validation(fields(complaints)))?;
    let asked = asked(&request, &query);
    let cached = Cached { thing: "customers", asked: &asked, lifetime: cached::CUSTOMERS };
    let (body, found) = cached::answer(&app, cached, async || {
        let (records, count) = customers::list_customers(&app, &wish).await?;
        let (next, previous) = around(&request, &query, wish.page, count);
        let results = records
            .iter()
            .map(|record| CustomerResponse::of(record, wish.matched_on(record)))
            .collect();
        let answer = CustomerListResponse { count, next, previous, results };
        serde_json::to_string(&answer).map_err(AppError::Unreadable)
    })
    .await?;
    Ok(kept(body, found))
}

/// One customer with totals and newest orders; a merged one names what it was merged into.
#[utoipa::path(get, path = "/api/v1/admin/customers/{id}/", operation_id = "getCustomer", tag = "customers",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = CustomerDetailResponse), (status = 404, description = "unknown customer")))]
pub(super) async fn get(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<CustomerId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let asked = asked(&request, &[]);
    let cached = Cached { thing: "customer", asked: &asked, lifetime: cached::CUSTOMERS };
    let (body, found) = cached::answer(&app, cached, async || {
        let detail = detail(&app, &request, *id).await?;
        serde_json::to_string(&detail).map_err(AppError::Unreadable)
    })
    .await?;
    Ok(kept(body, found))
}

/// Changes a customer; what is not sent stays, as with PATCH.
#[utoipa::path(put, path = "/api/v1/admin/customers/{id}/", operation_id = "replaceCustomer", tag = "customers",
    params(("id" = uuid::Uuid, Path)), request_body = CustomerPatch,
    responses((status = 200, body = CustomerResponse),
    (status = 400, description = "invalid fields, another customer's contact, or a merged record"),
    (status = 404, description = "unknown customer")))]
pub(super) async fn replace(
    app: web::Data<App>,
    caller: Caller,
    id: Path<CustomerId>,
    body: Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    update(app, caller, id, body).await
}

/// Changes a customer; what is not sent stays.
#[utoipa::path(patch, path = "/api/v1/admin/customers/{id}/", operation_id = "updateCustomer", tag = "customers",
    params(("id" = uuid::Uuid, Path)), request_body = CustomerPatch,
    responses((status = 200, body = CustomerResponse),
    (status = 400, description = "invalid fields, another customer's contact, or a merged record"),
    (status = 404, description = "unknown customer")))]
pub(super) async fn update(
    app: web::Data<App>,
    caller: Caller,
    id: Path<CustomerId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let draft = draft(Body::new(body))?;
    let acting = acting(&caller.0);
    let record = on_behalf(&acting, customers::edit_customer(&app, *id, &draft)).await?;
    Ok(HttpResponse::Ok().json(CustomerResponse::of(&record, None)))
}

/// Makes this customer part of another, which stays and is answered.
#[utoipa::path(post, path = "/api/v1/admin/customers/{id}/merge/", operation_id = "mergeCustomer", tag = "customers",
    params(("id" = uuid::Uuid, Path, description = "the customer that becomes part of `into`")), request_body = CustomerMerge,
    responses((status = 200, body = CustomerResponse, description = "the customer that stays"),
    (status = 400, description = "`into` is missing, is itself, or one of them was merged into a third"),
    (status = 404, description = "unknown customer")))]
pub(super) async fn merge(
    app: web::Data<App>,
    caller: Caller,
    id: Path<CustomerId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let mut body = Body::new(body);
    let into = body.text("into").ok_or_else(|| "Wajib diisi.".to_owned()).and_then(|text| {
        text.trim().parse::<CustomerId>().map_err(|_not_an_id| "Bukan id pelanggan.".to_owned())
    });
    let into = body.keep("into", into);
    body.finish()?;
    let Some(into) = into else {
        return Err(Problem::field("into", "Wajib diisi."));
    };
    let acting = acting(&caller.0);
    let record = on_behalf(&acting, customers::merge_customers(&app, *id, into)).await?;
    Ok(HttpResponse::Ok().json(CustomerResponse::of(&record, None)))
}

async fn detail(
    app: &App,
    request: &HttpRequest,
    id: CustomerId,
) -> Result<CustomerDetailResponse, AppError> {
    let record = customers::get_customer(app, id).await?;
    let theirs = RawFilter {
        customer_id: Some(id.to_string()),
        page_size: Some(RECENT_ORDERS.to_string()),
        ..RawFilter::default()
    };
    let theirs = ListRequest::read(&theirs, &[]).map_err(AppError::Fields)?;
    let (orders, _summary) = queries::list_orders(app, &theirs).await?;
    let base = public_base(request);
    Ok(CustomerDetailResponse {
        customer: CustomerResponse::of(&record, None),
        recent_orders: orders.iter().map(|order| json!(OrderResponse::of(order, &base))).collect(),
        orders_url: format!("{base}/api/v1/admin/orders/?customer_id={id}"),
    })
}

fn draft(mut body: Body) -> Result<CustomerDraft, Problem> {
    let draft = CustomerDraft {
        name: body.text("name"),
        phone: body.clearable_text("phone"),
        email: body.clearable_text("email"),
        tags: body.texts("tags"),
        notes: body.clearable_text("notes"),
    };
    body.finish()?;
    Ok(draft)
}

/// Gathers the query's values; of a value said twice the last one counts.
fn raw(query: &[(String, String)]) -> RawCustomerFilter {
    let value = |wanted: &str| {
        let found = query.iter().rev().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    RawCustomerFilter {
        search: value("search"),
        tag: value("tag"),
        ordering: value("ordering"),
        page: value("page"),
        page_size: value("page_size"),
    }
}
