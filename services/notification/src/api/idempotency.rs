//! The `Idempotency-Key` of a request, and answers that may be those of an earlier one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use konveksi_web::{Caller, Problem};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::app::{Outcome, RequestKey};

const MAX_KEY_BYTES: usize = 200;

/// The request's key, apart for each caller and route; `None` when it carries none.
///
/// # Errors
/// 400 when it is empty, too long or not plain text.
pub(super) fn key<T: Serialize>(
    caller: &Caller,
    request: &HttpRequest,
    body: &T,
) -> Result<Option<RequestKey>, Problem> {
    let Some(header) = request.headers().get("Idempotency-Key") else {
        return Ok(None);
    };
    let key = header.to_str().ok().filter(|key| (1..=MAX_KEY_BYTES).contains(&key.len()));
    let key =
        key.ok_or_else(|| Problem::field("Idempotency-Key", "Teks biasa, 1 sampai 200 karakter."))?;
    // What we read, not what was written: blanks and the order of fields make no other request.
    let read = serde_json::to_vec(body).map_err(|error| Problem::internal(&error))?;
    Ok(Some(RequestKey {
        key: format!("{} {} {key}", caller.0.sub, request.path()),
        hash: hex::encode(Sha256::digest(&read)),
    }))
}

/// The answer with its status; says so when it is that of an earlier request.
pub(super) fn respond(status: StatusCode, outcome: &Outcome) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    if outcome.replayed {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    response.json(&outcome.answer)
}
