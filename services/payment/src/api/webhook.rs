//! `POST /api/v1/webhook/xendit/` (contract row 56) and `/webhook/midtrans/`: the providers'
//! callbacks. Who sends is proved first, by a token or a signature; then the body is stored as it
//! came and answered at once.

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_web::{Caller, Problem};
use serde_json::json;

use crate::app::App;
use crate::app::accept_callback::{from_midtrans, from_xendit};

/// Where the provider sends our shared secret.
const TOKEN_HEADER: &str = "x-callback-token";

/// Takes a callback. Repeats are answered alike and change nothing.
#[utoipa::path(
    post, path = "/api/v1/webhook/xendit/", tag = "webhooks",
    params(("X-CALLBACK-TOKEN" = String, Header)),
    request_body(content = serde_json::Value, description = "the provider's invoice, or {event, data}"),
    responses(
        (status = 200, description = "{status: \"success\", message}"),
        (status = 400, description = "UNREADABLE_CALLBACK"),
        (status = 401, description = "INVALID_CALLBACK_TOKEN: nothing was stored")
    )
)]
pub(super) async fn xendit(
    app: web::Data<App>,
    _caller: Caller,
    request: HttpRequest,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let token = request.headers().get(TOKEN_HEADER).and_then(|value| value.to_str().ok());
    let new = from_xendit(&app, token.unwrap_or_default(), &body).await?;
    Ok(taken(new))
}

/// Takes a notification of Midtrans. Repeats are answered alike and change nothing.
#[utoipa::path(
    post, path = "/api/v1/webhook/midtrans/", tag = "webhooks",
    request_body(content = serde_json::Value, description = "the notification, with signature_key"),
    responses(
        (status = 200, description = "{status: \"success\", message}"),
        (status = 401, description = "INVALID_CALLBACK_TOKEN: nothing was stored")
    )
)]
pub(super) async fn midtrans(
    app: web::Data<App>,
    _caller: Caller,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    Ok(taken(from_midtrans(&app, &body).await?))
}

fn taken(new: bool) -> HttpResponse {
    let message = if new { "Callback diterima." } else { "Callback sudah pernah diterima." };
    HttpResponse::Ok().json(json!({ "status": "success", "message": message }))
}
