//! What is answered over HTTP: the contract's rows 34-39, 43, 44, 46, 50-52 and 56, and what the
//! gateway's compositions ask under `/internal/v1`.

mod error;
mod express;
mod input;
mod internal;
mod invoices;
mod list;
mod payments;
mod regenerate;
mod returns;
mod shapes;
mod snapshot;
mod webhook;

use actix_web::web;
use utoipa::OpenApi as _;

pub(crate) use returns::FrontEnd;

/// Adds the routes; without a trailing slash, the server answers both forms.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.service(web::resource("/api/v1/invoice").get(invoices::list).post(invoices::create))
        .service(
            web::resource("/api/v1/invoice/{id}")
                .get(invoices::read)
                .put(invoices::replace)
                .patch(invoices::edit)
                .delete(invoices::remove),
        )
        .route(
            "/api/v1/admin/invoice/{id}/regenerate-payment-link",
            web::post().to(regenerate::regenerate),
        )
        .route("/api/v1/payment", web::get().to(payments::list))
        .route("/api/v1/payment/manual", web::post().to(payments::manual))
        .route("/api/v1/payment/success", web::get().to(returns::success))
        .route("/api/v1/payment/failed", web::get().to(returns::failed))
        .route("/api/v1/payment/{id}", web::get().to(payments::read))
        .route("/api/v1/webhook/xendit", web::post().to(webhook::xendit))
        .configure(internal::configure);
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Konveksi payment", description = "Invoices, payment links, payments."),
    paths(
        invoices::list,
        invoices::create,
        invoices::read,
        invoices::replace,
        invoices::edit,
        invoices::remove,
        regenerate::regenerate,
        payments::list,
        payments::manual,
        payments::read,
        returns::success,
        returns::failed,
        webhook::xendit,
    )
)]
struct Document;

/// This service's API, as the gateway's document includes it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
