//! How one order is made: its stages, what came out of them, and what is planned.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::{OrderId, jakarta};
use konveksi_web::{Caller, Json, Path, Problem, Query};
use serde_json::{Map, Value, json};

use super::body::Body;
use super::caller::{acting, on_behalf, require};
use super::etag;
use super::links::{around, page};
use super::production_body::{self, PlanInput, ReportInput, ReworkInput};
use super::production_shape::{ProductionResponse, ReportListResponse, ReportResponse};
use crate::app::plan_production::plan_production;
use crate::app::report_pieces::report_pieces;
use crate::app::requests::once;
use crate::app::send_back::send_back;
use crate::app::{App, Made, queries};

/// How far an order is made.
#[utoipa::path(get, path = "/api/v1/admin/orders/{id}/production/", operation_id = "getOrderProduction", tag = "production",
    params(("id" = uuid::Uuid, Path)),
    responses((status = 200, body = ProductionResponse), (status = 404, description = "unknown order")))]
pub(super) async fn get(
    app: web::Data<App>,
    caller: Caller,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let made = queries::get_made(&app, *id).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(made.order.version)).json(shape(&app, &made)))
}

/// Reports pieces of one stage: good ones and rejects, by size. All of it or nothing.
#[utoipa::path(post, path = "/api/v1/admin/orders/{id}/production/reports/", operation_id = "reportProduction", tag = "production",
    params(("id" = uuid::Uuid, Path)), request_body = ReportInput,
    responses((status = 201, body = ProductionResponse),
    (status = 400, description = "invalid fields, or more pieces than reached the stage"),
    (status = 404, description = "unknown order")))]
pub(super) async fn report(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::ProductionWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let report = production_body::report(Body::new(body))?;
    let acting = acting(&caller.0);
    let reporting = once(&app, key.as_ref(), async |tx| {
        let made = report_pieces(&app, tx, *id, &report, &acting).await?;
        Ok(created(&app, &made))
    });
    Ok(on_behalf(&acting, reporting).await?.respond())
}

/// Sends rejects back to a stage, which makes them again.
#[utoipa::path(post, path = "/api/v1/admin/orders/{id}/production/rework/", operation_id = "reworkProduction", tag = "production",
    params(("id" = uuid::Uuid, Path)), request_body = ReworkInput,
    responses((status = 201, body = ProductionResponse),
    (status = 400, description = "invalid fields, or more than lie there"),
    (status = 404, description = "unknown order")))]
pub(super) async fn rework(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::ProductionWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let back = production_body::rework(Body::new(body))?;
    let acting = acting(&caller.0);
    let sending = once(&app, key.as_ref(), async |tx| {
        let made = send_back(&app, tx, *id, &back, &acting).await?;
        Ok(created(&app, &made))
    });
    Ok(on_behalf(&acting, sending).await?.respond())
}

/// Plans an order: its stages, their days, the promised day. Once pieces were counted only days.
#[utoipa::path(put, path = "/api/v1/admin/orders/{id}/production/plan/", operation_id = "planProduction", tag = "production",
    params(("id" = uuid::Uuid, Path)), request_body = PlanInput,
    responses((status = 200, body = ProductionResponse), (status = 400, description = "invalid fields"),
    (status = 404, description = "unknown order"),
    (status = 412, description = "the order has another version than the caller saw")))]
pub(super) async fn plan(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Json(body): Json<Map<String, Value>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let plan = production_body::plan(Body::new(body), &request)?;
    let acting = acting(&caller.0);
    let made = on_behalf(&acting, plan_production(&app, *id, plan, &acting)).await?;
    Ok(HttpResponse::Ok().insert_header(etag::tag(made.order.version)).json(shape(&app, &made)))
}

/// Lists what the floor reported of an order, newest first.
#[utoipa::path(get, path = "/api/v1/admin/orders/{id}/production/reports/", operation_id = "listProductionReports", tag = "production",
    params(("id" = uuid::Uuid, Path), ("page" = Option<u32>, Query), ("page_size" = Option<u32>, Query)),
    responses((status = 200, body = ReportListResponse), (status = 404, description = "unknown order")))]
pub(super) async fn reports(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let page = page(&query)?;
    let (found, count) = queries::list_reports(&app, *id, page).await?;
    let (next, previous) = around(&request, &query, page, count);
    let results = found.iter().map(ReportResponse::from).collect();
    Ok(HttpResponse::Ok().json(ReportListResponse { count, next, previous, results }))
}

fn shape(app: &App, made: &Made) -> ProductionResponse {
    ProductionResponse::of(made, jakarta::day_of(app.clock.now()))
}

fn created(app: &App, made: &Made) -> Answer {
    let body = json!(shape(app, made));
    Answer { status: StatusCode::CREATED, body, customer_id: Some(made.order.customer_id) }
}
