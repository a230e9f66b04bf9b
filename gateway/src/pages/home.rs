//! `/`: a small page for whoever opens the address in a browser.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType};

use crate::edge::Call;

/// The page carries its own style and loads nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; \
                      base-uri 'none'; form-action 'none'";

pub(crate) fn show(call: &Call) -> HttpResponse {
    let url = call.edge.public_url(&call.request);
    // The host is the caller's to write: only a plain one becomes part of a page.
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b":/.-[]".contains(&byte);
    let url = if url.bytes().all(plain) { url.as_str() } else { "" };
    HttpResponse::Ok()
        .content_type(ContentType::html())
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .body(include_str!("home.html").replace("{url}", url))
}
