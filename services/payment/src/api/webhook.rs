//! `POST /api/v1/webhook/xendit/` (contract row 56): the provider's callbacks. The token is looked
//! at before the body; the body is stored as it came and answered at once.

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use konveksi_web::{Caller, Problem};
use serde_json::json;

use crate::app::App;
use crate::app::accept_callback::accept_callback;

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
    let new = accept_callback(&app, token.unwrap_or_default(), &body).await?;
    let message = if new { "Callback diterima." } else { "Callback sudah pernah diterima." };
    Ok(HttpResponse::Ok().json(json!({ "status": "success", "message": message })))
}
