//! Absolute links to the pages before and after, with the query as it came.

use actix_web::HttpRequest;
use konveksi_kernel::{Page, PageError};
use konveksi_web::{PUBLIC_URL_HEADER, Problem};
use url::form_urlencoded;

/// The base under which the public reaches us: what the gateway says, else this server itself.
pub(super) fn public_base(request: &HttpRequest) -> String {
    let told = request.headers().get(PUBLIC_URL_HEADER).and_then(|value| value.to_str().ok());
    told.map_or_else(
        || {
            let info = request.connection_info();
            format!("{}://{}", info.scheme(), info.host())
        },
        |base| base.trim_end_matches('/').to_owned(),
    )
}

/// A file's URL as the public can open it: paths get the public base.
pub(super) fn absolute(base: &str, url: &str) -> String {
    if url.starts_with('/') { format!("{base}{url}") } else { url.to_owned() }
}

/// The page a query asks for.
///
/// # Errors
/// 400 naming the value that is no whole number from 1.
pub(super) fn page(query: &[(String, String)]) -> Result<Page, Problem> {
    let value = |wanted: &str| {
        let found = query.iter().rev().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.as_str())
    };
    Page::parse(value("page"), value("page_size")).map_err(|error| {
        let field = match error {
            PageError::Number => "page",
            PageError::Size => "page_size",
        };
        Problem::field(field, "Harus bilangan bulat mulai dari 1.")
    })
}

/// The next page of one stage of the board.
pub(super) fn page_of_stage(request: &HttpRequest, stage: &str, page: Page) -> String {
    let path = request.path().trim_end_matches('/');
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("stage", stage);
    pairs.append_pair("page", &page.number().saturating_add(1).to_string());
    pairs.append_pair("page_size", &page.size().to_string());
    format!("{}{path}/?{}", public_base(request), pairs.finish())
}

/// The links to the page after and the page before, where those exist.
pub(super) fn around(
    request: &HttpRequest,
    query: &[(String, String)],
    page: Page,
    count: i64,
) -> (Option<String>, Option<String>) {
    let link = |number: u32| {
        let path = request.path().trim_end_matches('/');
        let mut pairs = form_urlencoded::Serializer::new(String::new());
        pairs.extend_pairs(query.iter().filter(|(name, _)| name != "page"));
        pairs.append_pair("page", &number.to_string());
        format!("{}{path}/?{}", public_base(request), pairs.finish())
    };
    let next = page.has_next(count).then(|| link(page.number().saturating_add(1)));
    let previous = (page.number() > 1).then(|| link(page.number() - 1));
    (next, previous)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn links_keep_the_filters_and_the_public_address() {
        let request = TestRequest::with_uri("/api/v1/order?search=a%26b&page=2")
            .insert_header((PUBLIC_URL_HEADER, "http://localhost:8000/"))
            .to_http_request();
        let query = [("search".to_owned(), "a&b".to_owned()), ("page".to_owned(), "2".to_owned())];
        let page = Page::parse(Some("2"), None).unwrap();
        let (next, previous) = around(&request, &query, page, 50);
        assert_eq!(next.unwrap(), "http://localhost:8000/api/v1/order/?search=a%26b&page=3");
        assert_eq!(previous.unwrap(), "http://localhost:8000/api/v1/order/?search=a%26b&page=1");
        assert_eq!(around(&request, &query, page, 40).0, None);
    }

    #[test]
    fn only_paths_get_the_base() {
        assert_eq!(absolute("http://x", "/media/a.png"), "http://x/media/a.png");
        assert_eq!(absolute("http://x", "https://cdn/a.png"), "https://cdn/a.png");
    }
}
