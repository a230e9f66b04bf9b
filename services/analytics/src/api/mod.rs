//! What is answered over HTTP.

mod dashboard;
mod error;

use actix_web::web;
use utoipa::OpenApi as _;

/// Adds the routes; without a trailing slash, the server answers both forms.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/api/v1/admin/dashboard/stats", web::get().to(dashboard::stats));
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Konveksi analytics", description = "Figures built from events alone."),
    paths(dashboard::stats)
)]
struct Document;

/// This service's API, as the gateway's document includes it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
