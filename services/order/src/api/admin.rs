//! Staff's own paths to the same things (`contract.md` rows 27 to 30).

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, Json, Path, Problem, Query};
use serde_json::{Map, Value};

use super::caller::require;
use super::order_shape::{DetailResponse, OrderInput, OrderPatch, WithSnapshotResponse};
use super::{list as lists, orders};
use crate::app::App;

/// Places an order for a customer.
#[utoipa::path(post, path = "/api/v1/admin/create-order/", operation_id = "createOrderAsStaff", tag = "orders", request_body = OrderInput,
    responses((status = 201, body = WithSnapshotResponse), (status = 400, description = "invalid fields")))]
pub(super) async fn create(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    body: Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    orders::create(app, caller, request, body).await
}

/// Lists orders, as `GET /api/v1/order/`.
#[utoipa::path(get, path = "/api/v1/admin/orders/", operation_id = "listOrdersAsStaff", tag = "orders", params(lists::ListQuery),
    responses((status = 200, body = lists::OrderListResponse)))]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    query: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    lists::list(app, caller, request, query).await
}

/// Changes an order; what is not sent stays.
#[utoipa::path(put, path = "/api/v1/admin/orders/{id}/", operation_id = "replaceOrderAsStaff", tag = "orders", params(("id" = uuid::Uuid, Path)),
    request_body = OrderPatch, responses((status = 200, body = DetailResponse),
    (status = 412, description = "the order has another version than the caller saw")))]
pub(super) async fn replace(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    body: Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    orders::update(app, caller, request, id, body).await
}

/// Deletes an order.
#[utoipa::path(delete, path = "/api/v1/admin/orders/{id}/", operation_id = "deleteOrderAsStaff", tag = "orders", params(("id" = uuid::Uuid, Path)),
    responses((status = 204, description = "deleted")))]
pub(super) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    orders::delete(app, caller, request, id).await
}
