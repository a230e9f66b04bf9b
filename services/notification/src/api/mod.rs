//! HTTP in: routes and wire shapes. Handlers extract, call a use case, and shape its answer.

mod document;
mod email_blast;
mod error;
mod events;
mod history;
mod paging;
mod sends;
mod templates;
mod values;

use std::sync::Arc;

use actix_web::web;
use konveksi_eventing::Messaging;

use crate::app::App;

pub use document::openapi;

/// What handlers need.
#[derive(Clone)]
pub(crate) struct State {
    /// The use cases.
    pub(crate) app: Arc<App>,
    /// Express delivery.
    pub(crate) messaging: Messaging,
}

/// Mounts every route. Paths stand without a trailing slash; both forms are answered.
pub(crate) fn configure(routes: &mut web::ServiceConfig, state: &State) {
    routes
        .app_data(web::Data::from(state.app.clone()))
        .app_data(web::Data::new(state.messaging.clone()))
        .route("/api/v1/admin/templates", web::get().to(templates::list_bare))
        .route("/api/v1/admin/templates/{id}", web::get().to(templates::detail))
        .route("/api/v1/admin/template-types", web::get().to(templates::types))
        .route("/api/v1/admin/notification-templates", web::get().to(templates::list_paged))
        .route("/api/v1/admin/notifications/history", web::get().to(history::list))
        .route("/api/v1/email-blast", web::post().to(email_blast::send))
        .route("/internal/v1/sends", web::post().to(sends::send))
        .route("/internal/v1/events", web::post().to(events::accept));
}
