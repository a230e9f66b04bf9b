//! `GET /api/v1/` (row 5): what the API offers. The public client only wants it to answer.

use actix_web::HttpResponse;
use serde_json::json;

use crate::edge::Call;

pub(crate) fn show(call: &Call) -> HttpResponse {
    let at = |path: &str| format!("{}/api/v1/{path}", call.edge.public_url(&call.request));
    HttpResponse::Ok().json(json!({
        "name": "Konveksi API",
        "version": env!("CARGO_PKG_VERSION"),
        "status": "ok",
        "endpoints": {
            "health": at("health/"),
            "login": at("auth/login/"),
            "order": at("order/"),
            "track_order": at("track-order/?order_code="),
            "products": at("produkpost/"),
            "documentation": format!("{}/docs/", call.edge.public_url(&call.request)),
        },
    }))
}
