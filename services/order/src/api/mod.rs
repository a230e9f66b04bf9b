//! HTTP: extract, call a use case, shape the answer.
//!
//! Paths stand without a trailing slash; the server answers both forms.

mod admin;
mod board;
mod body;
mod bulk;
mod caller;
mod customer_shape;
mod customers;
mod error;
mod etag;
mod garment_body;
mod garment_shape;
mod history_shape;
mod internal;
mod links;
mod list;
mod notes;
mod openapi;
mod order_shape;
mod orders;
mod product_shape;
mod production;
mod production_body;
mod production_shape;
mod products;
mod restore;
mod tracking_shape;

pub use openapi::openapi;

use actix_web::web::{self, ServiceConfig};

/// Every route of this service.
pub(crate) fn configure(app: &mut ServiceConfig) {
    app.service(
        web::resource("/api/v1/produkpost")
            .route(web::get().to(products::list))
            .route(web::post().to(products::create)),
    )
    .service(
        web::resource("/api/v1/produkpost/{id}")
            .route(web::get().to(products::get))
            .route(web::put().to(products::replace))
            .route(web::patch().to(products::update))
            .route(web::delete().to(products::delete)),
    )
    .service(
        web::resource("/api/v1/order")
            .route(web::get().to(list::list))
            .route(web::post().to(orders::create)),
    )
    .service(
        web::resource("/api/v1/order/{id}")
            .route(web::get().to(orders::get))
            .route(web::put().to(orders::replace))
            .route(web::patch().to(orders::update))
            .route(web::delete().to(orders::delete)),
    )
    .configure(configure_admin)
    .configure(configure_customers)
    .configure(configure_production)
    .configure(configure_internal);
}

fn configure_admin(app: &mut ServiceConfig) {
    app.service(web::resource("/api/v1/admin/create-order").route(web::post().to(admin::create)))
        .service(web::resource("/api/v1/admin/orders").route(web::get().to(admin::list)))
        .service(
            web::resource("/api/v1/admin/orders/bulk-update").route(web::post().to(bulk::update)),
        )
        .service(
            web::resource("/api/v1/admin/orders/deleted").route(web::get().to(restore::deleted)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}")
                .route(web::put().to(admin::replace))
                .route(web::delete().to(admin::delete)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}/restore")
                .route(web::post().to(restore::restore)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}/notes")
                .route(web::get().to(notes::list))
                .route(web::post().to(notes::add)),
        );
}

fn configure_production(app: &mut ServiceConfig) {
    app.service(web::resource("/api/v1/admin/production/board").route(web::get().to(board::board)))
        .service(
            web::resource("/api/v1/admin/production/stages")
                .route(web::get().to(board::stages))
                .route(web::put().to(board::set_stages)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}/production")
                .route(web::get().to(production::get)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}/production/plan")
                .route(web::put().to(production::plan)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}/production/reports")
                .route(web::get().to(production::reports))
                .route(web::post().to(production::report)),
        )
        .service(
            web::resource("/api/v1/admin/orders/{id}/production/rework")
                .route(web::post().to(production::rework)),
        );
}

fn configure_customers(app: &mut ServiceConfig) {
    app.service(web::resource("/api/v1/admin/customers").route(web::get().to(customers::list)))
        .service(
            web::resource("/api/v1/admin/customers/{id}")
                .route(web::get().to(customers::get))
                .route(web::put().to(customers::replace))
                .route(web::patch().to(customers::update)),
        )
        .service(
            web::resource("/api/v1/admin/customers/{id}/merge")
                .route(web::post().to(customers::merge)),
        );
}

fn configure_internal(app: &mut ServiceConfig) {
    app.service(
        web::resource("/internal/v1/orders/by-code/{code}").route(web::get().to(internal::by_code)),
    )
    .service(
        web::resource("/internal/v1/orders/by-token/{token}")
            .route(web::get().to(internal::by_token)),
    )
    .service(
        web::resource("/internal/v1/orders/{id}/snapshot").route(web::get().to(internal::snapshot)),
    )
    .service(
        web::resource("/internal/v1/orders/{id}/final-payment")
            .route(web::post().to(internal::final_payment)),
    )
    .service(web::resource("/internal/v1/orders/{id}/audit").route(web::get().to(internal::audit)))
    .service(web::resource("/internal/v1/events").route(web::post().to(internal::events)));
}
