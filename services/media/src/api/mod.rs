//! What is answered over HTTP.

mod drafts;
mod error;
mod form;
mod proofs;
mod serve;
mod shape;
mod upload;

use actix_web::web;
use utoipa::OpenApi as _;

/// Adds the routes; without a trailing slash, the server answers both forms.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/internal/v1/drafts", web::post().to(drafts::create))
        .route("/internal/v1/proofs", web::post().to(proofs::create))
        .route("/internal/v1/proofs/{id}", web::get().to(proofs::read))
        .route("/api/v1/media/upload-design", web::post().to(upload::create))
        .route("/media/{path:.*}", web::get().to(serve::serve));
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Konveksi media", description = "Design files: taken, scanned, served."),
    paths(upload::create, serve::serve)
)]
struct Document;

/// This service's API, as the gateway's document includes it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
