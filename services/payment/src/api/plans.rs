//! `POST /api/v1/payment/create-plan/` (contract row 53) and `/api/v1/payment/plans/…`
//! (`settled.md` 33).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_idempotency::{Answer, RequestKey};
use konveksi_identity::Permission;
use konveksi_kernel::PlanId;
use konveksi_web::{Caller, FieldErrors, Json, Path, Problem, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::input::{self, actor, on_behalf_of};
use super::list::{self, ListResponse};
use super::plan_input::{PlanRequest, RescheduleRequest};
use super::plan_shape::PlanResponse;
use crate::app::App;
use crate::app::change_plan::{cancel_plan, reschedule, waive};
use crate::app::create_plan::{create_plan, replan};
use crate::app::plan_view::{PlanView, plan, plans};
use crate::app::requests::once;

/// Makes a payment plan for what an order still owes: an invoice with a link for each part.
#[utoipa::path(
    post, path = "/api/v1/payment/create-plan/", tag = "plans", request_body = PlanRequest,
    responses(
        (status = 201, body = PlanResponse),
        (status = 400, description = "VALIDATION_ERROR; PLAN_EXISTS, ORDER_CLOSED, NOTHING_LEFT"),
        (status = 404, description = "ORDER_NOT_FOUND")
    )
)]
pub(super) async fn create(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Json(body): Json<PlanRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let order = body.order_id.ok_or_else(|| Problem::field("order_id", "Wajib diisi."))?;
    let shape = body.shape()?;
    let by = actor(&caller.0).name;
    let work = once(&app, key.as_ref(), async |tx| {
        Ok(answer(&app, StatusCode::CREATED, &create_plan(&app, tx, order, (&shape, &by)).await?))
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// Which plans.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// From 1.
    page: Option<String>,
    /// 20 when absent, 100 at most.
    page_size: Option<String>,
    /// An order's id.
    order: Option<String>,
}

/// Plans, newest first.
#[utoipa::path(
    get, path = "/api/v1/payment/plans/", tag = "plans", params(ListQuery),
    responses((status = 200, body = ListResponse<PlanResponse>))
)]
pub(super) async fn list(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let page = list::page(query.page.as_deref(), query.page_size.as_deref())?;
    let mut errors = FieldErrors::new();
    let order = input::id(&mut errors, "order", query.order.as_deref());
    errors.into_result()?;
    let (found, count) = plans(&app, order, page).await?;
    let now = app.clock.now();
    let results: Vec<_> = found.iter().map(|view| PlanResponse::of(view, now)).collect();
    Ok(HttpResponse::Ok().json(list::wrap(&request, page, count, results)?))
}

/// One plan.
#[utoipa::path(
    get, path = "/api/v1/payment/plans/{id}/", tag = "plans", params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = PlanResponse),
        (status = 404, description = "PLAN_NOT_FOUND")
    )
)]
pub(super) async fn read(
    app: web::Data<App>,
    caller: Caller,
    id: Path<PlanId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsRead)?;
    let view = plan(&app, *id).await?;
    Ok(HttpResponse::Ok().json(PlanResponse::of(&view, app.clock.now())))
}

/// Moves the days of parts that are not paid.
#[utoipa::path(
    post, path = "/api/v1/payment/plans/{id}/reschedule/", tag = "plans",
    params(("id" = uuid::Uuid, Path)), request_body = RescheduleRequest,
    responses(
        (status = 200, body = PlanResponse),
        (status = 400, description = "VALIDATION_ERROR; PLAN_CLOSED, INSTALLMENT_SETTLED"),
        (status = 404, description = "PLAN_NOT_FOUND, INSTALLMENT_NOT_FOUND")
    )
)]
pub(super) async fn move_days(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<PlanId>,
    Json(body): Json<RescheduleRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let days = body.read()?;
    let work = once(&app, key.as_ref(), async |tx| {
        Ok(answer(&app, StatusCode::OK, &reschedule(&app, tx, *id, &days).await?))
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// A part that is no longer to be asked for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(as = PlanWaive)]
pub(super) struct WaiveRequest {
    /// The part, counted from 1.
    sequence: i32,
    /// Why, at most 200 characters.
    reason: String,
}

/// Stops asking for a part; the order's price stays.
#[utoipa::path(
    post, path = "/api/v1/payment/plans/{id}/waive/", tag = "plans",
    params(("id" = uuid::Uuid, Path)), request_body = WaiveRequest,
    responses(
        (status = 200, body = PlanResponse),
        (status = 400, description = "PLAN_CLOSED, INSTALLMENT_SETTLED"),
        (status = 404, description = "PLAN_NOT_FOUND, INSTALLMENT_NOT_FOUND")
    )
)]
pub(super) async fn forgive(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<PlanId>,
    Json(body): Json<WaiveRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let mut errors = FieldErrors::new();
    let reason = input::needed(&mut errors, "reason", &body.reason, 200);
    errors.into_result()?;
    let by = actor(&caller.0).name;
    let work = once(&app, key.as_ref(), async |tx| {
        let view = waive(&app, tx, *id, (body.sequence, &reason, &by)).await?;
        Ok(answer(&app, StatusCode::OK, &view))
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// Makes a new plan in this one's place, for what is left by now; paid parts stay as they are.
#[utoipa::path(
    post, path = "/api/v1/payment/plans/{id}/replan/", tag = "plans",
    params(("id" = uuid::Uuid, Path)), request_body = PlanRequest,
    responses(
        (status = 201, body = PlanResponse),
        (status = 400, description = "VALIDATION_ERROR; PLAN_CLOSED, ORDER_CLOSED, NOTHING_LEFT"),
        (status = 404, description = "PLAN_NOT_FOUND")
    )
)]
pub(super) async fn again(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<PlanId>,
    Json(body): Json<PlanRequest>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &body)?;
    let shape = body.shape()?;
    let by = actor(&caller.0).name;
    let work = once(&app, key.as_ref(), async |tx| {
        Ok(answer(&app, StatusCode::CREATED, &replan(&app, tx, *id, (&shape, &by)).await?))
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

/// Gives a plan up; what is open of it is no longer asked for.
#[utoipa::path(
    post, path = "/api/v1/payment/plans/{id}/cancel/", tag = "plans",
    params(("id" = uuid::Uuid, Path)),
    responses(
        (status = 200, body = PlanResponse),
        (status = 400, description = "PLAN_CLOSED"),
        (status = 404, description = "PLAN_NOT_FOUND")
    )
)]
pub(super) async fn cancel(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<PlanId>,
) -> Result<HttpResponse, Problem> {
    caller.require(Permission::PaymentsWrite)?;
    let key = RequestKey::read(&caller, &request, &json!(*id))?;
    let work = once(&app, key.as_ref(), async |tx| {
        Ok(answer(&app, StatusCode::OK, &cancel_plan(&app, tx, *id).await?))
    });
    Ok(on_behalf_of(&caller.0, work).await?.respond())
}

fn answer(app: &App, status: StatusCode, view: &PlanView) -> Answer {
    let body = json!(PlanResponse::of(view, app.clock.now()));
    Answer { status, body, customer_id: None }
}
