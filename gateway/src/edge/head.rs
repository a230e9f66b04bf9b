//! Request heads: bounded, unambiguous, and stripped of what only we may say before anything is
//! sent on (`reliability.md` D "Headers", E23, E25, E26).

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use konveksi_web::Problem;

const MOST_FIELDS: usize = 64;
const MOST_BYTES: usize = 16 * 1024;
const LONGEST_URI: usize = 4 * 1024;
const LONGEST_COOKIE: usize = 4 * 1024;

/// Refuses heads that are too large or that two readers could read differently.
///
/// # Errors
/// A [`Problem`] with 400, 414, 415 or 431.
pub(crate) fn check(request: &HttpRequest) -> Result<(), Problem> {
    let headers = request.headers();
    let (mut fields, mut bytes, mut cookie_bytes) = (0_usize, 0_usize, 0_usize);
    for (name, value) in headers {
        fields += 1;
        bytes += name.as_str().len() + value.len() + 4;
        if *name == header::COOKIE {
            cookie_bytes += value.len();
        }
        if name.as_str().contains('_') {
            return Err(Problem::of_status(StatusCode::BAD_REQUEST));
        }
    }
    if fields > MOST_FIELDS || bytes > MOST_BYTES || cookie_bytes > LONGEST_COOKIE {
        return Err(Problem::of_status(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE));
    }
    let uri = request.uri().path_and_query().map_or(0, |uri| uri.as_str().len());
    if uri > LONGEST_URI {
        return Err(Problem::of_status(StatusCode::URI_TOO_LONG));
    }
    let twice = |name: header::HeaderName| headers.get_all(name).count() > 1;
    let both = headers.contains_key(header::CONTENT_LENGTH)
        && headers.contains_key(header::TRANSFER_ENCODING);
    if twice(header::HOST) || twice(header::CONTENT_LENGTH) || both {
        return Err(Problem::of_status(StatusCode::BAD_REQUEST));
    }
    match headers.get(header::CONTENT_ENCODING).map(header::HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(()),
        // A small packed body can unfold without bound.
        Some(_) => Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)),
    }
}

/// The name this request goes by in every log: the client's if it is harmless, else `fresh`.
pub(crate) fn request_id(headers: &HeaderMap, fresh: impl FnOnce() -> String) -> String {
    let sent = headers.get("x-request-id").and_then(|value| value.to_str().ok());
    let harmless = sent.filter(|id| {
        (8..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    harmless.map_or_else(fresh, str::to_owned)
}

/// Whether a request header may travel to a service. Credentials stay here: services are told who
/// calls by the signed statement alone.
pub(crate) fn travels(name: &str, connection: &[String]) -> bool {
    const OURS: &[&str] = &["x-kv-", "x-user-", "x-internal-", "x-forwarded-", "proxy-"];
    const DROPPED: &[&str] = &[
        "authorization",
        "connection",
        "content-length",
        "cookie",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "origin",
        "proxy",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-csrftoken",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-original-url",
        "x-real-ip",
        "x-request-id",
        "x-rewrite-url",
        "traceparent",
        "tracestate",
        "baggage",
        "accept-encoding",
        "content-encoding",
        "idempotency-key",
        "ngrok-skip-browser-warning",
    ];
    !OURS.iter().any(|prefix| name.starts_with(prefix))
        && !DROPPED.contains(&name)
        && !connection.iter().any(|named| named == name)
}

/// Whether a service's answer header may travel to the client.
pub(crate) fn returns(name: &str, connection: &[String]) -> bool {
    const DROPPED: &[&str] = &[
        "connection",
        "content-length",
        "date",
        "keep-alive",
        "proxy-authenticate",
        "server",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-powered-by",
        "x-request-id",
        "traceparent",
        "tracestate",
    ];
    let about_us = name.starts_with("x-kv-")
        || name.starts_with("access-control-")
        || name.starts_with("x-ratelimit-")
        || name.starts_with("ratelimit");
    !about_us && !DROPPED.contains(&name) && !connection.iter().any(|named| named == name)
}

/// The header names that `Connection` declares to be for this hop only.
pub(crate) fn connection_names<'a>(values: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    values
        .filter_map(|value| std::str::from_utf8(value).ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn forged_internal_and_hop_by_hop_headers_never_travel() {
        let named = connection_names(std::iter::once(b"close, X-Private".as_slice()));
        for name in [
            "connection",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "proxy",
            "x-kv-identity",
            "x-kv-deadline",
            "x-kv-public-url",
            "x-kv-express",
            "x-user-id",
            "x-user-role",
            "x-internal-call",
            "x-original-url",
            "x-rewrite-url",
            "x-http-method-override",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-real-ip",
            "authorization",
            "cookie",
            "x-csrftoken",
            "origin",
            "host",
            "x-private",
            "traceparent",
            "content-encoding",
        ] {
            assert!(!travels(name, &named), "{name}");
        }
        for name in ["content-type", "accept", "if-match", "range", "x-callback-token"] {
            assert!(travels(name, &named), "{name}");
        }
    }

    #[test]
    fn what_services_tell_the_gateway_stays_here() {
        for name in ["x-kv-express", "x-kv-public-url", "set-cookie", "server", "connection"] {
            assert!(!returns(name, &[]), "{name}");
        }
        for name in ["content-type", "content-disposition", "etag", "retry-after"] {
            assert!(returns(name, &[]), "{name}");
        }
    }

    #[test]
    fn only_harmless_request_ids_are_kept() {
        let id = |text: &str| {
            let request =
                TestRequest::default().insert_header(("x-request-id", text)).to_http_request();
            request_id(request.headers(), || "fresh-one".to_owned())
        };
        assert_eq!(id("shop-2025-0001"), "shop-2025-0001");
        for bad in ["short", "with space here", "a/../../etc/passwd", &"x".repeat(65)] {
            assert_eq!(id(bad), "fresh-one");
        }
    }

    #[test]
    fn large_and_ambiguous_heads_are_refused() {
        let status = |request: TestRequest| check(&request.to_http_request()).unwrap_err().status();
        let header = TestRequest::default().insert_header(("x-big", "x".repeat(17_000)));
        assert_eq!(status(header), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        let cookie = TestRequest::default().insert_header(("cookie", "x".repeat(5_000)));
        assert_eq!(status(cookie), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        let uri = TestRequest::with_uri(&format!("/?{}", "x".repeat(5_000)));
        assert_eq!(status(uri), StatusCode::URI_TOO_LONG);
        let packed = TestRequest::default().insert_header(("content-encoding", "gzip"));
        assert_eq!(status(packed), StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let hosts = TestRequest::default()
            .append_header(("host", "one.example"))
            .append_header(("host", "two.example"));
        assert_eq!(status(hosts), StatusCode::BAD_REQUEST);
        let underscore = TestRequest::default().insert_header(("x_user", "admin"));
        assert_eq!(status(underscore), StatusCode::BAD_REQUEST);
    }
}
