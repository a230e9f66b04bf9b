//! Headers between the two worlds: actix speaks `http` 0.2, reqwest `http` 1; names and values
//! cross as bytes.

use actix_web::http::header as edge;
use actix_web::{HttpRequest, HttpResponseBuilder};
use reqwest::header as inner;

use crate::edge::head;

/// The client's headers that a service may see.
pub(super) fn inward(request: &HttpRequest) -> inner::HeaderMap {
    let connection = head::connection_names(
        request.headers().get_all(edge::CONNECTION).map(edge::HeaderValue::as_bytes),
    );
    let mut headers = inner::HeaderMap::new();
    for (name, value) in request.headers() {
        if !head::travels(name.as_str(), &connection) {
            continue;
        }
        let name = inner::HeaderName::from_bytes(name.as_str().as_bytes());
        let value = inner::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    headers
}

/// Adds a service's headers that the client may see.
pub(super) fn outward(headers: &inner::HeaderMap, answer: &mut HttpResponseBuilder) {
    let connection = head::connection_names(
        headers.get_all(inner::CONNECTION).iter().map(inner::HeaderValue::as_bytes),
    );
    for (name, value) in headers {
        if !head::returns(name.as_str(), &connection) {
            continue;
        }
        let name = edge::HeaderName::from_bytes(name.as_str().as_bytes());
        let value = edge::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            answer.append_header((name, value));
        }
    }
}
