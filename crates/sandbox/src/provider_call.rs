//! Every request to a provider's HTTP API goes through here: it is noted, then meets the
//! switches, then has its effect, and only then waits, so that a caller that dies meanwhile
//! leaves the effect behind, as at a real provider.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Map, Value};

use crate::requests::Arrival;
use crate::switches::{Api, SWITCHES_HEADER};
use crate::world::World;

/// A provider's way of saying that it is broken.
pub(crate) type FailureBody = fn(StatusCode) -> HttpResponse;

/// Answers one request to `api`; `act` is the effect and the answer when all is well.
pub(crate) async fn answer(
    world: &World,
    api: Api,
    call: (&HttpRequest, &[u8]),
    broken: FailureBody,
    act: impl FnOnce() -> HttpResponse,
) -> HttpResponse {
    let (request, body) = call;
    let in_flight = world.requests.begin(Arrival {
        api,
        method: request.method().to_string(),
        path: request.uri().to_string(),
        body: body_as_json(body),
        received_at: world.now(),
    });
    let turn = own_switches(request).and_then(|own| world.switches.turn(api, own.as_ref()));
    let turn = match turn {
        Ok(turn) => turn,
        Err(error) => return refuse_switches(&error),
    };
    let failure = turn.failure.map(|failure| {
        let status = failure.status.and_then(|status| StatusCode::from_u16(status).ok());
        (failure.after_effect, status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    });
    let response = match failure {
        Some((false, status)) => broken(status),
        Some((true, status)) => {
            drop(act());
            broken(status)
        }
        None => act(),
    };
    if turn.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(turn.delay_ms)).await;
    }
    in_flight.finish(response.status().as_u16());
    response
}

/// The switches the request brings for itself.
///
/// # Errors
/// When the header is no JSON.
pub(crate) fn own_switches(request: &HttpRequest) -> Result<Option<Value>, serde_json::Error> {
    let header = request.headers().get(SWITCHES_HEADER);
    header.map(|value| serde_json::from_slice(value.as_bytes())).transpose()
}

/// Says what is wrong with the switches a request or document brought.
pub(crate) fn refuse_switches(error: &serde_json::Error) -> HttpResponse {
    HttpResponse::BadRequest().json(serde_json::json!({
        "error_code": "SANDBOX_SWITCHES",
        "message": format!("the switches are not understood: {error}"),
    }))
}

/// A body as JSON: as it is, or a form's pairs as an object, or null.
pub(crate) fn body_as_json(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_not_json| {
        let pairs = url::form_urlencoded::parse(body);
        let fields: Map<String, Value> =
            pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into())).collect();
        Value::Object(fields)
    })
}
