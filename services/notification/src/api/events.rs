//! `POST /internal/v1/events`: express delivery of another service's events (`settled.md` 5).

use actix_web::{HttpResponse, web};
use konveksi_eventing::{AcceptError, Envelope, Messaging};
use konveksi_web::{Json, Problem, SystemCaller};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Events as another service's answer carried them.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EventsRequest {
    /// The value of the header `x-kv-express`.
    events: String,
}

/// What came of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsResponse {
    /// Events that had their effect now.
    applied: usize,
    /// Events that had had it before.
    duplicates: usize,
    /// Events nobody here hears.
    unknown: usize,
    /// Events that failed; the broker's copy tries again.
    failed: usize,
}

/// Applies events through the ordinary inbox.
#[utoipa::path(
    post,
    path = "/internal/v1/events",
    request_body = EventsRequest,
    responses((status = 200, body = EventsResponse), (status = 400), (status = 503))
)]
pub(crate) async fn accept(
    _caller: SystemCaller,
    messaging: web::Data<Messaging>,
    body: Json<EventsRequest>,
) -> Result<HttpResponse, Problem> {
    let unreadable = |error: &dyn std::error::Error| {
        Problem::bad_request(
            "EVENTS_UNREADABLE",
            "Data event tidak dapat dibaca.",
            error.to_string(),
        )
    };
    let events = Envelope::decode_all(&body.0.events).map_err(|error| unreadable(&error))?;
    let accepted = messaging.accept(events).await.map_err(|error| match &error {
        AcceptError::Envelope(_) => unreadable(&error),
        AcceptError::Db(_) => Problem::unavailable(&error),
    })?;
    Ok(HttpResponse::Ok().json(EventsResponse {
        applied: accepted.applied,
        duplicates: accepted.duplicates,
        unknown: accepted.unknown,
        failed: accepted.failed,
    }))
}
