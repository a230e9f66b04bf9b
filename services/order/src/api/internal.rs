//! What only the gateway calls, for answers that need two services.

use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_eventing::{AcceptError, Envelope, Messaging};
use konveksi_identity::Permission;
use konveksi_kernel::OrderId;
use konveksi_web::{Caller, EXPRESS_HEADER, Json, Path, Problem, SystemCaller};
use serde::Deserialize;
use serde_json::json;

use super::caller::{acting, on_behalf, require};
use super::history_shape::AuditResponse;
use super::links::public_base;
use super::order_shape::{SnapshotResponse, WithSnapshotResponse};
use super::tracking_shape::PublicOrderResponse;
use crate::app::request_final_payment::request_final_payment;
use crate::app::{App, queries};

/// `GET /internal/v1/orders/by-code/{code}`: the masked order, for anyone who holds its code.
pub(super) async fn by_code(
    app: web::Data<App>,
    _caller: Caller,
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (order, history) = queries::get_order_by_code(&app, &code).await?;
    Ok(HttpResponse::Ok().json(PublicOrderResponse::of(&order, &history)))
}

/// `GET /internal/v1/orders/by-token/{token}`: the same, for anyone who holds its tracking link.
pub(super) async fn by_token(
    app: web::Data<App>,
    _caller: Caller,
    token: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (order, history) = queries::get_order_by_token(&app, &token).await?;
    Ok(HttpResponse::Ok().json(PublicOrderResponse::of(&order, &history)))
}

/// `GET /internal/v1/orders/{id}/snapshot`: the order as payment and notification take it.
pub(super) async fn snapshot(
    app: web::Data<App>,
    caller: Caller,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let order = queries::get_order(&app, *id).await?;
    Ok(HttpResponse::Ok().json(SnapshotResponse::from(&order)))
}

/// `POST /internal/v1/orders/{id}/final-payment`: row 32's part of this service.
pub(super) async fn final_payment(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersWrite)?;
    let acting = acting(&caller.0);
    let asked = on_behalf(&acting, request_final_payment(&app, *id, &acting)).await?;
    let answer = WithSnapshotResponse::of(&asked.whole, &public_base(&request));
    Ok(HttpResponse::Ok()
        .insert_header((EXPRESS_HEADER, Envelope::encode_all(&asked.told)))
        .json(answer.already(asked.already)))
}

/// `GET /internal/v1/orders/{id}/audit`: row 33's part of this service.
pub(super) async fn audit(
    app: web::Data<App>,
    caller: Caller,
    request: HttpRequest,
    id: Path<OrderId>,
) -> Result<HttpResponse, Problem> {
    require(&caller, Permission::OrdersRead)?;
    let (order, history) = queries::get_order_with_history(&app, *id).await?;
    let answer = AuditResponse::of(&order, &history, &public_base(&request));
    Ok(HttpResponse::Ok().json(answer))
}

/// Events that another service's answer carried.
#[derive(Debug, Deserialize)]
pub(super) struct ExpressRequest {
    /// As [`Envelope::encode_all`] packs them.
    events: String,
}

/// `POST /internal/v1/events`: applies events through the ordinary inbox (`settled.md` 5).
pub(super) async fn events(
    messaging: web::Data<Messaging>,
    _gateway: SystemCaller,
    Json(express): Json<ExpressRequest>,
) -> Result<HttpResponse, Problem> {
    let events = Envelope::decode_all(&express.events)
        .map_err(|error| Problem::field("events", error.to_string()))?;
    let accepted = messaging.accept(events).await.map_err(|error| match &error {
        AcceptError::Envelope(error) => Problem::field("events", error.to_string()),
        AcceptError::Db(_) => Problem::unavailable(&error),
    })?;
    Ok(HttpResponse::Ok().json(json!({
        "applied": accepted.applied,
        "duplicates": accepted.duplicates,
        "unknown": accepted.unknown,
        "failed": accepted.failed,
    })))
}
