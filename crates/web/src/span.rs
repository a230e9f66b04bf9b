//! One span a request, part of the caller's trace, without query values (they hold tokens and
//! names).

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use konveksi_telemetry::TraceContext;
use tracing::{Instrument as _, Span, field};

/// The header that names one request through all services and logs.
pub const REQUEST_ID_HEADER: &str = "x-request-id";

/// A span for `request`; `parent` continues the caller's trace.
pub fn request_span(request: &ServiceRequest, parent: Option<&TraceContext>) -> Span {
    let route = request.match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let request_id = header(request, REQUEST_ID_HEADER).unwrap_or_default();
    let span = tracing::info_span!(
        "request",
        otel.name = %format!("{} {route}", request.method()),
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = %request.method(),
        http.route = %route,
        http.response.status_code = field::Empty,
        request_id = %request_id,
    );
    if let Some(parent) = parent {
        parent.attach_to(&span);
    }
    span
}

fn header(request: &ServiceRequest, name: &str) -> Option<String> {
    request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// Runs the request inside its span and echoes the request id.
pub(crate) async fn trace<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let parent = TraceContext {
        traceparent: header(&request, "traceparent"),
        tracestate: header(&request, "tracestate"),
    };
    let span = request_span(&request, Some(&parent));
    let request_id = header(&request, REQUEST_ID_HEADER);
    let mut response = next.call(request).instrument(span.clone()).await?;
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(value) = request_id.and_then(|id| HeaderValue::from_str(&id).ok()) {
        response.headers_mut().insert(HeaderName::from_static(REQUEST_ID_HEADER), value);
    }
    Ok(response)
}
