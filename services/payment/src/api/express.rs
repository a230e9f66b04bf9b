//! Answers that carry the events they committed, and the place where others' are taken
//! (`settled.md` 5).

use actix_web::{HttpResponse, web};
use konveksi_eventing::{AcceptError, Envelope, Messaging};
use konveksi_idempotency::Outcome;
use konveksi_web::{EXPRESS_HEADER, Json, Problem, SystemCaller};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// More than this is left to the broker: headers have limits.
const MOST_BYTES: usize = 16 * 1024;

/// `body` with `told` in its header.
pub(super) fn answer<T: Serialize>(
    mut response: actix_web::HttpResponseBuilder,
    body: &T,
    told: &[Envelope],
) -> HttpResponse {
    if !told.is_empty() {
        let packed = Envelope::encode_all(told);
        if packed.len() <= MOST_BYTES {
            response.insert_header((EXPRESS_HEADER, packed));
        }
    }
    response.json(body)
}

/// The answer to a request that may be one sent again, with `told` in its header.
pub(super) fn answer_once(outcome: &Outcome, told: &[Envelope]) -> HttpResponse {
    let mut response = HttpResponse::build(outcome.status);
    if outcome.replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    answer(response, &outcome.body, told)
}

/// Events another service has just committed, packed.
#[derive(Debug, Deserialize)]
pub(super) struct EventsRequest {
    events: String,
}

/// `POST /internal/v1/events`: applies them through the ordinary inbox.
pub(super) async fn accept(
    messaging: web::Data<Messaging>,
    _gateway: SystemCaller,
    Json(request): Json<EventsRequest>,
) -> Result<HttpResponse, Problem> {
    let events = Envelope::decode_all(&request.events).map_err(|_unreadable| unreadable())?;
    let accepted = messaging.accept(events).await.map_err(|error| match &error {
        AcceptError::Envelope(_) => unreadable(),
        AcceptError::Db(_) => Problem::unavailable(&error),
    })?;
    Ok(HttpResponse::Ok().json(json!({
        "applied": accepted.applied,
        "duplicates": accepted.duplicates,
        "failed": accepted.failed,
    })))
}

fn unreadable() -> Problem {
    Problem::field("events", "Bukan daftar peristiwa.")
}
