//! The page where the customer pays: [`page`] shows it, [`pay`] presses "Bayar".

mod page;
mod pay;

use actix_web::web;

/// Mounts the page and its button.
pub(crate) fn configure(app: &mut web::ServiceConfig) {
    app.route("/checkout/{id}", web::get().to(page::show))
        .route("/checkout/{id}/pay", web::post().to(pay::pay));
}
