//! What is answered over HTTP.

mod error;
mod events;
mod paged;

use actix_web::web;
use utoipa::OpenApi as _;

/// Adds the routes; without a trailing slash, the server answers both forms.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route(events::PATH.trim_end_matches('/'), web::get().to(events::list));
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Konveksi automation", description = "The log of what happened."),
    paths(events::list)
)]
struct Document;

/// This service's API, as the gateway's document includes it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
