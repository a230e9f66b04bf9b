//! A pure forward: the client's call to the service, the service's answer to the client.

use actix_web::HttpResponse;
use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use futures_util::TryStreamExt as _;
use reqwest::{Method, Response};

use super::upstreams::{own_fault, read_whole};
use super::{Service, headers};
use crate::edge::{Call, body};
use crate::error::{Stop, service_away};
use crate::routes::{Access, Verb};

/// Answers up to this size are read before the client gets any, so that a service that dies in
/// the middle becomes an honest 503.
const BUFFERED_ANSWER_BYTES: u64 = 256 * 1024;

/// Passes `call` on to `service`.
pub(crate) async fn forward(mut call: Call, service: Service) -> Result<HttpResponse, Stop> {
    let context = call.context();
    let path = match call.request.query_string() {
        "" => call.path.clone(),
        query => format!("{}?{query}", call.path),
    };
    let edge = call.edge.clone();
    let method = method(call.route.verb);
    let is_read = call.route.verb == Verb::Get;
    let request = edge
        .upstreams
        .request(service, method, &path, &context)
        .map_err(|error| own_fault(&error))?
        .headers(headers::inward(&call.request));
    let response = if is_read {
        edge.upstreams.send(service, request, &context, true).await?
    } else {
        // Read whole first, so that a slow client holds no service's connection.
        let body = body::whole(&mut call).await?;
        edge.upstreams.send(service, request.body(body), &context, false).await?
    };
    let may_refuse = call.route.access == Access::WebhookToken;
    if response.status() == reqwest::StatusCode::UNAUTHORIZED && !may_refuse {
        tracing::error!(service = service.name(), "the service did not believe us");
        return Err(service_away(service.name()).into());
    }
    if response.content_length().is_some_and(|length| length <= BUFFERED_ANSWER_BYTES) {
        let answer = read_whole(service, response, &context).await?;
        let status = StatusCode::from_u16(answer.status).map_err(|_code| bad_status(service))?;
        let mut out = HttpResponse::build(status);
        headers::outward(&answer.headers, &mut out);
        return Ok(out.body(answer.body));
    }
    streamed(service, response)
}

/// An answer of unknown or large size, passed on while it comes.
fn streamed(service: Service, response: Response) -> Result<HttpResponse, Stop> {
    let status =
        StatusCode::from_u16(response.status().as_u16()).map_err(|_code| bad_status(service))?;
    let mut out = HttpResponse::build(status);
    headers::outward(response.headers(), &mut out);
    let length = response.content_length();
    let parts = response.bytes_stream().map_err(actix_web::error::ErrorBadGateway);
    Ok(match length {
        Some(length) => out.body(SizedStream::new(length, parts)),
        None => out.streaming(parts),
    })
}

fn bad_status(service: Service) -> Stop {
    service_away(service.name()).into()
}

const fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Patch => Method::PATCH,
        Verb::Delete => Method::DELETE,
    }
}
