//! The payment provider's invoice API: [`create`], [`read`], [`expire`], [`refund`], behind [`auth`], with
//! its own error bodies ([`error`]).

mod auth;
mod create;
mod error;
mod expire;
mod read;
mod refund;

use actix_web::web;

/// Mounts the provider's paths, as its own clients spell them.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    for invoices in ["/v2/invoices", "/v2/invoices/"] {
        app.service(
            web::resource(invoices)
                .route(web::post().to(create::create))
                .route(web::get().to(read::list)),
        );
    }
    app.route("/v2/invoices/{id}", web::get().to(read::get))
        .route("/invoices/{id}/expire!", web::post().to(expire::expire))
        .service(
            web::resource("/refunds")
                .route(web::post().to(refund::create))
                .route(web::get().to(refund::list)),
        )
        .route("/refunds/{id}", web::get().to(refund::get));
}
