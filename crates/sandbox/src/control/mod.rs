//! What is not a provider's: the look inside and the levers, all under `/_...`, and health.
//!
//! Nobody is asked who they are: the sandbox listens on loopback and holds nothing real.

mod callbacks;
mod invoices;
mod messages;
mod messages_page;
mod refunds;
mod requests;
mod switches;

use actix_web::{HttpResponse, web};
use serde_json::json;

/// Mounts the levers.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/", web::get().to(messages_page::show))
        .route("/messages", web::get().to(messages_page::show))
        .service(
            web::resource("/_messages")
                .route(web::get().to(messages::list))
                .route(web::delete().to(messages::clear)),
        )
        .service(
            web::resource("/_switches")
                .route(web::get().to(switches::show))
                .route(web::put().to(switches::change))
                .route(web::delete().to(switches::reset)),
        )
        .service(
            web::resource("/_requests")
                .route(web::get().to(requests::list))
                .route(web::delete().to(requests::clear)),
        )
        .route("/_invoices", web::get().to(invoices::list))
        .route("/_invoices/{id}/expire", web::post().to(invoices::expire))
        .route("/_invoices/{id}/settle", web::post().to(invoices::settle))
        .route("/_invoices/{id}/choose", web::post().to(invoices::choose))
        .route("/_refunds", web::get().to(refunds::list))
        .route("/_refunds/{id}/succeed", web::post().to(refunds::succeed))
        .route("/_refunds/{id}/fail", web::post().to(refunds::fail))
        .route("/_callbacks", web::get().to(callbacks::list))
        .route("/_callbacks/release", web::post().to(callbacks::release))
        .route("/_callbacks/{id}/resend", web::post().to(callbacks::resend))
        .route("/internal/health/live", web::get().to(alive))
        .route("/internal/health/ready", web::get().to(alive));
}

async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "alive" }))
}
