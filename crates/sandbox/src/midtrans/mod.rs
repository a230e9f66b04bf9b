//! Midtrans: Snap's payment pages and the Core API behind them. [`create`] makes a page,
//! [`transaction`] reads and ends a transaction, [`refund`] pays back, [`body`] is what both the
//! API and notifications say. Nothing is known of a transaction before its customer chose a way
//! to pay: until then the API answers 404, as the real one does.

mod auth;
mod body;
mod create;
mod refund;
mod transaction;

use actix_web::web;

pub(crate) use body::notification;

/// Mounts the provider's paths.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/snap/v1/transactions", web::post().to(create::create))
        .route("/v2/{id}/status", web::get().to(transaction::status))
        .route("/v2/{id}/expire", web::post().to(transaction::expire))
        .route("/v2/{id}/cancel", web::post().to(transaction::cancel))
        .route("/v2/{id}/refund", web::post().to(refund::refund))
        .route("/v2/{id}/refund/online/direct", web::post().to(refund::refund));
}
