//! Request bodies, read while they come and cut at the route's limit (`reliability.md` E25).

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use konveksi_web::Problem;
use serde_json::Value;

use super::Call;
use crate::error::Stop;

/// The longest pause between two parts of a body.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The deepest JSON that is read here.
const DEEPEST_JSON: usize = 32;

/// Refuses a body that says itself that it is too large, before any of it is read.
///
/// # Errors
/// 413.
pub(crate) fn check_announced(request: &HttpRequest, limit: usize) -> Result<(), Problem> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    let too_large = announced.is_some_and(|text| text.parse::<usize>().is_ok_and(|n| n > limit));
    if too_large { Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE)) } else { Ok(()) }
}

/// What comes next of a body, if it comes soon.
///
/// # Errors
/// 408 when the client pauses too long.
pub(super) async fn soon<T>(next: impl Future<Output = T>) -> Result<T, Problem> {
    let waited = tokio::time::timeout(LONGEST_PAUSE, next).await;
    waited.map_err(|_elapsed| Problem::of_status(StatusCode::REQUEST_TIMEOUT))
}

/// The next part of a body. `None` at its end.
async fn next_part(payload: &mut web::Payload) -> Result<Option<Bytes>, Problem> {
    let next = soon(payload.next()).await?.transpose();
    next.map_err(|_broken| Problem::of_status(StatusCode::BAD_REQUEST))
}

/// The whole body, at most as large as the route allows.
///
/// # Errors
/// 413, 408 or 400.
pub(crate) async fn whole(call: &mut Call) -> Result<Bytes, Problem> {
    let limit = call.route.body_limit;
    let mut body = BytesMut::new();
    let Some(payload) = &mut call.payload else { return Ok(Bytes::new()) };
    while let Some(part) = next_part(payload).await? {
        if body.len() + part.len() > limit {
            return Err(Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE));
        }
        body.extend_from_slice(&part);
    }
    Ok(body.freeze())
}

/// The body as a JSON object; an empty body is an empty object.
///
/// # Errors
/// As [`whole`]; 415 for another content type, 400 for anything but a JSON object.
pub(crate) async fn json(call: &mut Call) -> Result<serde_json::Map<String, Value>, Stop> {
    let kind = content_type(&call.request);
    if !kind.is_empty() && !kind.contains("json") {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE).into());
    }
    Ok(object(&whole(call).await?)?)
}

/// The media type in lower case; empty when there is none.
pub(crate) fn content_type(request: &HttpRequest) -> String {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(str::to_ascii_lowercase)
        .unwrap_or_default()
}

fn object(bytes: &[u8]) -> Result<serde_json::Map<String, Value>, Problem> {
    if bytes.is_empty() {
        return Ok(serde_json::Map::new());
    }
    let malformed = |detail: String| {
        Problem::bad_request("MALFORMED_JSON", "Data yang dikirim bukan JSON yang benar.", detail)
    };
    if deeper_than(bytes, DEEPEST_JSON) {
        return Err(malformed(format!("JSON nested deeper than {DEEPEST_JSON}")));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Problem::field("body", "Isi permintaan harus berupa objek JSON.")),
        Err(error) => Err(malformed(format!(
            "malformed JSON at line {} column {}",
            error.line(),
            error.column()
        ))),
    }
}

/// Whether brackets outside of strings nest deeper than `limit`.
fn deeper_than(bytes: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in bytes {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => in_text = false,
            (false, b'"') => in_text = true,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            (true | false, _) => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_objects_are_read() {
        assert!(object(b"").unwrap().is_empty());
        assert_eq!(object(br#"{"a":1}"#).unwrap()["a"], 1);
        for bad in ["[", "{", "nul", "{\"a\":1}x", "\u{feff}{}", "[1]", "7", "NaN"] {
            assert_eq!(object(bad.as_bytes()).unwrap_err().status(), StatusCode::BAD_REQUEST);
        }
    }

    #[test]
    fn depth_counts_brackets_outside_of_text() {
        let deep = format!("{}{}", "[".repeat(33), "]".repeat(33));
        assert!(deeper_than(deep.as_bytes(), 32));
        assert!(!deeper_than(format!("\"{deep}\"").as_bytes(), 32));
        assert!(!deeper_than(b"[[],[],[],[]]", 2));
    }
}
