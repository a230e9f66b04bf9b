//! Deleted orders: which there are, and how one comes back.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{DateTime, Utc};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, Path, Problem, Query};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{acting, on_behalf, require};
use super::links::{around, page, public_base};
use super::order_shape::{DetailResponse, OrderResponse};
use super::orders::shown;
use crate::app::restore_order::restore_order;
use crate::app::{App, queries};

/// An order that was deleted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeletedOrder)]
pub(super) struct DeletedResponse {
    #[serde(flatten)]
    order: OrderResponse,
    deleted_at: Option<DateTime<Utc>>,
    /// Who deleted it, such as `staff:7`.
    deleted_by: Option<String>,
}

/// One page of deleted orders.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeletedOrderList)]
pub(super) struct DeletedListResponse {
    count: i64,
    next: Option<String>,
    previous: Option<String>,
    /// The last deleted first.
    results: Vec<DeletedResponse>,
}

/// Lists deleted orders, so that one can be found and restored.
#[utoipa::path(get, path = "/api/v1/admin/orders/deleted/", operation_id = "listDeletedOrders", tag = "orders",
    params(("page" = Option<u32>, Query), ("page_size" = Option<u32>, Query)),
    responses((status = 200, body = DeletedListResponse), (status = 404, description = "no such page")))]
pub(super) async fn deleted(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let page = page(&query)?;
    let (found, count) = queries::list_deleted(&app, page).await?;
    let (next, previous) = around(&request, &query, page, count);
    let base = public_base(&request);
    let results = found
        .iter()
        .map(|(order, who)| DeletedResponse {
            order: OrderResponse::of(order, &base),
            deleted_at: order.deleted_at,
            deleted_by: who.clone(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(DeletedListResponse { count, next, previous, results }))
}

/// Restores a deleted order; one that is not deleted is answered as it is.
#[utoipa::path(post, path = "/api/v1/admin/orders/{id}/restore/", operation_id = "restoreOrder", tag = "orders",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = DetailResponse), (status = 404, description = "unknown order")))]
pub(super) async fn restore(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let acting = acting(&caller.0);
    let whole = on_behalf(&acting, restore_order(&app, *id, &acting)).await?;
    Ok(shown(&whole, &request))
}
