//! Headers every answer leaves with.

use actix_web::HttpRequest;
use actix_web::http::header::{
    self, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use konveksi_web::REQUEST_ID_HEADER;

use super::{Edge, cors};

/// An API answer is no page: nothing in it may load or run, and nobody may frame it.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
const ONE_YEAR: &str = "max-age=31536000";

/// Adds CORS, the request's name and what keeps browsers from misusing an answer. A header the
/// handler set itself (a page's own policy, a file's caching) stays.
pub(crate) fn decorate(
    edge: &Edge,
    request: &HttpRequest,
    request_id: &str,
    headers: &mut HeaderMap,
) {
    cors::decorate(&edge.origins, request, headers);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static(REQUEST_ID_HEADER), id);
    }
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    add(X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(REFERRER_POLICY, "no-referrer");
    add(CONTENT_SECURITY_POLICY, API_POLICY);
    add(CACHE_CONTROL, "no-store");
    if edge.cookies.secure {
        add(STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
    headers.remove(header::SERVER);
}
