//! The version of an order as HTTP has it: an entity tag out, `If-Match` or `version` in.

use actix_web::HttpRequest;
use actix_web::http::header;

use super::body::Body;
use crate::app::Expected;

/// The largest version a caller can have seen.
const MOST: i64 = i64::MAX;

/// The header of an answer that shows an order of this version.
pub(super) fn tag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// What `If-Match` insists on. A tag that is none of ours matches no order, which is what its
/// sender must hear. A `W/` that a compressing proxy has added says nothing else.
pub(super) fn if_match(request: &HttpRequest) -> Expected {
    let mut tags = Vec::new();
    let mut said = false;
    for value in request.headers().get_all(header::IF_MATCH) {
        said = true;
        for tag in value.to_str().unwrap_or_default().split(',').map(str::trim) {
            if tag == "*" {
                return Expected::default();
            }
            let bare = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
            tags.extend(bare.parse::<i64>());
        }
    }
    if said { Expected::one_of(tags) } else { Expected::default() }
}

/// What header and body insist on together.
pub(super) fn expected(request: &HttpRequest, body: &mut Body) -> Expected {
    let version = body.number("version").and_then(|text| {
        let version =
            text.trim().parse::<i64>().ok().filter(|version| (1..=MOST).contains(version));
        body.keep("version", version.ok_or_else(|| "Harus bilangan bulat mulai dari 1.".to_owned()))
    });
    let body = version.map_or_else(Expected::default, |version| Expected::one_of(vec![version]));
    if_match(request).and(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn read(value: &'static str) -> Expected {
        let request = TestRequest::default().insert_header((header::IF_MATCH, value));
        if_match(&request.to_http_request())
    }

    #[test]
    fn tags_are_read_in_every_form() {
        assert_eq!(read("\"3\""), Expected::one_of(vec![3]));
        assert_eq!(read("W/\"3\", \"4\""), Expected::one_of(vec![3, 4]));
        assert_eq!(read("3"), Expected::one_of(vec![3]));
        assert_eq!(read("*"), Expected::default());
        assert_eq!(read("\"abc\""), Expected::one_of(Vec::new()));
        let none = TestRequest::default().to_http_request();
        assert_eq!(if_match(&none), Expected::default());
    }
}
