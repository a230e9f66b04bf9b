//! The OpenAPI document, made from the handlers.

use utoipa::OpenApi;

use super::{email_blast, events, history, sends, templates};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Konveksi notification",
        description = "Templates, sends and history of messages.",
    ),
    paths(
        templates::list_bare,
        templates::detail,
        templates::types,
        templates::list_paged,
        history::list,
        email_blast::send,
        sends::send,
        events::accept,
    )
)]
struct Document;

/// This service's HTTP interface as OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}
