//! The contract's envelope of lists: count, absolute links that keep the filters, results.

use actix_web::HttpRequest;
use konveksi_kernel::{Page, PageError};
use konveksi_web::{PUBLIC_URL_HEADER, Problem};
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ListResponse<T> {
    /// How many there are on all pages.
    count: i64,
    /// The next page; null on the last.
    next: Option<String>,
    /// The previous page; null on the first.
    previous: Option<String>,
    results: Vec<T>,
}

/// Reads `page` and `page_size`.
pub(super) fn page(number: Option<&str>, size: Option<&str>) -> Result<Page, Problem> {
    Page::parse(number, size).map_err(|error| match error {
        PageError::Number => Problem::field("page", "Harus bilangan bulat mulai dari 1."),
        PageError::Size => Problem::field("page_size", "Harus bilangan bulat mulai dari 1."),
    })
}

/// Wraps one page; a page past the end is 404.
pub(super) fn wrap<T>(
    request: &HttpRequest,
    page: Page,
    count: i64,
    results: Vec<T>,
) -> Result<ListResponse<T>, Problem> {
    if !page.exists_in(count) {
        return Err(Problem::not_found(
            "PAGE_NOT_FOUND",
            "Halaman tidak ditemukan.",
            "the page is past the end of the list",
        ));
    }
    let next = page.has_next(count).then(|| page.number() + 1);
    let previous = (page.number() > 1).then(|| page.number() - 1);
    Ok(ListResponse {
        count,
        next: next.and_then(|number| link(request, number)),
        previous: previous.and_then(|number| link(request, number)),
        results,
    })
}

/// The same list, another page.
fn link(request: &HttpRequest, number: u32) -> Option<String> {
    let base = request
        .headers()
        .get(PUBLIC_URL_HEADER)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("http://localhost:8000");
    let path = request.path().trim_end_matches('/');
    let mut url = Url::parse(&format!("{}{path}/", base.trim_end_matches('/'))).ok()?;
    let asked = Url::parse(&format!("http://list/?{}", request.query_string())).ok()?;
    {
        let mut pairs = url.query_pairs_mut();
        for (key, value) in asked.query_pairs().filter(|(key, _)| key != "page") {
            pairs.append_pair(&key, &value);
        }
        pairs.append_pair("page", &number.to_string());
    }
    Some(url.to_string())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn links_are_absolute_and_keep_the_filters() {
        let request = TestRequest::get()
            .uri("/api/v1/invoice?status=belum%20dibayar&page=2&page_size=1")
            .insert_header((PUBLIC_URL_HEADER, "https://shop.example"))
            .to_http_request();
        let page = Page::parse(Some("2"), Some("1")).unwrap();
        let wrapped = wrap(&request, page, 3, vec![()]).unwrap();
        assert_eq!(
            wrapped.next.unwrap(),
            "https://shop.example/api/v1/invoice/?status=belum+dibayar&page_size=1&page=3"
        );
        assert!(wrapped.previous.unwrap().ends_with("page=1"));
    }

    #[test]
    fn a_page_past_the_end_is_unknown() {
        let request = TestRequest::get().uri("/api/v1/invoice").to_http_request();
        let page = Page::parse(Some("2"), None).unwrap();
        assert_eq!(wrap::<()>(&request, page, 3, vec![]).unwrap_err().status(), 404);
    }
}
