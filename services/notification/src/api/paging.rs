//! The list envelope of the contract: `{count, next, previous, results}`.

use actix_web::HttpRequest;
use konveksi_kernel::Page;
use konveksi_web::{PUBLIC_URL_HEADER, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListResponse<T> {
    /// How many there are in all.
    count: i64,
    /// The next page's URL, with the same filters.
    next: Option<String>,
    /// The previous page's URL, with the same filters.
    previous: Option<String>,
    /// This page.
    results: Vec<T>,
}

/// Reads the two query values of a page.
///
/// # Errors
/// 400 naming the value.
pub(crate) fn page(number: Option<&str>, size: Option<&str>) -> Result<Page, Problem> {
    Page::parse(number, size).map_err(|error| {
        let field = match error {
            konveksi_kernel::PageError::Number => "page",
            konveksi_kernel::PageError::Size => "page_size",
        };
        Problem::field(field, "Harus bilangan bulat mulai dari 1.")
    })
}

/// Puts a page in its envelope.
///
/// # Errors
/// 404 when the list has no such page.
pub(crate) fn envelope<T>(
    request: &HttpRequest,
    page: Page,
    count: i64,
    results: Vec<T>,
) -> Result<ListResponse<T>, Problem> {
    if !page.exists_in(count) {
        return Err(Problem::not_found(
            "PAGE_NOT_FOUND",
            "Halaman tidak ditemukan.",
            "page out of range",
        ));
    }
    let next = page.has_next(count).then(|| url_of(request, page.number().saturating_add(1)));
    let previous = (page.number() > 1).then(|| url_of(request, page.number() - 1));
    Ok(ListResponse { count, next, previous, results })
}

/// This request's public URL with another page.
fn url_of(request: &HttpRequest, number: u32) -> String {
    let public = request.headers().get(PUBLIC_URL_HEADER).and_then(|value| value.to_str().ok());
    let base = public.map_or_else(
        || {
            let connection = request.connection_info();
            format!("{}://{}", connection.scheme(), connection.host())
        },
        |url| url.trim_end_matches('/').to_owned(),
    );
    let path = request.path().trim_end_matches('/');
    let page = format!("page={number}");
    let query: Vec<&str> = request
        .query_string()
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with("page="))
        .chain([page.as_str()])
        .collect();
    format!("{base}{path}/?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn links_are_public_and_keep_the_filters() {
        let request = TestRequest::with_uri("/api/v1/list?status=sent&page=2&page_size=1")
            .insert_header((PUBLIC_URL_HEADER, "https://kaos.example"))
            .to_http_request();
        let page = page(Some("2"), Some("1")).unwrap();
        let list = envelope(&request, page, 3, vec![1]).unwrap();
        let link =
            |n| Some(format!("https://kaos.example/api/v1/list/?status=sent&page_size=1&page={n}"));
        assert_eq!(list.next, link(3));
        assert_eq!(list.previous, link(1));
    }

    #[test]
    fn a_page_beyond_the_end_is_not_found() {
        let request = TestRequest::with_uri("/api/v1/list?page=9").to_http_request();
        let problem =
            envelope::<u8>(&request, page(Some("9"), None).unwrap(), 3, vec![]).unwrap_err();
        assert_eq!(problem.status().as_u16(), 404);
        assert!(page(Some("0"), None).is_err());
    }
}
