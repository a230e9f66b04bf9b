//! Which web pages may call (`contract.md` section 3): listed origins only, named one by one.

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};

const ALLOW_METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
/// `ngrok-skip-browser-warning` is on every call of the public client.
const ALLOW_HEADERS: &str = "authorization, content-type, x-csrftoken, ngrok-skip-browser-warning, \
                             idempotency-key, if-match, x-request-id";
const EXPOSE_HEADERS: &str = "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, \
                              X-RateLimit-Window, RateLimit, RateLimit-Policy, Retry-After, \
                              Content-Disposition, ETag, X-Request-Id, Idempotent-Replayed";
const MAX_AGE_SECONDS: &str = "600";

/// The origins that may call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins(Vec<String>);

impl Origins {
    pub(crate) fn new(origins: impl IntoIterator<Item = String>) -> Origins {
        Origins(
            origins
                .into_iter()
                .map(|origin| origin.trim_end_matches('/').to_ascii_lowercase())
                .collect(),
        )
    }

    fn allows(&self, origin: &str) -> bool {
        self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin))
    }
}

fn origin(request: &HttpRequest) -> Option<&HeaderValue> {
    request.headers().get(header::ORIGIN)
}

/// Whether a browser says that a page of neither ours nor a listed origin makes this call.
pub(crate) fn is_foreign(origins: &Origins, request: &HttpRequest) -> bool {
    let Some(origin) = origin(request) else { return false };
    let Ok(origin) = origin.to_str() else { return true };
    !origins.allows(origin) && !is_own(origin, request)
}

/// Whether the page came from the very host it calls, such as the page at `/docs`.
fn is_own(origin: &str, request: &HttpRequest) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let of_origin = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    of_origin.is_some() && of_origin == host
}

/// The answer to a browser that asks before calling; outside limits and authentication.
pub(crate) fn preflight() -> HttpResponse {
    let mut answer = HttpResponse::build(StatusCode::NO_CONTENT);
    answer.insert_header((header::ALLOW, ALLOW_METHODS));
    answer.finish()
}

/// Adds what lets a listed page read this answer.
pub(crate) fn decorate(origins: &Origins, request: &HttpRequest, headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin(request) else { return };
    if !origin.to_str().is_ok_and(|origin| origins.allows(origin)) {
        return;
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    let yes = HeaderValue::from_static("true");
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
    if request.method() == Method::OPTIONS {
        let plain = HeaderValue::from_static;
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, plain(ALLOW_METHODS));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, plain(ALLOW_HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, plain(MAX_AGE_SECONDS));
    } else {
        let expose = HeaderValue::from_static(EXPOSE_HEADERS);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, expose);
    }
}
